"""One person's turns as a calendar (RFC 5545) behind a secret address: read-only, revocable, no tickets in it."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from icalendar import Calendar, Event

from accounts.models import Absence, User
from escalation.board_rosters import own_turns
from escalation.commands.roster_feed import feed_owner
from escalation.rosters.shapes import Plan, Turn
from ledger import clock

BACK, AHEAD = timedelta(days=14), timedelta(days=180)
WHO = "holder of a feed link"


@require_safe
def on_call_feed(request: HttpRequest, token: str) -> HttpResponse:
    """Answer with the calendar of whoever the token belongs to; a wrong one is a page that does not exist."""
    user = feed_owner(token)
    if user is None:
        raise Http404
    at = clock.now()
    with translation.override(user.language):
        turns = own_turns(user, _month(at - BACK), _month(at + AHEAD))
        away = Absence.objects.filter(user=user, to_at__gt=_month(at - BACK), from_at__lt=_month(at + AHEAD))
        body = calendar(user, turns, at, away)
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Content-Disposition"] = 'inline; filename="on-call.ics"'
    return response


def _month(at: datetime) -> datetime:
    """The first of its month: what is read today and tomorrow is cut at the same instants, so events keep their UID."""
    return at.replace(day=1, hour=0, minute=0, second=0, microsecond=0)


on_call_feed.who = WHO


def calendar(user: User, turns: Iterable[tuple[Plan, Turn]], at: datetime, away: Iterable[Absence] = ()) -> bytes:
    """Return turns and absences as RFC 5545, every instant in UTC; the same one keeps its UID from one reading to the
    next. Why somebody is away is not in it."""
    host = urlsplit(settings.BASE_URL).hostname or "desk"
    made = Calendar()
    made.add("prodid", "-//Service desk//On call//EN")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", _("On call: %(name)s") % {"name": user.name})
    for plan, turn in turns:
        uid, words = f"{plan.uuid}-{turn.from_at:%Y%m%dT%H%M%SZ}@{host}", _("On call: %(name)s") % {"name": plan.name}
        made.add_component(_event(uid, words, turn.from_at, turn.to_at, at))
    for absence in away:
        if absence.to_at > absence.from_at:
            made.add_component(_event(f"{absence.uuid}@{host}", _("Away"), absence.from_at, absence.to_at, at))
    return made.to_ical()


def _event(uid: str, words: str, begin: datetime, end: datetime, at: datetime) -> Event:
    event = Event()
    event.add("uid", uid)
    event.add("dtstamp", at.replace(microsecond=0))
    event.add("dtstart", begin)
    event.add("dtend", end)
    event.add("summary", words)
    event.add("transp", "TRANSPARENT")
    return event
