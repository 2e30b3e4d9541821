"""Rosters with their layers, and who is on call at any moment, past or future (A-04)."""

from datetime import UTC, datetime
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from escalation.models import Roster, RosterLayer, RosterOverride
from escalation.rosters.read import alive
from escalation.rosters.schedule import on_at
from escalation.rosters.shapes import OVERRIDE
from ledger import clock
from ledger.errors import Refused
from servicedesk.api.base import DoorView
from servicedesk.api.v1.escalations import EngineRead
from servicedesk.api.v1.shapes import ById

HOW = ("base", "rotation", "override")
YEARS = range(2000, 2101)


class LayerOut(serializers.ModelSerializer):
    """One rotation, in force from `from_at` until `to_at` (null = until further notice)."""

    id = serializers.UUIDField(source="uuid", read_only=True)
    unit = serializers.CharField(help_text="hour, day or week", read_only=True)
    members = serializers.SerializerMethodField()

    class Meta:
        model = RosterLayer
        fields = [
            "id", "name", "position", "base", "time_zone", "unit", "length", "handoff", "starts_on", "members",
            "windows", "entitled_weekend", "from_at", "to_at",
        ]  # fmt: skip
        read_only_fields = fields

    def get_members(self, layer: RosterLayer) -> list[str]:
        """Ids of the people, in their order."""
        people = self.context.get("people") or {}
        return [str(people[pk]) for pk in layer.members if pk in people]


class OverrideOut(serializers.ModelSerializer):
    """One person above every layer."""

    id = serializers.UUIDField(source="uuid", read_only=True)
    person = ById(source="user", read_only=True)
    swap = serializers.BooleanField(source="swap_id", read_only=True)

    class Meta:
        model = RosterOverride
        fields = ["id", "person", "from_at", "to_at", "swap"]
        read_only_fields = fields

    def to_representation(self, instance: RosterOverride) -> dict[str, Any]:
        """Say whether it came of a swap, not of which."""
        return super().to_representation(instance) | {"swap": instance.swap_id is not None}


class RosterOut(serializers.ModelSerializer):
    """One roster. `place` is "everywhere", a region, or the id of a customer."""

    id = serializers.UUIDField(source="uuid", read_only=True)
    place = serializers.SerializerMethodField()
    deputy = ById(allow_null=True, read_only=True)
    layers = LayerOut(many=True, read_only=True)
    overrides = OverrideOut(many=True, read_only=True)

    class Meta:
        model = Roster
        fields = [
            "id", "name", "role", "place", "time_zone", "deputy", "most_hours", "least_rest", "created_at",
            "retired_at", "filled_until", "layers", "overrides",
        ]  # fmt: skip
        read_only_fields = fields

    def get_place(self, roster: Roster) -> str:
        """Return where it holds."""
        kind, _colon, value = roster.scope.partition(":")
        return {"global": "everywhere", "region": value}.get(kind, "customer")


@extend_schema(tags=["rosters"])
class Rosters(EngineRead):
    """Rosters of roles and teams; none for tokens bound to one organisation."""

    serializer_class = RosterOut
    queryset = Roster.objects.none()
    filters = {"role": "role"}

    def rows(self) -> QuerySet:
        """Return the visible rosters with layers and overrides that are not over."""
        at = clock.now()
        layers = RosterLayer.objects.filter(Q(to_at=None) | Q(to_at__gt=at))
        overrides = RosterOverride.objects.filter(to_at__gt=at, removed_at=None).select_related("user")
        rows = Roster.objects.visible_to(self.actor).select_related("deputy")
        return rows.prefetch_related(Prefetch("layers", layers), Prefetch("overrides", overrides))

    def get_serializer_context(self) -> dict[str, Any]:
        """With the ids of staff, for the members of layers."""
        people = dict(User.objects.filter(kind=User.Kind.STAFF).values_list("pk", "uuid"))
        return {**super().get_serializer_context(), "people": people}


class OnOut(serializers.Serializer):
    """Who answers on one roster: the first one, and everybody beside and behind them."""

    roster = serializers.UUIDField()
    name = serializers.CharField()
    role = serializers.CharField()
    person = serializers.UUIDField(allow_null=True)
    how = serializers.ChoiceField(choices=HOW, allow_null=True)
    swap = serializers.BooleanField()
    others = serializers.ListField(child=serializers.UUIDField())


class OnCallOut(serializers.Serializer):
    """Who is on call at `at`."""

    at = serializers.DateTimeField()
    rosters = OnOut(many=True)


class WhoIsOn(DoorView):
    """Who is on call at a moment."""

    scopes = {"read": "escalations:read", "write": "escalations:write"}
    parameters = frozenset({"at", "role"})

    @extend_schema(
        tags=["rosters"], responses=OnCallOut, operation_id="on_call_retrieve",
        parameters=[
            OpenApiParameter("at", OpenApiTypes.DATETIME, description="Any moment, past or future; now if left out"),
            OpenApiParameter("role", OpenApiTypes.STR, description="Only this role, or team:<id>"),
        ],
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """Return who answers on every visible roster."""
        at, role = _moment(request.query_params.get("at", "")), request.query_params.get("role", "")
        visible = set(Roster.objects.visible_to(self.actor).values_list("pk", flat=True))
        on = [(plan, on_at(plan, at)) for plan in alive(at) if plan.pk in visible and role in {"", plan.role}]
        people = {turn.user_id for _plan, turns in on for turn in turns}
        ids = dict(User.objects.filter(pk__in=people).values_list("pk", "uuid"))
        rows = [
            {
                "roster": plan.uuid, "name": plan.name, "role": plan.role,
                "person": ids[turns[0].user_id] if turns else None, "how": HOW[turns[0].rank] if turns else None,
                "swap": bool(turns) and turns[0].rank == OVERRIDE and turns[0].swap,
                "others": [ids[turn.user_id] for turn in turns[1:]],
            }
            for plan, turns in on
        ]  # fmt: skip
        return Response(OnCallOut({"at": at, "rosters": rows}).data)


def _moment(said: str) -> datetime:
    """Return the instant of the address, UTC where it names no offset; now for none. Raises Refused("bad_request")."""
    if not said:
        return clock.now()
    try:
        found = parse_datetime(said)
    except ValueError:
        found = None
    if found is None or found.year not in YEARS:
        raise Refused("bad_request", _("Write a moment as 2026-06-21T03:15:00Z."), field="at")
    return found if found.tzinfo else found.replace(tzinfo=UTC)
