"""One ticket's clocks over time: what fired, who was told, and who is called if nobody acts until a time."""

from datetime import datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_safe

from escalation.simulator.known import Known, known_between
from escalation.simulator.timeline import Timeline, timeline
from ledger import clock
from servicedesk.supervisor.timeline_drawing import draw
from servicedesk.supervisor.timeline_words import as_data, called_by, pause_rows, proof_rows
from servicedesk.web import parameters
from servicedesk.web.access import staff_required
from tickets.models import Ticket

HOURS = ("1", "4", "12", "24", "48")
LONGEST = timedelta(hours=48)
BACK = timedelta(hours=24)
REMEMBERED_S, SPARE = 60, timedelta(minutes=5)


@require_safe
@staff_required
@parameters.takes(hours=parameters.one_of(HOURS), by=parameters.text(40))
def show(request: HttpRequest, number: str) -> HttpResponse:
    """Draw the clocks; `?by=` a wall of the reader's: who is called if nobody acts until then."""
    line, by, bad = _asked(request, number)
    context = {
        "ticket": line.ticket, "line": line, "by": by, "bad_by": bad, "said": called_by(line, by),
        "drawing": draw(line, by), "hours": request.GET.get("hours") or "4", "choices": HOURS,
        "pauses": pause_rows(line), "proof": proof_rows(line),
    }  # fmt: skip
    return render(request, "supervisor/simulator/ticket.html", context)


@require_safe
@staff_required
@parameters.takes(hours=parameters.one_of(HOURS), by=parameters.text(40))
def as_json(request: HttpRequest, number: str) -> HttpResponse:
    """The same as JSON."""
    line, by, _bad = _asked(request, number)
    return JsonResponse(as_data(line, by))


def _asked(request: HttpRequest, number: str) -> tuple[Timeline, datetime, bool]:
    """Return the timeline, the instant asked about (its end where none is), and whether what was asked is of no use.

    An instant beyond the hours makes them more, up to 48.
    """
    rows = Ticket.objects.visible_to(request.actor).select_related("organisation")
    ticket = get_object_or_404(rows, number=number)
    now = clock.now()
    ahead = timedelta(hours=int(request.GET.get("hours") or "4"))
    by = _moment(request.GET.get("by", ""))
    bad = bool(request.GET.get("by")) and (by is None or not now < by <= now + LONGEST)
    if by is not None and not bad:
        ahead = max(ahead, by - now)
    line = timeline(ticket, now=now, ahead=ahead, back=BACK, known=_known(ticket, now, now + ahead))
    return line, line.last if by is None or bad else by, bad


def _known(ticket: Ticket, now: datetime, last: datetime) -> Known:
    """Return policies, calendars and rosters from the receipt on, asked once a minute for a ticket: dragging the time
    asks for the page again and again."""
    first, key = min(ticket.received_at, now), f"timeline-known:{ticket.pk}"
    found: Known | None = cache.get(key)
    if found is None or not found.reaches(first, last):
        found = known_between(first, last + SPARE)
        cache.set(key, found, REMEMBERED_S)
    return found


def _moment(said: str) -> datetime | None:
    wall: Any = None
    try:
        wall = parse_datetime(said)
    except ValueError:
        return None
    return timezone.make_aware(wall) if wall is not None and timezone.is_naive(wall) else wall
