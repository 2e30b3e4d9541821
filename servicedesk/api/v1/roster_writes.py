"""Keep rosters over REST by the desk's own commands: layers, overrides, swaps, absences (A-04)."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Absence
from escalation.commands import absence as leave
from escalation.commands import roster as overriding
from escalation.commands import roster_layer as layering
from escalation.commands import roster_plan as planning
from escalation.commands import roster_swap as swapping
from escalation.models import Roster, RosterSwap
from ledger import clock
from servicedesk.api.base import once
from servicedesk.api.v1 import roster_shapes as shapes
from servicedesk.api.v1.escalations import EngineRead
from servicedesk.api.v1.rosters import RosterOut, Rosters

KEY = OpenApiParameter("Idempotency-Key", OpenApiTypes.STR, OpenApiParameter.HEADER)
SCOPES = {"read": "escalations:read", "write": "rosters:write"}
ANSWERS = {"accept": swapping.accept_swap, "decline": swapping.decline_swap, "withdraw": swapping.withdraw_swap}
Kind = type[serializers.Serializer]


def given(view: Any, kind: Kind) -> dict[str, Any]:
    """Return what was sent in the words of the command. Raises ValidationError."""
    shape = kind(data=view.request.data or {}, context={"request": view.request})
    shape.is_valid(raise_exception=True)
    return dict(shape.validated_data)


@extend_schema(tags=["rosters"])
class KeptRosters(Rosters):
    """Rosters to read and to keep; nothing is edited in place, what was true in the past stays true."""

    scopes = SCOPES

    @extend_schema(request=shapes.RosterIn, responses={201: RosterOut}, parameters=[KEY])
    def create(self, request: Request) -> Response:
        """Begin a roster; its layers come next."""
        facts = given(self, shapes.RosterIn)
        return once(request, lambda: self._told(planning.create_roster(**facts, **self._who()), 201))

    @extend_schema(request=shapes.FactsIn, responses=RosterOut, parameters=[KEY])
    @action(detail=True, methods=["post"])
    def change(self, request: Request, uuid: str) -> Response:
        """Change name, zone, hours to cover, deputy and limits; what is left out is none."""
        return self._run(planning.change_roster, shapes.FactsIn)

    @extend_schema(request=shapes.LayerIn, responses=RosterOut, parameters=[KEY])
    @action(detail=True, methods=["post"], url_path="set-layer")
    def set_layer(self, request: Request, uuid: str) -> Response:
        """Add a layer, or replace the one of that name from its first hand-off on. 422 `gap_left` names the hours."""
        return self._run(layering.set_layer, shapes.LayerIn)

    @extend_schema(request=shapes.EndLayerIn, responses=RosterOut, parameters=[KEY])
    @action(detail=True, methods=["post"], url_path="end-layer")
    def end_layer(self, request: Request, uuid: str) -> Response:
        """End the layer of that name now."""
        return self._run(layering.end_layer, shapes.EndLayerIn)

    @extend_schema(request=shapes.WhyIn, responses=RosterOut, parameters=[KEY])
    @action(detail=True, methods=["post"])
    def retire(self, request: Request, uuid: str) -> Response:
        """End the roster: whoever holds the role answers."""
        return self._run(planning.retire_roster, shapes.WhyIn)

    @extend_schema(request=shapes.OverrideIn, responses=RosterOut, parameters=[KEY])
    @action(detail=True, methods=["post"])
    def override(self, request: Request, uuid: str) -> Response:
        """Put one person above every layer for these hours."""

        def run(*, roster_id: int, **said: Any) -> Any:
            found = Roster.objects.get(pk=roster_id)
            return overriding.override(role=found.role, scope=found.scope, **said)

        return self._run(run, shapes.OverrideIn)

    @extend_schema(request=shapes.RemoveOverrideIn, responses=RosterOut, parameters=[KEY])
    @action(detail=True, methods=["post"], url_path="remove-override")
    def remove_override(self, request: Request, uuid: str) -> Response:
        """End an override now; the hours it had already stay."""
        return self._run(
            lambda *, roster_id, **said: overriding.remove_override(**said), shapes.RemoveOverrideIn, "override_id"
        )

    @extend_schema(responses=shapes.SwapOut(many=True))
    @action(detail=True, methods=["get"], pagination_class=None)
    def swaps(self, request: Request, uuid: str) -> Response:
        """Swaps asked and answered, latest first, at most 200."""
        rows = RosterSwap.objects.filter(roster=self.get_object()).select_related("roster", "asker", "other")
        return Response(shapes.SwapOut(rows.order_by("-asked_at", "-pk")[:200], many=True).data)

    @extend_schema(request=shapes.SwapIn, responses={201: shapes.SwapOut}, parameters=[KEY])
    @swaps.mapping.post
    def ask_swap(self, request: Request, uuid: str) -> Response:
        """Ask somebody to take hours of somebody's."""
        return self._run(swapping.ask_swap, shapes.SwapIn, told=lambda made: self._swap(made, 201))

    @extend_schema(request=shapes.AnswerIn, responses=shapes.SwapOut, parameters=[KEY])
    @action(detail=True, methods=["post"], url_path="answer-swap")
    def answer_swap(self, request: Request, uuid: str) -> Response:
        """Accept, decline or withdraw."""

        def run(*, roster_id: int, answer: str, **said: Any) -> Any:
            return ANSWERS[answer](**said)

        return self._run(run, shapes.AnswerIn, "swap_id", told=self._swap)

    def _who(self) -> dict[str, Any]:
        return {"actor": self.actor, "at": clock.now()}

    def _run(
        self, command: Callable[..., Any], kind: Kind, inside: str = "", told: Callable[[Any], Response] | None = None
    ) -> Response:
        """Find the roster first (404 for a foreign one), then read what was sent, then act.

        inside  name of the argument that must belong to this roster.
        """
        roster, said = self.get_object(), given(self, kind)
        owner = {"override_id": roster.overrides, "swap_id": roster.swaps}.get(inside)
        if owner is not None and not owner.filter(pk=said[inside]).exists():
            raise Http404

        def run() -> Response:
            made = command(roster_id=roster.pk, **said, **self._who())
            return told(made) if told else self._told(roster)

        return once(self.request, run)

    def _told(self, roster: Roster, status: int = 200) -> Response:
        found = self.rows().get(pk=roster.pk)
        return Response(RosterOut(found, context=self.get_serializer_context()).data, status=status)

    def _swap(self, swap: RosterSwap, status: int = 200) -> Response:
        found = RosterSwap.objects.select_related("roster", "asker", "other").get(pk=swap.pk)
        return Response(shapes.SwapOut(found).data, status=status)


@extend_schema(tags=["absences"])
class Absences(EngineRead):
    """When members of staff cannot be called; none for tokens bound to one organisation."""

    serializer_class = shapes.AbsenceOut
    queryset = Absence.objects.none()
    filters = {"person": "user__uuid", "from": "to_at__gte", "before": "from_at__lt"}
    scopes = SCOPES

    def rows(self) -> QuerySet:
        """Return every absence."""
        if self.actor.organisation_ids is not None:
            return Absence.objects.none()
        return Absence.objects.select_related("user")

    def get_serializer_context(self) -> dict[str, Any]:
        """With who reads, for the reasons."""
        return {**super().get_serializer_context(), "actor": self.actor}

    @extend_schema(request=shapes.AbsenceIn, responses={201: shapes.AbsenceOut}, parameters=[KEY])
    def create(self, request: Request) -> Response:
        """Enter an absence; 422 `turns_held` says how many turns it empties, unless `accept_turns` is sent."""
        said = given(self, shapes.AbsenceIn)
        return once(
            request, lambda: self._told(leave.plan_absence(**said, actor=self.actor, at=clock.now()), status=201)
        )

    @extend_schema(request=None, responses=shapes.AbsenceOut, parameters=[KEY])
    @action(detail=True, methods=["post"])
    def end(self, request: Request, uuid: str) -> Response:
        """End it now, or take it back before it begins."""
        pk = self.get_object().pk
        return once(request, lambda: self._told(leave.end_absence(absence_id=pk, actor=self.actor, at=clock.now())))

    def _told(self, absence: Absence, status: int = 200) -> Response:
        found = self.rows().get(pk=absence.pk)
        return Response(self.get_serializer(found).data, status=status)
