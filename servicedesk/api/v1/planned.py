"""Planned work and problems over REST: read only (C-28, C-29). A token bound to a customer sees its own services of
windows it was told of, and no problem."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers

from catalogue.models import Service
from servicedesk.api.v1.customers import Read
from tickets.models import Maintenance, MaintenanceImpact, Problem

SCOPES = {"read": "tickets:read", "write": "tickets:write"}


class MaintenanceOut(serializers.ModelSerializer):
    """One window; `services` are the affected ones the reader may learn of."""

    id = serializers.UUIDField(source="uuid", read_only=True)
    services = serializers.SerializerMethodField()

    class Meta:
        model = Maintenance
        fields = ["id", "number", "kind", "state", "title", "words", "starts_at", "ends_at", "time_zone",
                  "down_minutes", "started_at", "ended_at", "outcome", "services"]  # fmt: skip
        read_only_fields = fields

    def get_services(self, window: Any) -> list[str]:
        """Return service IDs, ascending."""
        return [row.service.service_id for row in window.seen]


class ProblemOut(serializers.ModelSerializer):
    """One problem."""

    id = serializers.UUIDField(source="uuid", read_only=True)
    service = serializers.CharField(source="service.service_id", read_only=True)
    organisation = serializers.UUIDField(source="organisation.uuid", read_only=True)

    class Meta:
        model = Problem
        fields = ["id", "number", "state", "title", "service", "organisation", "by_rule", "root_cause", "known_error",
                  "workaround", "solution", "opened_at", "known_at", "solved_at", "closed_at"]  # fmt: skip
        read_only_fields = fields


@extend_schema(tags=["maintenances"])
class Maintenances(Read):
    """Planned work."""

    serializer_class = MaintenanceOut
    queryset = Maintenance.objects.none()
    scopes = SCOPES
    filters = {"state": "state", "starts_from": "starts_at__gte", "starts_before": "starts_at__lt"}

    def rows(self) -> QuerySet:
        """Return the visible windows."""
        seen = MaintenanceImpact.objects.filter(left_out=False, service__in=Service.objects.visible_to(self.actor))
        seen = seen.select_related("service").order_by("service__service_id")
        return Maintenance.objects.visible_to(self.actor).prefetch_related(Prefetch("impacts", seen, to_attr="seen"))


@extend_schema(tags=["problems"])
class Problems(Read):
    """Causes behind faults that come again."""

    serializer_class = ProblemOut
    queryset = Problem.objects.none()
    scopes = SCOPES
    filters = {"state": "state", "service": "service__service_id", "organisation": "organisation__uuid"}

    def rows(self) -> QuerySet:
        """Return the visible problems."""
        return Problem.objects.visible_to(self.actor).select_related("service", "organisation")
