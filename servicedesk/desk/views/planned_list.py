"""Planned work: what comes, what waits, what is over; five weeks as a calendar; the same as CSV (V-21)."""

import csv
from datetime import date, datetime, timedelta
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.models import Organisation
from ledger import clock
from servicedesk.desk.planned_words import STATES
from servicedesk.desk.views.queue import EXPORT_LIMIT, safe
from servicedesk.web import parameters
from servicedesk.web.access import staff_required
from tickets.models import Maintenance

PER_PAGE, WEEKS = 50, 5
VIEWS = {"coming": _("Coming"), "waiting": _("Waits for approval"), "past": _("Over")}
ASKED = {"view": parameters.one_of(VIEWS), "q": parameters.text(80)}
State = Maintenance.State
HEAD = ["number", "title", "kind", "state", "starts", "ends", "zone", "owner", "off_peak", "services", "customers"]


@staff_required
@require_safe
@parameters.takes(page=parameters.PAGE, **ASKED)
def listing(request: HttpRequest) -> HttpResponse:
    """The windows of one view, and the five weeks from this one."""
    at, view, q = clock.now(), request.GET.get("view") or "coming", request.GET.get("q", "").strip()
    page = Paginator(_rows(request, view, q), PER_PAGE).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "page": page, "view": view, "views": VIEWS.items(), "q": q, "at": at, "weeks": _weeks(request, at),
        "rows": [(row, *STATES[row.state]) for row in page.object_list],
        "query": urlencode([("view", view), *([("q", q)] if q else [])]),
    }  # fmt: skip
    return render(request, "desk/maintenance/list.html", context)


@staff_required
@require_safe
@parameters.takes(**ASKED)
def export(request: HttpRequest) -> HttpResponse:
    """The view as CSV; text that a spreadsheet would run as a formula is quoted."""
    view = request.GET.get("view") or "coming"
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="maintenance-{view}.csv"'
    writer = csv.writer(response, quoting=csv.QUOTE_ALL)
    writer.writerow(HEAD)
    for row in _rows(request, view, request.GET.get("q", "").strip())[:EXPORT_LIMIT]:
        writer.writerow([
            row.number, safe(row.title), row.kind, row.state, row.starts_at.isoformat(), row.ends_at.isoformat(),
            row.time_zone, safe(row.owner.name), row.off_peak, row.touched, row.customers,
        ])  # fmt: skip
    return response


def _rows(request: HttpRequest, view: str, q: str) -> QuerySet[Any]:
    rows = Maintenance.objects.visible_to(request.actor).select_related("owner")
    if view == "past":
        rows = rows.filter(state__in=Maintenance.OVER).order_by("-starts_at", "-pk")
    elif view == "waiting":
        rows = rows.filter(state=State.REQUESTED)
    else:
        rows = rows.exclude(state__in=Maintenance.OVER)
    if q:
        rows = rows.filter(Q(title__icontains=q) | Q(number__iexact=q))
    inside = Q(impacts__left_out=False, impacts__organisation__in=Organisation.objects.visible_to(request.actor))
    return rows.annotate(
        touched=Count("impacts", filter=inside), customers=Count("impacts__organisation", filter=inside, distinct=True),
    )  # fmt: skip


def _weeks(request: HttpRequest, at: datetime) -> list[list[tuple[date, bool, list[Maintenance]]]]:
    """Return five weeks of days in the reader's zone: day, whether it is today, windows that begin on it. 1 query."""
    today = timezone.localtime(at).date()
    monday = today - timedelta(days=today.weekday())
    first = timezone.make_aware(datetime.combine(monday, datetime.min.time()))
    rows = Maintenance.objects.visible_to(request.actor).exclude(state=State.CANCELLED)
    rows = rows.filter(starts_at__gte=first, starts_at__lt=first + timedelta(weeks=WEEKS))
    rows = rows.order_by("starts_at", "pk")
    by_day: dict[date, list[Maintenance]] = {}
    for row in rows:
        by_day.setdefault(timezone.localtime(row.starts_at).date(), []).append(row)
    days = [monday + timedelta(days=n) for n in range(7 * WEEKS)]
    cells = [(day, day == today, by_day.get(day, [])) for day in days]
    return [cells[n : n + 7] for n in range(0, len(cells), 7)]
