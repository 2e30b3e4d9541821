"""Fault reports: read, and every command the desk has on them (C-24, C-26, C-21)."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from ledger import clock
from ledger.errors import Refused
from quality.reports.commands.draft import draft_report
from quality.reports.commands.file import amend_report, file_report, release_report
from quality.reports.commands.save import gather_people, save_report
from quality.reports.models import Edition, sees_inside
from quality.reports.queries import editions
from servicedesk.api.base import DoorView, once, wanted_version
from servicedesk.api.v1 import report_shapes as shapes
from servicedesk.api.v1.customers import Read
from tickets.models import Ticket

KEY = OpenApiParameter("Idempotency-Key", OpenApiTypes.STR, OpenApiParameter.HEADER)
MATCH = OpenApiParameter("If-Match", OpenApiTypes.STR, OpenApiParameter.HEADER, required=True)
FILTERS = {
    "ticket": "report__ticket__number",
    "organisation": "report__ticket__organisation__uuid",
    "filed_from": "filed_at__gte",
    "filed_before": "filed_at__lt",
    "draft": "filed_at__isnull",
}


def answer(edition: Edition, actor: Any, status: int = 200) -> Response:
    """Return one version whole, with its ETag."""
    found = editions().visible_to(actor).get(pk=edition.pk)
    response = Response(shapes.WholeOut(found, context={"inside": sees_inside(actor)}).data, status=status)
    response.headers["ETag"] = f'"{found.version}"'
    return response


@extend_schema(tags=["fault-reports"])
class FaultReports(Read):
    """Versions of fault reports. Tokens bound to a customer read released ones only, without internal words."""

    serializer_class = shapes.EditionOut
    queryset = Edition.objects.none()
    filters = FILTERS
    scopes = {"read": "tickets:read", "write": "tickets:write"}

    def rows(self) -> QuerySet:
        """Return the visible versions."""
        return editions().visible_to(self.actor)

    @extend_schema(responses=shapes.WholeOut)
    def retrieve(self, request: Request, *args: object, **kwargs: object) -> Response:
        """Return one version with figures, events and people; its ETag is what If-Match of a command wants."""
        return answer(self.get_object(), self.actor)

    @extend_schema(request=shapes.ContentIn, responses=shapes.WholeOut, parameters=[KEY, MATCH])
    @action(detail=True, methods=["post"])
    def save(self, request: Request, uuid: str) -> Response:
        """Store the draft as it stands, however unfinished; only what is sent changes."""
        return self._run(
            save_report,
            lambda: {"content": self._given(shapes.ContentIn).content(), "version": wanted_version(request)},
        )

    @extend_schema(request=None, responses=shapes.WholeOut, parameters=[KEY, MATCH])
    @action(detail=True, methods=["post"], url_path="gather-people")
    def gather(self, request: Request, uuid: str) -> Response:
        """Add whoever the records name by now; nobody is taken off (C-24)."""
        return self._run(gather_people, lambda: {"version": wanted_version(request)})

    @extend_schema(request=shapes.FileIn, responses=shapes.WholeOut, parameters=[KEY, MATCH])
    @action(detail=True, methods=["post"])
    def file(self, request: Request, uuid: str) -> Response:
        """Make the draft final; it meets the clock of the report (C-26)."""
        return self._run(
            file_report, lambda: {**self._given(shapes.FileIn).validated_data, "version": wanted_version(request)}
        )

    @extend_schema(request=shapes.AmendIn, responses={201: shapes.WholeOut}, parameters=[KEY])
    @action(detail=True, methods=["post"])
    def amend(self, request: Request, uuid: str) -> Response:
        """Begin the next version of a filed report; the filed one stays."""
        return self._run(amend_report, lambda: self._given(shapes.AmendIn).validated_data, status=201)

    @extend_schema(request=None, responses=shapes.WholeOut, parameters=[KEY])
    @action(detail=True, methods=["post"])
    def release(self, request: Request, uuid: str) -> Response:
        """Show a filed version to the customer; a second person does."""
        return self._run(release_report, dict)

    def _given(self, kind: type[Any]) -> Any:
        shape = kind(data=self.request.data, context={"request": self.request})
        shape.is_valid(raise_exception=True)
        return shape

    def _run(self, command: Callable[..., Edition], ask: Callable[[], Any], *, status: int = 200) -> Response:
        """Find the version first (404 for a foreign one, whatever was sent), then read what was sent, then act."""
        edition = self.get_object()
        fields = ask()

        def run() -> Response:
            made = command(edition_id=edition.pk, actor=self.actor, at=clock.now(), **fields)
            return answer(made, self.actor, status)

        return once(self.request, run)


class DraftReport(DoorView):
    """Begin the report of a solved fault."""

    scopes = {"read": "tickets:write", "write": "tickets:write"}

    @extend_schema(
        operation_id="tickets_draft_report", tags=["fault-reports"], request=None, responses=shapes.WholeOut,
        parameters=[KEY],
    )  # fmt: skip
    def post(self, request: Request, number: str) -> Response:
        """Draft it from the records, or return the newest version of the present run."""
        ticket_id = Ticket.objects.visible_to(self.actor).filter(number=number).values_list("pk", flat=True).first()
        if ticket_id is None:
            raise Refused("unknown_ticket", "There is no such thing, or it is not yours to see.")

        def run() -> Response:
            return answer(draft_report(ticket_id=ticket_id, actor=self.actor, at=clock.now()), self.actor)

        return once(request, run)
