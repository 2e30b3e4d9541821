"""What the reader was told and confirmed, newest first; for the ladder's own people, from the phone up."""

import csv
from collections.abc import Iterator
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from escalation.board_told import Told, messages_to, told
from ledger import clock
from servicedesk.supervisor.policy_csv import cell
from servicedesk.web import parameters
from servicedesk.web.access import staff_required

PER_PAGE, MOST = 40, 5000
ONLY = {"only": parameters.one_of(["open", "confirmed"])}


@require_safe
@staff_required
@parameters.takes(page=parameters.PAGE, **ONLY)
def show(request: HttpRequest) -> HttpResponse:
    """One's own list and nobody else's."""
    only = request.GET.get("only", "")
    rows = messages_to(request.actor, only=only)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    at = clock.now()
    found = list(told(page.object_list, request.actor, at))
    context = {"page": page, "rows": found, "only": only, "query": f"only={only}" if only else "", "at": at}
    return render(request, "supervisor/told/show.html", context)


@require_safe
@staff_required
@parameters.takes(**ONLY)
def export(request: HttpRequest) -> HttpResponse:
    """The newest 5,000 as CSV, in the reader's zone."""
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="told.csv"'
    rows = messages_to(request.actor, only=request.GET.get("only", ""))[:MOST]
    csv.writer(response, quoting=csv.QUOTE_ALL).writerows(_rows(told(rows, request.actor, clock.now())))
    return response


def _rows(rows: Iterator[Told]) -> Iterator[list[str]]:
    yield [_("Told"), _("Ticket"), _("Title"), _("Customer"), _("What"), _("As"), _("By"), _("Confirm by"),
           _("Confirmed"), _("How")]  # fmt: skip
    for row in rows:
        said = (row.number, row.title, row.customer, row.what, row.role, list(row.ways))
        yield [_when(row.at), *map(cell, said), _when(row.due_at), _when(row.confirmed_at), cell(row.how)]


def _when(at: Any) -> str:
    return timezone.localtime(at).isoformat(timespec="seconds") if at else ""
