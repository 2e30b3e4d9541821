"""Handovers to read, draft and note by token; to sign and accept by a person (A-05)."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from escalation.commands import handover_draft, handover_notes, handover_sign
from escalation.models import Handover
from ledger import clock
from servicedesk.api.base import once, wanted_version
from servicedesk.api.fields import Strict
from servicedesk.api.v1.escalations import EngineRead
from servicedesk.api.v1.handover_shapes import (
    HandoverIn,
    HandoverNoteIn,
    HandoverOut,
    HandoverRemarkIn,
    HandoverSheetOut,
    HandoverSignIn,
    HandoverSpokenIn,
)
from servicedesk.api.v1.roster_writes import given

KEY = OpenApiParameter("Idempotency-Key", OpenApiTypes.STR, OpenApiParameter.HEADER)
MATCH = OpenApiParameter("If-Match", OpenApiTypes.STR, OpenApiParameter.HEADER, required=True)


@extend_schema(tags=["handovers"])
class Handovers(EngineRead):
    """Handovers between shifts. Signed, a sheet stands; a correction is a remark."""

    scopes = {"read": "escalations:read", "write": "handovers:write"}
    serializer_class = HandoverOut
    queryset = Handover.objects.none()
    filters = {"state": "state", "region": "region", "since": "starts_at__gte", "until": "starts_at__lt"}

    def rows(self) -> QuerySet:
        """Return the sheets of the actor's regions."""
        rows = Handover.objects.visible_to(self.actor)
        return rows.select_related("outgoing_shift", "incoming_shift", "outgoing", "incoming", "giver", "taker")

    @extend_schema(responses=HandoverSheetOut)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One handover with its sheet; its ETag is what signing and accepting need."""
        return self._told(self.get_object())

    @extend_schema(request=HandoverIn, responses={201: HandoverSheetOut}, parameters=[KEY])
    def create(self, request: Request) -> Response:
        """Draft the sheet of a change of shift, or read the one there is."""
        said = given(self, HandoverIn)
        return once(request, lambda: self._told(handover_draft.open_handover(**said, **self._who()), 201))

    @extend_schema(request=HandoverSignIn, responses=HandoverSheetOut, parameters=[KEY, MATCH])
    @action(detail=True, methods=["post"])
    def refresh(self, request: Request, uuid: str) -> Response:
        """Draft it anew from live state; notes stay with their lines."""
        return self._versioned(handover_draft.refresh_handover)

    @extend_schema(request=HandoverNoteIn, responses=HandoverSheetOut, parameters=[KEY])
    @action(detail=True, methods=["post"])
    def note(self, request: Request, uuid: str) -> Response:
        """Write the giver's words, while it is a draft."""
        command = handover_notes.note_line if "line" in request.data else handover_notes.note_part
        return self._run(command, HandoverNoteIn)

    @extend_schema(request=HandoverSpokenIn, responses=HandoverSheetOut, parameters=[KEY])
    @action(detail=True, methods=["post"])
    def spoken(self, request: Request, uuid: str) -> Response:
        """Mark lines as gone through. A person's act."""
        return self._run(handover_notes.mark_spoken, HandoverSpokenIn)

    @extend_schema(request=HandoverRemarkIn, responses=HandoverSheetOut, parameters=[KEY])
    @action(detail=True, methods=["post"])
    def remark(self, request: Request, uuid: str) -> Response:
        """Add a remark; it stays. A person's act."""
        return self._run(handover_notes.remark, HandoverRemarkIn)

    @extend_schema(request=HandoverSignIn, responses=HandoverSheetOut, parameters=[KEY, MATCH])
    @action(detail=True, methods=["post"])
    def sign(self, request: Request, uuid: str) -> Response:
        """Sign as the giver. A person's act."""
        return self._versioned(handover_sign.sign_handover)

    @extend_schema(request=HandoverSignIn, responses=HandoverSheetOut, parameters=[KEY, MATCH])
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, uuid: str) -> Response:
        """Accept as the taker, another person than the giver."""
        return self._versioned(handover_sign.accept_handover)

    def _who(self) -> dict[str, Any]:
        return {"actor": self.actor, "at": clock.now()}

    def _run(self, command: Callable[..., Any], shape: type[Strict]) -> Response:
        handover, said = self.get_object(), given(self, shape)

        def run() -> Response:
            command(handover_id=handover.pk, **said, **self._who())
            return self._told(handover)

        return once(self.request, run)

    def _versioned(self, command: Callable[..., Any]) -> Response:
        handover = self.get_object()
        given(self, HandoverSignIn)
        version = wanted_version(self.request)

        def run() -> Response:
            command(handover_id=handover.pk, version=version, **self._who())
            return self._told(handover)

        return once(self.request, run)

    def _told(self, handover: Handover, status: int = 200) -> Response:
        found = self.rows().get(pk=handover.pk)
        shown = HandoverSheetOut(found, context={**self.get_serializer_context(), "actor": self.actor}).data
        return Response(shown, status=status, headers={"ETag": f'"{found.version}"'})
