"""The queue and its shapes: views, filters, export, my tickets."""

import csv
from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ledger import clock
from ledger.errors import Refused
from servicedesk.desk.groups import grouped
from servicedesk.desk.labels import rule_labels
from servicedesk.desk.listing import VIEWS, FilterForm, counts_of
from servicedesk.web import parameters
from servicedesk.web.access import staff_required
from servicedesk.web.htmx import swap
from tickets import queries

FORMULA = ("=", "+", "-", "@", "\t", "\r")
PER_PAGE, EXPORT_LIMIT = 50, 10_000


FILTERS = dict.fromkeys(FilterForm.base_fields, parameters.text())
CURSOR, VIEW = parameters.text(), parameters.one_of(VIEWS)


@staff_required
@require_safe
@parameters.takes(view=VIEW, after=CURSOR, **FILTERS)
def queue(request: HttpRequest) -> HttpResponse:
    """Open tickets, due soonest first."""
    return _show(request, request.GET.get("view") or "due", _("Queue"))


@staff_required
@require_safe
@parameters.takes(view=parameters.one_of(["mine"]), after=CURSOR, **FILTERS)
def my_tickets(request: HttpRequest) -> HttpResponse:
    """The tickets the reader owns."""
    return _show(request, "mine", _("My tickets"))


def _show(request: HttpRequest, view: str, title: str) -> HttpResponse:
    form, at = _filters(request), clock.now()
    asked = {"view": view, "filters": form.cleaned_data, "after": request.GET.get("after", "")}
    try:
        page = queries.queue(request.actor, **asked, limit=PER_PAGE)
    except Refused as refusal:
        raise parameters.BadParameter(refusal.field or "after") from refusal
    kept = [(k, str(v)) for k, v in request.GET.items() if k not in ("after", "view") and v]
    context: dict[str, Any] = {
        "title": title, "view": view, "views": VIEWS, "form": form, "page": page, "at": at,
        "groups": grouped(page.rows, at, rule_labels()), "kept": urlencode(kept), "chosen": _chosen(form, kept),
        "counts": counts_of(request.actor),
        "query": urlencode([("view", view), *kept]), "narrowed": bool(kept), "full": request.get_full_path(),
    }  # fmt: skip
    return swap(request, "desk/queue.html", "desk/parts/queue.html", context)


def _filters(request: HttpRequest) -> FilterForm:
    """Return the valid filters of the address; a value that is none of the choices is a BadParameter."""
    form = FilterForm(request.GET)
    for name in form.errors:
        raise parameters.BadParameter(name)
    return form


def _chosen(form: FilterForm, kept: list[tuple[str, str]]) -> list[tuple[str, str, str]]:
    """Return label, value and the address without it, for each filter that narrows."""
    return [(label, value, urlencode([p for p in kept if p[0] != name])) for name, label, value in form.chosen()]


@staff_required
@require_safe
@parameters.takes(view=VIEW, **FILTERS)
def export(request: HttpRequest) -> StreamingHttpResponse:
    """The view as CSV, at most 10,000 rows; text that a spreadsheet would run as a formula is quoted."""
    rows = queries.tickets_of(request.GET.get("view") or "due", request.actor)
    rows = queries.narrowed(rows, _filters(request).cleaned_data).order_by("next_due_at", "pk")
    lines = _lines(queries.rows_of(rows[:EXPORT_LIMIT]))
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="tickets.csv"'
    return response


class _Echo:
    def write(self, text: str) -> str:
        return text


def _lines(rows: Any) -> Any:
    writer = csv.writer(_Echo())
    head = [
        "number",
        "title",
        "customer",
        "service",
        "kind",
        "priority",
        "state",
        "team",
        "owner",
        "received",
        "next_due",
    ]
    yield "\ufeff" + writer.writerow(head)
    for t in rows:
        yield writer.writerow([
            t.number, safe(t.title), safe(t.customer), t.service or "", t.kind, t.priority, t.state,
            safe(t.team or ""), safe(t.owner or ""), t.received_at.isoformat(),
            t.next_due_at.isoformat() if t.next_due_at else "",
        ])  # fmt: skip


def safe(text: str) -> str:
    """Return `text` so that a spreadsheet shows it and runs nothing."""
    return f"'{text}" if text.lstrip().startswith(FORMULA) or text.startswith(FORMULA) else text
