"""The queue and its shapes: views, filters, export, my tickets."""

import csv
from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ledger import clock
from servicedesk.desk.groups import grouped
from servicedesk.desk.labels import rule_labels
from servicedesk.desk.listing import VIEWS, FilterForm, base_of, counts_of, narrowed, page_of
from servicedesk.web.access import staff_required
from servicedesk.web.htmx import swap

FORMULA = ("=", "+", "-", "@", "\t", "\r")
EXPORT_LIMIT = 10_000


@staff_required
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """Open tickets, due soonest first."""
    view = request.GET.get("view", "due")
    return _show(request, view if view in VIEWS else "due", _("Queue"))


@staff_required
@require_safe
def my_tickets(request: HttpRequest) -> HttpResponse:
    """The tickets the reader owns."""
    return _show(request, "mine", _("My tickets"))


def _show(request: HttpRequest, view: str, title: str) -> HttpResponse:
    form = FilterForm(request.GET)
    rows = base_of(view, request.actor)
    rows = narrowed(rows, form.cleaned_data) if form.is_valid() else rows.none()
    page, at = page_of(rows, request.GET.get("after", "")[:200]), clock.now()
    kept = [(k, str(v)) for k, v in request.GET.items() if k not in ("after", "view", "part") and v]
    context: dict[str, Any] = {
        "title": title, "view": view, "views": VIEWS, "form": form, "page": page, "at": at, "labels": rule_labels(),
        "groups": grouped(page.tickets, at), "kept": urlencode(kept), "chosen": _chosen(form, kept),
        "counts": counts_of(request.actor),
        "query": urlencode([("view", view), *kept]), "narrowed": bool(kept), "full": request.get_full_path(),
    }  # fmt: skip
    return swap(request, "desk/queue.html", "desk/parts/queue.html", context)


def _chosen(form: FilterForm, kept: list[tuple[str, str]]) -> list[tuple[str, str, str]]:
    """Return label, value and the address without it, for each filter that narrows."""
    return [(label, value, urlencode([p for p in kept if p[0] != name])) for name, label, value in form.chosen()]


@staff_required
@require_safe
def export(request: HttpRequest) -> StreamingHttpResponse:
    """The view as CSV, at most 10,000 rows; text that a spreadsheet would run as a formula is quoted."""
    view, form = request.GET.get("view", "due"), FilterForm(request.GET)
    rows = base_of(view, request.actor)
    rows = narrowed(rows, form.cleaned_data) if form.is_valid() else rows.none()
    rows = rows.select_related("organisation", "service", "owner", "team").order_by("next_due_at", "pk")[:EXPORT_LIMIT]
    response = StreamingHttpResponse(_lines(rows), content_type="text/csv; charset=utf-8")
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
    for t in rows.iterator(chunk_size=500):
        yield writer.writerow([
            t.number, safe(t.title), safe(t.organisation.name if t.organisation else t.caller_organisation),
            t.service.service_id if t.service else "", t.kind, t.priority, t.state, safe(t.team.name if t.team else ""),
            safe(t.owner.name if t.owner else ""), t.received_at.isoformat(),
            t.next_due_at.isoformat() if t.next_due_at else "",
        ])  # fmt: skip


def safe(text: str) -> str:
    """Return `text` so that a spreadsheet shows it and runs nothing."""
    return f"'{text}" if text.lstrip().startswith(FORMULA) or text.startswith(FORMULA) else text
