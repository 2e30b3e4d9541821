"""Major incidents, to read: a token of one customer reads what that customer reads, and no other's name (V-19)."""

from django.db.models import Prefetch, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers

from servicedesk.api.auth import actor_of
from servicedesk.api.v1.customers import Read
from tickets.models import MajorIncident, MajorUpdate


class UpdateOut(serializers.ModelSerializer):
    """News that was sent; `bodies` by language."""

    id = serializers.UUIDField(source="uuid", read_only=True)
    bodies = serializers.DictField(child=serializers.CharField(), read_only=True)

    class Meta:
        model = MajorUpdate
        fields = ["id", "phase", "bodies", "sent_at", "next_update_at"]
        read_only_fields = fields


class MajorOut(serializers.ModelSerializer):
    """One major incident. `title` is ours; for a token of one customer it is what customers read."""

    id = serializers.UUIDField(source="uuid", read_only=True)
    title = serializers.SerializerMethodField()
    public_titles = serializers.DictField(child=serializers.CharField(), read_only=True)
    updates = UpdateOut(source="sent", many=True, read_only=True)

    class Meta:
        model = MajorIncident
        fields = [
            "id", "number", "title", "public_titles", "state", "phase", "severity", "since", "declared_at",
            "next_update_at", "identified_at", "restored_at", "reviewed_at", "closed_at", "updates",
        ]  # fmt: skip
        read_only_fields = fields

    def get_title(self, incident: MajorIncident) -> str:
        """Return our own title only to those not bound to a customer."""
        bound = actor_of(self.context["request"]).organisation_ids is not None
        return incident.public_title("en") if bound else incident.title


@extend_schema(tags=["major-incidents"])
class MajorIncidents(Read):
    """Major incidents with the news that was sent."""

    serializer_class = MajorOut
    queryset = MajorIncident.objects.none()
    filters = {"state": "state", "number": "number"}
    scopes = {"read": "tickets:read", "write": "tickets:write"}

    def rows(self) -> QuerySet:
        """Return the visible incidents, each with the news the reader may know."""
        news = MajorUpdate.objects.filter(sent_at__isnull=False)
        bound = self.actor.organisation_ids
        if bound is not None:
            news = news.filter(organisation_ids__overlap=sorted(bound))
        rows = MajorIncident.objects.visible_to(self.actor)
        return rows.prefetch_related(Prefetch("updates", queryset=news, to_attr="sent"))
