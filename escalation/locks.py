"""Clocks and timers locked in the one order: ticket, chain, clocks by id, timers by id (lock order)."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Count, Subquery, Window

from catalogue.models import Calendar
from escalation.models import Clock, Timer
from escalation.versions import rule_of, versions

LIVE = (Timer.State.ARMED, Timer.State.HELD)


def lock_clocks(**conditions: Any) -> list[Clock]:
    """Lock clocks NO KEY in id order and return them with calendar and version.

    Their timers are locked together, with the first of them that is asked for its own (`lock_timers`).
    """
    rows = Clock.objects.filter(**conditions).select_for_update(no_key=True, of=("self",))
    clocks: list[Clock] = list(rows.select_related("calendar").order_by("pk"))
    known = versions(clock.version_id for clock in clocks)
    calendars: dict[int, Calendar] = {}
    for clock in clocks:
        clock.version = known[clock.version_id]
        if clock.calendar is not None:
            clock.calendar = calendars.setdefault(clock.calendar.pk, clock.calendar)
        clock.__dict__["_beside"] = clocks
    return clocks


def lock_timers(clock: Clock, *states: str) -> list[Timer]:
    """Return the clock's timers in `states` (armed, held), by id, locked, with their rules.

    The first call locks those of every clock locked beside it; later ones see what was done to them since.
    """
    live = clock.__dict__.get("_live")
    if live is None:
        beside = [c for c in clock.__dict__.get("_beside", (clock,)) if "_live" not in c.__dict__]
        found = _locked_timers(beside, LIVE)
        for one in beside:
            one.__dict__["_live"] = [timer for timer in found if timer.clock_id == one.pk]
        live = clock.__dict__["_live"]
    return [timer for timer in live if timer.state in states]


def stopped_timers(clock: Clock) -> list[Timer]:
    """Lock and return the clock's cancelled timers, by id, with their rules."""
    return _locked_timers([clock], (Timer.State.CANCELLED,))


def keep_live(clock: Clock, timers: Iterable[Timer]) -> None:
    """Add saved timers to those the clock's holder knows of."""
    if "_live" in clock.__dict__:
        clock.__dict__["_live"].extend(timers)


def begin_live(clock: Clock) -> None:
    """Say of a clock made in this transaction that it has no timers yet."""
    clock.__dict__["_live"] = []


def is_new(clock: Clock) -> bool:
    """Whether the clock was made in this transaction and nothing was armed on it yet."""
    return clock.__dict__.get("_live") == [] and "_beside" not in clock.__dict__


def forget_live(clock: Clock) -> None:
    """Have the clock's timers read and locked again when they are next asked for."""
    clock.__dict__.pop("_live", None)


def _locked_timers(clocks: Sequence[Clock], states: Sequence[str]) -> list[Timer]:
    """Lock the clocks' timers in `states`, by id.

    A firing that holds one of them commits a next occurrence our snapshot does not show, and drops the one it took:
    then fewer rows come than the snapshot counted, and we look again. What we hold nobody else can claim, so it ends.
    """
    by_pk = {clock.pk: clock for clock in clocks}
    rows = Timer.objects.filter(clock__in=list(by_pk), state__in=states)
    counted = Subquery(rows.order_by().annotate(n=Window(Count("*"))).values("n")[:1])
    locked = rows.annotate(counted=counted).select_for_update(no_key=True, of=("self",)).order_by("pk")
    empty = False
    while True:
        found: list[Any] = list(locked.all())
        if found and len(found) == found[0].counted or not found and empty:
            break
        empty = not found
    for timer in found:
        timer.clock = by_pk[timer.clock_id]
        timer.rule = rule_of(timer.clock.version_id, timer.rule_id)
    return found
