"""The figures above the board: what is due, who is silent, how calls are answered, who is on now."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from escalation.board import Board
from escalation.oncall import who
from escalation.queries import health
from servicedesk.web import times
from tickets import words
from tickets.models import Interaction

TARGET = timedelta(seconds=20)
SILENT_SECONDS = 10


def row(board: Board, at: datetime) -> list[dict[str, Any]]:
    """Return the figures in the order of the design. 1 query."""
    answered = calls_in_time(at)
    over = _("%(n)d over time") % {"n": board.overdue} if board.overdue else ""
    return [
        {"label": _("Due within 5 min"), "value": board.soon, "icon": "hourglass-low",
         "state": "soon" if board.soon else None},
        {"label": _("Contacts not confirmed"), "value": board.unconfirmed, "icon": "user-question", "note": over,
         "note_state": "breached" if over else None},
        {"label": _("No news over 30 min"), "value": board.silent, "icon": "speakerphone",
         "state": "soon" if board.silent else None},
        {"label": _("Calls answered in 20 s, today"), "value": None if answered is None else f"{answered}%",
         "icon": "phone", "note": _("target 90%")},
    ]  # fmt: skip


def calls_in_time(at: datetime) -> int | None:
    """Return the share of today's inbound calls answered within 20 s, percent; None without calls (C-07). 1 query."""
    midnight = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    calls = Interaction.objects.filter(channel=words.Channel.CALL, direction=Interaction.Direction.IN)
    today = calls.filter(started_at__gte=midnight, started_at__lte=at)
    in_time = Q(answered_at__lte=F("started_at") + TARGET)
    counted = today.aggregate(n=Count("pk"), good=Count("pk", filter=in_time))
    return round(100 * counted["good"] / counted["n"]) if counted["n"] else None


def on_now(at: datetime) -> Any:
    """Return who is duty manager now, everywhere. 4 queries."""
    return who("duty_manager", at=at, organisation_id=None).user


def engine_warning(at: datetime) -> str:
    """Return what is wrong with the engine in one sentence, "" while it keeps time. 5 queries."""
    seen = health(at)
    if not seen.ok:
        late = times.span(timedelta(seconds=seen.lag_s))
        return _("The escalation engine is %(late)s behind. What is due fires late.") % {"late": late}
    if not any(age <= SILENT_SECONDS for age in seen.engines.values()):
        return _("No escalation engine answers. Deadlines do not fire until one runs.")
    return ""
