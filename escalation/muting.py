"""Planned work holds pages back (decisions 15): inside the window of running work nothing of a fault rings, nor
anything of a ticket that an alarm opened. Clocks run on and deadlines stay where they are: what fell due meanwhile and
is not met by the end of the window pages then. A formal escalation is never held back.
"""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from escalation import policy
from escalation.locks import lock_clocks, lock_timers
from escalation.models import Clock, Timer
from escalation.timers import save_timers, wakes_at
from ledger.actor import ENGINE, Actor
from ledger.models import Entry
from ledger.record import record
from ledger.unwatched import is_unwatched
from tickets.models import Maintenance, Ticket
from tickets.queries_maintenance import holding, tickets_inside
from tickets.words import Channel, Kind

FAULT_RULES = [str(Kind.FAULT)]


def is_muted(conditions: dict, channel: str) -> bool:
    """Whether a window holds back a ticket's clock of a policy with these conditions. Pure.

    All of a ticket that an alarm opened; of any other only rules for faults alone, and none that count from the
    solution (the report).
    """
    if channel == Channel.ALARM:
        return True
    return conditions.get("kind") == FAULT_RULES and conditions.get(policy.STARTS_ON) != "resolved"


def follow_window(ticket: Ticket, live: Callable[[], list[Clock]], *, at: datetime, moved: bool) -> None:
    """Hold back, or let go, the pages of a ticket's live clocks by the work that runs on its service now.

    live   the locked clocks, asked only where something may change. moved: the ticket may have left a window.
    The ticket's row lock is held. 1 query where nothing changes; 0 in an unwatched run, which knows no planned work.
    """
    if is_unwatched():
        return
    window = holding(ticket.service_id, at) if ticket.service_id is not None else None
    if window is None and not moved:
        return
    until = window.ends_at if window else None
    held = [clock for clock in live() if clock.subject_kind == "ticket"]
    before = max((clock.muted_until for clock in held if clock.muted_until is not None), default=None)
    for clock in held:
        muted = until if until is not None and is_muted(clock.version.conditions, ticket.channel) else None
        _set(clock, muted, at=at)
    after = max((clock.muted_until for clock in held if clock.muted_until is not None), default=None)
    if after != before and after is not None and window is not None:
        _tell("ticket.pages_held", ticket, at, window=window.number, until=after)
    elif before is not None and before > at and after is None:
        _tell("ticket.pages_released", ticket, at)


def on_window_fact(entry: Entry, *, about: Any, actor: Actor) -> None:
    """Let every open ticket inside a window follow it: begun, prolonged, over. The window's row lock is held."""
    if not isinstance(about, Maintenance):
        return
    rows = tickets_inside(about).select_related("organisation").select_for_update(no_key=True, of=("self",))
    for ticket in rows.order_by("pk"):
        live = partial(lock_clocks, ticket=ticket, subject_kind="ticket", stopped_at=None)
        follow_window(ticket, live, at=entry.at, moved=True)


def _set(clock: Clock, until: datetime | None, *, at: datetime) -> None:
    """Hold back what has not woken yet; let go what only this held. What could have fired by now still fires."""
    if clock.muted_until == until:
        return
    waiting = [t for t in lock_timers(clock, Timer.State.ARMED) if t.wake_at is not None and t.wake_at > at]
    clock.muted_until = until
    clock.save(update_fields=["muted_until"])
    for timer in waiting:
        timer.wake_at = wakes_at(timer, timer.due_at or at)
    save_timers(waiting)


def _tell(name: str, ticket: Ticket, at: datetime, **data: Any) -> None:
    record(name, chain=ticket.chain, actor=ENGINE, at=at, about=ticket, **data)
