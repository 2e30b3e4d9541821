"""Tickets, their notes, and the lists around them."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Contact, Organisation
from catalogue.models import Service, Site
from escalation.models import Shift
from ledger import clock
from ledger.errors import Refused
from servicedesk.api.base import once
from servicedesk.api.fields import Ref, Strict, TicketNumber
from servicedesk.api.v1 import shapes
from servicedesk.api.v1.customers import Read
from tickets import words
from tickets.commands.log import LogTicket, begin_verification, log_ticket
from tickets.commands.note import add_note
from tickets.commands.verify import verify_without_caller
from tickets.models import Commitment, Interaction, Note, Ticket, WorkItem
from tickets.queries import narrowed
from tickets.queue_filters import Hours


class TicketIn(Strict):
    """What a new ticket needs. It passes the gate by the token, recorded as such (decisions 16)."""

    title = serializers.CharField(max_length=200)
    kind = serializers.ChoiceField(words.Kind.choices, default=words.Kind.FAULT)
    description = serializers.CharField(max_length=20_000)
    organisation = Ref(lambda actor: Organisation.objects.visible_to(actor), name="organisation")
    contact = Ref(lambda actor: Contact.objects.visible_to(actor), name="contact", required=False)
    service = Ref(lambda actor: Service.objects.visible_to(actor), name="service", lookup="service_id", required=False)
    site = Ref(lambda actor: Site.objects.visible_to(actor), name="site", required=False)
    callback_number = serializers.RegexField(r"^\+[1-9][0-9]{5,14}$", required=False)
    problem_what = serializers.CharField(max_length=4000, required=False)
    problem_since = serializers.CharField(max_length=200, required=False)
    problem_where = serializers.CharField(max_length=200, required=False)
    problem_impact = serializers.CharField(max_length=4000, required=False)
    problem_changed = serializers.CharField(max_length=400, required=False)
    urgent = serializers.BooleanField(default=False)


class NoteIn(Strict):
    """A case note. Public ones are what the customer reads."""

    ticket = TicketNumber()
    body = serializers.CharField(max_length=20_000)
    public = serializers.BooleanField()
    progress = serializers.BooleanField(default=False)


TICKET_FILTERS = {
    "state": "state",
    "priority": "priority",
    "kind": "kind",
    "category": "category",
    "tier": "tier",
    "channel": "channel",
    "scope": "scope",
    "impact": "impact",
    "urgency": "urgency",
    "tag": "tags__overlap",
    "critical": "critical__exact",
    "urgent": "urgent__exact",
    "organisation": "organisation__uuid",
    "segment": "organisation__segment",
    "region": "organisation__region",
    "service_category": "organisation__service_category",
    "language": "organisation__language",
    "production": "organisation__production__exact",
    "reporter": "reporter__uuid",
    "service": "service__service_id",
    "site": "site__uuid",
    "team": "team__uuid",
    "owner": "owner__uuid",
    "unowned": "owner__isnull",
    "unsigned": "signed_at__isnull",
    "received_from": "received_at__gte",
    "received_before": "received_at__lt",
    "due_before": "next_due_at__lt",
    "heard_before": "last_public_at__lt",
}
ALSO = ("escalated", "overdue", "shift")


@extend_schema(tags=["tickets"])
class Tickets(Read):
    """Tickets by number."""

    serializer_class = shapes.TicketOut
    queryset = Ticket.objects.none()
    lookup_field = "number"
    lookup_value_regex = "[A-Z]{2}-[0-9]{6,12}"
    filters = TICKET_FILTERS
    scopes = {"read": "tickets:read", "write": "tickets:write"}

    def rows(self) -> QuerySet:
        """Return the visible tickets with their relations."""
        rows = Ticket.objects.visible_to(self.actor).select_related(*shapes.RELATED)
        return rows.prefetch_related("merged_into")

    @property
    def parameters(self) -> frozenset[str]:
        """The filters by path, and those that are more than a path."""
        return super().parameters | (frozenset(ALSO) if self.action == "list" else frozenset())

    def get_queryset(self) -> QuerySet:
        """Return the visible tickets, narrowed by every dimension work is seen by (A-01)."""
        rows = super().get_queryset()
        return narrowed(rows, _also(self.request), actor=self.actor, at=clock.now()) if self.action == "list" else rows

    @extend_schema(parameters=[OpenApiParameter(name, OpenApiTypes.STR) for name in (*TICKET_FILTERS, *ALSO)])
    def list(self, request: Request, *args: object, **kwargs: object) -> Response:
        """List tickets, newest first."""
        return super().list(request, *args, **kwargs)

    def retrieve(self, request: Request, *args: object, **kwargs: object) -> Response:
        """Return one ticket; its ETag is what If-Match of a command wants."""
        ticket = self.get_object()
        response = Response(shapes.TicketOut(ticket).data)
        response.headers["ETag"] = f'"{ticket.version}"'
        return response

    @extend_schema(
        request=TicketIn,
        responses={201: shapes.TicketOut},
        parameters=[OpenApiParameter("Idempotency-Key", OpenApiTypes.STR, OpenApiParameter.HEADER)],
    )
    def create(self, request: Request) -> Response:
        """Log a ticket and take it through the gate by token; it waits in triage."""
        shape = TicketIn(data=request.data, context={"request": request})
        shape.is_valid(raise_exception=True)
        return once(request, lambda: self._log(dict(shape.validated_data)))

    def _log(self, given: dict) -> Response:
        at = clock.now()
        for name in ("organisation", "contact", "service", "site"):
            if name in given:
                given[f"{name}_id"] = given.pop(name)
        ticket = log_ticket(LogTicket(channel=words.Channel.API, **given), actor=self.actor, at=at)
        ticket = begin_verification(ticket_id=ticket.pk, actor=self.actor, at=at)
        method = "token" if self.actor.kind == "integration" else "internal"
        verify_without_caller(ticket_id=ticket.pk, method=method, actor=self.actor, at=at)
        return answer(ticket.number, self.actor, status.HTTP_201_CREATED)

    @extend_schema(responses=shapes.NoteOut(many=True))
    @action(detail=True, methods=["get"], url_path="notes")
    def notes(self, request: Request, number: str) -> Response:
        """List the notes of one ticket, newest first."""
        ticket = self.get_object()
        rows = Note.objects.visible_to(self.actor).filter(ticket=ticket).select_related("ticket", "text")
        page = self.paginate_queryset(rows.prefetch_related("attachments"))
        return self.get_paginated_response(shapes.NoteOut(page, many=True).data)


def _also(request: Request) -> dict[str, Any]:
    """Return the filters that are more than a path: escalated=true, overdue=true, shift (its name).

    Raises Refused("bad_request").
    """
    found: dict[str, Any] = {}
    for name, kept in (("escalated", {"mark": ["escalated"]}), ("overdue", {"due": ["overdue"]})):
        value = request.query_params.get(name)
        if value not in (None, "", "true"):
            raise Refused("bad_request", f"Give true, or leave {name} out.", field=name)
        found |= kept if value else {}
    if wanted := request.query_params.get("shift"):
        shift = Shift.objects.filter(name=wanted[:60]).first()
        if shift is None:
            raise Refused("bad_request", "There is no shift of that name.", field="shift")
        found["shift"] = [Hours(shift.time_zone, shift.starts, shift.ends)]
    return found


def answer(number: str, actor: object, code: int = 200) -> Response:
    """Return the ticket as it now stands, with its ETag and address."""
    ticket = Ticket.objects.visible_to(actor).select_related(*shapes.RELATED).get(number=number)
    response = Response(shapes.TicketOut(ticket).data, status=code)
    response.headers["ETag"] = f'"{ticket.version}"'
    if code == status.HTTP_201_CREATED:
        response.headers["Location"] = f"/api/v1/tickets/{ticket.number}/"
    return response


@extend_schema(tags=["notes"])
class Notes(Read):
    """Case notes: public ones, and internal ones where the scope allows."""

    serializer_class = shapes.NoteOut
    queryset = Note.objects.none()
    filters = {"ticket": "ticket__number"}
    scopes = {"read": "tickets:read", "write": "tickets:write"}

    def rows(self) -> QuerySet:
        """Return the visible notes."""
        return Note.objects.visible_to(self.actor).select_related("ticket", "text").prefetch_related("attachments")

    @extend_schema(
        request=NoteIn,
        responses={201: shapes.NoteOut},
        parameters=[OpenApiParameter("Idempotency-Key", OpenApiTypes.STR, OpenApiParameter.HEADER)],
    )
    def create(self, request: Request) -> Response:
        """Add a note; additive, so no If-Match is needed (decisions 19)."""
        shape = NoteIn(data=request.data, context={"request": request})
        shape.is_valid(raise_exception=True)
        given = dict(shape.validated_data)
        if not given["public"] and self.actor.kind == "integration" and "notes:internal" not in self.actor.scopes:
            raise serializers.ValidationError({"public": [_("This token may write public notes only.")]})

        def run() -> Response:
            note = add_note(
                ticket_id=given.pop("ticket"), channel=words.Channel.API, actor=self.actor, at=clock.now(), **given
            )
            return Response(shapes.NoteOut(self.rows().get(pk=note.pk)).data, status=status.HTTP_201_CREATED)

        return once(request, run)


@extend_schema(tags=["work-items"])
class WorkItems(Read):
    """Work items of tickets."""

    serializer_class = shapes.WorkItemOut
    queryset = WorkItem.objects.none()
    filters = {"ticket": "ticket__number", "state": "state", "source": "source"}
    scopes = {"read": "tickets:read", "write": "tickets:write"}

    def rows(self) -> QuerySet:
        """Return the work items of visible tickets."""
        mine = WorkItem.objects.filter(ticket__in=Ticket.objects.visible_to(self.actor))
        return mine.select_related("ticket", "owner_user", "owner_team", "owner_contact")


@extend_schema(tags=["commitments"])
class Commitments(Read):
    """Promises to customers."""

    serializer_class = shapes.CommitmentOut
    queryset = Commitment.objects.none()
    filters = {"ticket": "ticket__number", "state": "state", "kind": "kind"}
    scopes = {"read": "tickets:read", "write": "tickets:write"}

    def rows(self) -> QuerySet:
        """Return the promises on visible tickets."""
        return Commitment.objects.filter(ticket__in=Ticket.objects.visible_to(self.actor)).select_related("ticket")


@extend_schema(tags=["interactions"])
class Interactions(Read):
    """Calls, mails and messages on visible tickets."""

    serializer_class = shapes.InteractionOut
    queryset = Interaction.objects.none()
    filters = {"ticket": "ticket__number", "channel": "channel"}
    scopes = {"read": "tickets:read", "write": "tickets:write"}

    def rows(self) -> QuerySet:
        """Return the visible interactions."""
        return Interaction.objects.visible_to(self.actor).select_related("ticket", "organisation", "contact", "agent")
