"""A calendar's hours or holidays changed: what still waits on it is due by the hours as they stand now (T7)."""

from datetime import datetime
from typing import Any

from django.db import transaction

from catalogue.models import Calendar
from escalation.locks import lock_clocks, lock_timers
from escalation.models import Clock, Rule, Segment, Timer
from escalation.next_due import refresh_many
from escalation.timers import hours_of, is_overdue, place, save_timers
from ledger.actor import Actor
from ledger.models import Entry
from tickets.models import Ticket

CALENDARS = "configuration:catalogue.calendar"
TOGETHER = 50


def on_configuration(entry: Entry, *, about: Any, actor: Actor) -> None:
    """Reaction to configuration.changed, in that fact's transaction: only calendars mean anything here."""
    if entry.chain != CALENDARS:
        return
    key = Calendar.objects.filter(uuid=entry.data.get("row")).values_list("pk", flat=True).first()
    if key is not None:
        recount_calendar(calendar_id=key, at=entry.at)


def recount_calendar(*, calendar_id: int, at: datetime) -> int:
    """Place every waiting timer of clocks that run on a calendar anew; return how many tickets were looked at.

    What a clock counted in ended stretches stays counted; its open stretch counts by the new hours. What is due stays
    due. Working days keep their due, and so does what runs through a pause the clock has had.
    """
    going = Clock.objects.filter(calendar_id=calendar_id, state=Clock.State.RUNNING, ticket__isnull=False)
    tickets = sorted(set(going.values_list("ticket_id", flat=True)))
    for first in range(0, len(tickets), TOGETHER):
        _recount(tickets[first : first + TOGETHER], calendar_id, at)
    return len(tickets)


@transaction.atomic
def _recount(ticket_ids: list[int], calendar_id: int, at: datetime) -> None:
    list(Ticket.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=ticket_ids).order_by("pk"))
    clocks = lock_clocks(ticket_id__in=ticket_ids, calendar_id=calendar_id, state=Clock.State.RUNNING)
    paused = Segment.objects.filter(clock__in=clocks, running=False).values_list("clock_id", flat=True)
    interrupted = set(paused)
    for clock in clocks:
        hours, waiting = hours_of(clock), lock_timers(clock, Timer.State.ARMED)
        save_timers(
            place(timer, clock, at=at, hours=hours)
            for timer in waiting
            if not is_overdue(timer, at) and _moves(timer, clock.pk in interrupted)
        )
    refresh_many(ticket_ids)


def _moves(timer: Timer, interrupted: bool) -> bool:
    return timer.rule.unit != Rule.Unit.WORK_DAYS and (timer.rule.pausable or not interrupted)
