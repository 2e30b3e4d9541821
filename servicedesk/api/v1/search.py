"""Search over REST: the same words and filters as at the desk."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from ledger import clock
from ledger.errors import Refused
from servicedesk.api.base import DoorView
from servicedesk.api.v1 import shapes
from tickets.queries_search import Found, Piece, search_tickets

LONGEST = 200


class PieceOut(serializers.Serializer):
    """Some characters of a text; `hit` marks what was looked for."""

    text = serializers.CharField()
    hit = serializers.BooleanField()


class FoundOut(serializers.Serializer):
    """One ticket that was found, and the words around what was found in it."""

    number = serializers.CharField()
    id = serializers.UUIDField()
    state = serializers.CharField()
    priority = serializers.CharField()
    organisation = shapes.ById(allow_null=True)
    received_at = serializers.DateTimeField()
    title = PieceOut(many=True)
    where = serializers.ChoiceField(["", "ticket", "public", "internal"])
    excerpt = PieceOut(many=True)


class FoundPageOut(serializers.Serializer):
    """A page, newest first. `after` continues; null where that was all."""

    after = serializers.CharField(allow_null=True)
    results = FoundOut(many=True)


class Search(DoorView):
    """Tickets by words of their texts and notes, and by filters."""

    scopes = {"read": "tickets:read", "write": "tickets:read"}
    parameters = frozenset({"q", "after"})

    @extend_schema(
        tags=["tickets"],
        operation_id="search",
        parameters=[
            OpenApiParameter("q", OpenApiTypes.STR, required=True, description="Words and filters: northg is:open"),
            OpenApiParameter("after", OpenApiTypes.STR, description="The number a page ended with"),
        ],
        responses=FoundPageOut,
    )
    def get(self, request: Request) -> Response:
        """Find tickets that hold every word and fit every filter, newest first."""
        typed, after = request.query_params.get("q", ""), request.query_params.get("after", "")
        if not typed.strip() or len(typed) > LONGEST:
            raise Refused("bad_request", f"Give 1 to {LONGEST} characters.", field="q")
        page = search_tickets(typed, self.actor, clock.now(), after=after)
        return Response({"after": page.after or None, "results": [_row(found) for found in page.rows]})


def _row(found: Found) -> dict[str, Any]:
    ticket = found.ticket
    organisation = ticket.organisation
    return {
        "number": ticket.number, "id": str(ticket.uuid), "state": ticket.state, "priority": ticket.priority,
        "organisation": {"id": str(organisation.uuid), "name": organisation.name} if organisation else None,
        "received_at": ticket.received_at.isoformat(), "title": _pieces(found.title), "where": found.where,
        "excerpt": _pieces(found.excerpt),
    }  # fmt: skip


def _pieces(made: tuple[Piece, ...]) -> list[dict[str, Any]]:
    return [{"text": piece.text, "hit": piece.hit} for piece in made]
