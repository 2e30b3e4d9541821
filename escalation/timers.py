"""Rows of the engine, locked and written in the one order: ticket, chain, clock, timers by id (lock order)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Count, F, Subquery, Value, Window
from django.db.models.functions import Greatest

from catalogue.hours import WorkingHours
from catalogue.models import Calendar
from escalation import arithmetic, policy
from escalation.bulk import copy_models, copy_rows
from escalation.models import Clock, Firing, Rule, Segment, Timer, Unsealed
from escalation.versions import rule_of, versions

LIVE = (Timer.State.ARMED, Timer.State.HELD)


def hours_of(clock: Clock) -> WorkingHours | None:
    """Return the clock's working hours; None = elapsed. 2 queries for each calendar object, then none."""
    calendar = clock.calendar
    if calendar is None or calendar.round_the_clock:
        return None
    return calendar_hours(calendar)


def calendar_hours(calendar: Calendar) -> WorkingHours:
    """Return the calendar's hours, kept on the object: it was read in this transaction and leaves with it."""
    known: WorkingHours | None = calendar.__dict__.get("_hours")
    if known is None:
        known = calendar.__dict__["_hours"] = calendar.hours()
    return known


def accrued_at(clock: Clock, at: datetime) -> int:
    """Return the clock time counted up to `at`, microseconds."""
    if clock.running_since is None:
        return clock.accrued_us
    return clock.accrued_us + arithmetic.counted_us(clock.running_since, at, hours_of(clock))


def lock_clocks(**conditions: Any) -> list[Clock]:
    """Lock clocks NO KEY in id order and return them with calendar and version.

    Their timers are locked together, with the first of them that is asked for its own (`lock_timers`).
    """
    rows = Clock.objects.filter(**conditions).select_for_update(no_key=True, of=("self",))
    clocks = list(rows.select_related("calendar").order_by("pk"))
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
    rows = Timer.objects.filter(clock__in=by_pk, state__in=states)
    seen = Subquery(rows.order_by().annotate(n=Window(Count("*"))).values("n")[:1])
    empty = False
    while True:
        found = list(rows.annotate(seen=seen).select_for_update(no_key=True, of=("self",)).order_by("pk"))
        if len(found) == (found[0].seen if found else 0) and (found or empty):
            break
        empty = not found
    for timer in found:
        timer.clock = by_pk[timer.clock_id]
        timer.rule = rule_of(timer.clock.version_id, timer.rule_id)
    return found


def place(timer: Timer, clock: Clock, *, at: datetime, hours: WorkingHours | None) -> Timer:
    """Set a timer's state and due from its `at_us`: armed on a running clock, held on a paused one.

    Already past when armed: due now, `nominal_at` keeps the true instant.
    """
    if clock.running_since is not None:
        nominal = arithmetic.due_at(
            running_since=clock.running_since, accrued_us=clock.accrued_us, at_us=timer.at_us, hours=hours
        )
        return arm(timer, nominal, at=at)
    if timer.rule.pausable:
        timer.state, timer.due_at, timer.wake_at = Timer.State.HELD, None, None
        return timer
    left = timer.at_us - clock.accrued_us
    return arm(timer, arithmetic.due_at(running_since=at, accrued_us=0, at_us=left, hours=hours), at=at)


def arm(timer: Timer, nominal: datetime, *, at: datetime) -> Timer:
    """Arm at `nominal`, or at `at` when that is past."""
    timer.state, timer.nominal_at = Timer.State.ARMED, nominal
    timer.due_at = timer.wake_at = max(nominal, at)
    timer.cancelled_at, timer.cancel_reason = None, ""
    return timer


def new_timer(
    clock: Clock, rule: Rule, *, at: datetime, facts: Mapping[str, Any], occurrence: int = 1, hours: WorkingHours | None
) -> Timer:
    """Return an unsaved timer of `rule` anchored at `at`, capped by `latest_s` after the clock's start."""
    offset = policy.offset_s(rule.offset_s, rule.variants, facts) * arithmetic.SECOND_US
    timer = Timer(clock=clock, rule=rule, rule_code=rule.code, occurrence=occurrence, nominal_at=at)
    timer.at_us = accrued_at(clock, at) + offset
    place(timer, clock, at=at, hours=hours)
    if rule.latest_s is not None and timer.due_at is not None:
        latest = clock.started_at + timedelta(seconds=rule.latest_s)
        if latest < timer.nominal_at:
            timer.at_us -= (timer.nominal_at - latest) // timedelta(microseconds=1)
            arm(timer, latest, at=at)
    return timer


_SAVE = """
UPDATE esc_timer t SET state = v.state, at_us = v.at_us, nominal_at = v.nominal_at, due_at = v.due_at,
  wake_at = v.wake_at, cancelled_at = v.cancelled_at, cancel_reason = v.cancel_reason
FROM unnest(%s::bigint[], %s::text[], %s::bigint[], %s::timestamptz[], %s::timestamptz[], %s::timestamptz[],
  %s::timestamptz[], %s::text[]) AS v(id, state, at_us, nominal_at, due_at, wake_at, cancelled_at, cancel_reason)
WHERE t.id = v.id
"""
_SAVED = ("pk", "state", "at_us", "nominal_at", "due_at", "wake_at", "cancelled_at", "cancel_reason")


def save_timers(timers: Iterable[Timer]) -> None:
    """Write changed timers in one statement, none for no timers."""
    changed = list(timers)
    if changed:
        with connection.cursor() as cursor:
            cursor.execute(_SAVE, [[getattr(timer, name) for timer in changed] for name in _SAVED])


def write_firings(firings: list[Firing]) -> None:
    """Insert firings and put them in line for sealing."""
    copy_models(firings)
    copy_rows(Unsealed, ["firing_id"], ([firing.pk] for firing in firings))


def is_overdue(timer: Timer, at: datetime) -> bool:
    """Whether an armed timer's time has come."""
    return timer.state == Timer.State.ARMED and timer.due_at is not None and timer.due_at <= at


def end_or_moot(timers: Iterable[Timer], *, reason: str, at: datetime) -> list[Timer]:
    """Cancel timers; an armed one already due becomes a moot firing instead: the breach stays, nobody is paged."""
    changed, moot = [], []
    for timer in timers:
        if is_overdue(timer, at):
            timer.state = Timer.State.FIRED
            moot.append(_moot(timer, at))
        else:
            timer.state, timer.cancelled_at, timer.cancel_reason = Timer.State.CANCELLED, at, reason
        changed.append(timer)
    save_timers(changed)
    write_firings(moot)
    return changed


def _moot(timer: Timer, at: datetime) -> Firing:
    return Firing(
        timer_id=timer.pk, clock_id=timer.clock_id, rule_id=timer.rule_id, rule_code=timer.rule_code,
        occurrence=timer.occurrence, due_at=timer.due_at or at, fired_at=at, outcome=Firing.Outcome.MOOT, cause="due",
        engine_id="stop",
    )  # fmt: skip


def open_segment(
    clock: Clock, *, at: datetime, running: bool, why: str, suspension_id: int | None = None, first: bool = False
) -> None:
    """Start the next stretch of a clock. first: the clock is new, so it is its first."""
    last = 0
    if not first:
        last = Segment.objects.filter(clock=clock).order_by("-seq").values_list("seq", flat=True).first() or 0
    Segment.objects.create(clock=clock, seq=last + 1, from_at=at, running=running, why=why, suspension_id=suspension_id)


def close_segment(clock: Clock, *, at: datetime) -> None:
    """End the open stretch; a running one adds what it counted to `accrued_us` (I15). The caller saves the clock."""
    since = clock.running_since
    counted = arithmetic.counted_us(since, at, hours_of(clock)) if since is not None else 0
    ends = Greatest(F("from_at"), Value(at))
    if Segment.objects.filter(clock=clock, to_at=None).update(to_at=ends, counted_us=counted):
        clock.accrued_us += counted
