"""Fault reports owed, overdue, to be read, filed: a list to narrow, and the same as CSV."""

import csv
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.models import Team
from ledger import clock
from quality.reports import lists
from servicedesk.desk.forms.base import choice, line, one_of
from servicedesk.desk.views.queue import EXPORT_LIMIT, safe
from servicedesk.web import parameters
from servicedesk.web.access import staff_required
from servicedesk.web.forms import DeskFormMixin
from tickets import words

PER_PAGE = 50
HEAD = ["number", "title", "customer", "priority", "owner", "resolved", "due", "state", "version", "filed", "filed_by",
        "released"]  # fmt: skip


class FilterForm(DeskFormMixin, forms.Form):
    """What narrows the list."""

    q = line(_("Find"), required=False, limit=80)
    priority = choice(_("Priority"), words.Priority.choices, required=False)
    team = one_of(_("Team"), Team.objects.filter(active=True), required=False, empty="–")


FILTERS = dict.fromkeys(FilterForm.base_fields, parameters.text())
VIEW = parameters.one_of(lists.VIEWS)


@staff_required
@require_safe
@parameters.takes(view=VIEW, page=parameters.PAGE, **FILTERS)
def listing(request: HttpRequest) -> HttpResponse:
    """Reports, what is due soonest first; filed ones newest first."""
    view, form, at = request.GET.get("view") or "due", _filters(request), clock.now()
    rows = lists.with_names(lists.chosen(view, request.actor, at=at, **form.cleaned_data), view)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    kept = [(k, str(v)) for k, v in request.GET.items() if k in FILTERS and v]
    context: dict[str, Any] = {
        "view": view, "views": lists.VIEWS, "counts": lists.counts(request.actor, at=at), "form": form, "page": page,
        "rows": lists.as_rows(page.object_list, at=at), "kept": urlencode(kept), "narrowed": bool(kept),
        "owed": view in lists.OWED, "query": urlencode([("view", view), *kept]),
    }  # fmt: skip
    return render(request, "desk/reports/list.html", context)


@staff_required
@require_safe
@parameters.takes(view=VIEW, **FILTERS)
def export(request: HttpRequest) -> StreamingHttpResponse:
    """The view as CSV, at most 10,000 rows; text that a spreadsheet would run as a formula is quoted."""
    view, at = request.GET.get("view") or "due", clock.now()
    rows = lists.chosen(view, request.actor, at=at, **_filters(request).cleaned_data)
    found = lists.as_rows(lists.with_names(rows, view)[:EXPORT_LIMIT], at=at)
    response = StreamingHttpResponse(_lines(found), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="fault-reports-{view}.csv"'
    return response


def _filters(request: HttpRequest) -> FilterForm:
    form = FilterForm(request.GET)
    for name in form.errors:
        raise parameters.BadParameter(name)
    return form


class _Echo:
    def write(self, text: str) -> str:
        return text


def _lines(rows: list[lists.Row]) -> Any:
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow(HEAD)
    for row in rows:
        yield writer.writerow([
            row.number, safe(row.title), safe(row.customer), row.priority, safe(row.owner), _iso(row.resolved_at),
            _iso(row.due_at), row.state, row.version or "", _iso(row.filed_at), safe(row.filed_by),
            _iso(row.released_at),
        ])  # fmt: skip


def _iso(at: Any) -> str:
    return at.isoformat() if at else ""
