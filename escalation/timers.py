"""Rows of the engine: what a clock has counted, when its timers are due, and how both are written."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from catalogue.hours import WorkingHours
from escalation import arithmetic, policy
from escalation.bulk import copy_models, copy_rows
from escalation.models import Clock, Firing, Rule, Segment, Timer, Unsealed
from escalation.working import calendar_hours, weekdays

MICRO = timedelta(microseconds=1)
DUE_ANCHORS = frozenset({"due", "before_due"})


def hours_of(clock: Clock) -> WorkingHours | None:
    """Return the clock's working hours; None = elapsed. At most 1 query for a calendar object."""
    calendar = clock.calendar
    if calendar is None or calendar.round_the_clock:
        return None
    return calendar_hours(calendar)


def accrued_at(clock: Clock, at: datetime) -> int:
    """Return the clock time counted up to `at`, microseconds."""
    if clock.running_since is None:
        return clock.accrued_us
    return clock.accrued_us + arithmetic.counted_us(clock.running_since, at, hours_of(clock))


def day_hours(clock: Clock, rule: Rule) -> WorkingHours:
    """Return the working days a `work_day` rule counts: the rule's calendar, else the clock's, else weekdays.

    Weekdays are Monday to Friday on the customer's wall, UTC without one. At most 2 queries.
    """
    calendar = rule.calendar or clock.calendar
    if calendar is not None and not calendar.round_the_clock:
        return calendar_hours(calendar)
    organisation = clock.ticket.organisation if clock.ticket is not None else clock.organisation
    return weekdays(organisation.time_zone if organisation else "UTC")


def place(timer: Timer, clock: Clock, *, at: datetime, hours: WorkingHours | None) -> Timer:
    """Set a timer's state and due from its `at_us`: armed on a running clock, held on a paused one.

    Already past when armed: due now, `nominal_at` keeps the true instant. Working days keep their due.
    """
    if timer.rule.unit == Rule.Unit.WORK_DAYS:
        return arm(timer, timer.nominal_at, at=at)
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
    """Arm at `nominal`, or at `at` when that is past; it wakes no earlier than what holds its page back ends."""
    timer.state, timer.nominal_at = Timer.State.ARMED, nominal
    timer.due_at = max(nominal, at)
    timer.wake_at = wakes_at(timer, timer.due_at)
    timer.cancelled_at, timer.cancel_reason = None, ""
    return timer


def wakes_at(timer: Timer, due_at: datetime) -> datetime:
    """Return when a timer due at `due_at` wants to fire: an acknowledgement and planned work hold its page back."""
    clock, held = timer.clock, due_at
    if clock.silenced_until is not None and timer.rule.silenced_by_ack:
        held = max(held, clock.silenced_until)
    return held if clock.muted_until is None else max(held, clock.muted_until)


def new_timer(
    clock: Clock,
    rule: Rule,
    *,
    anchor_at: datetime,
    at: datetime,
    facts: Mapping[str, Any],
    occurrence: int = 1,
    hours: WorkingHours | None,
) -> Timer:
    """Return an unsaved timer of `rule` anchored at `anchor_at`, armed at `at`, capped by `latest_s`.

    Rules anchored on the subject's due time count from `facts["due_at"]` instead.
    `at_us` of working days is the anchor: real microseconds from the clock's start.
    """
    offset = policy.offset_s(rule.offset_s, rule.variants, facts)
    if rule.anchor in DUE_ANCHORS:
        before = rule.anchor == "before_due"
        anchor_at = facts["due_at"] - timedelta(seconds=offset if before else 0)
        offset = 0 if before else offset
    timer = Timer(clock=clock, rule=rule, rule_code=rule.code, occurrence=occurrence, nominal_at=anchor_at)
    if rule.unit == Rule.Unit.WORK_DAYS:
        timer.at_us = (anchor_at - clock.started_at) // MICRO
        days, days_hours = offset // arithmetic.DAY_S, day_hours(clock, rule)
        return arm(timer, arithmetic.working_day(anchor_at, days, days_hours, end_of_day=rule.end_of_day), at=at)
    timer.at_us = accrued_at(clock, anchor_at) + offset * arithmetic.SECOND_US
    place(timer, clock, at=at, hours=hours)
    if rule.latest_s is not None and timer.due_at is not None:
        latest = clock.started_at + timedelta(seconds=rule.latest_s)
        if latest < timer.nominal_at:
            timer.at_us -= (timer.nominal_at - latest) // MICRO
            arm(timer, latest, at=at)
    return timer


_SAVE = """
UPDATE esc_timer t SET state = v.state, at_us = v.at_us, nominal_at = v.nominal_at, due_at = v.due_at,
  wake_at = v.wake_at, cancelled_at = v.cancelled_at, cancel_reason = v.cancel_reason, promised = v.promised
FROM unnest(%s::bigint[], %s::text[], %s::bigint[], %s::timestamptz[], %s::timestamptz[], %s::timestamptz[],
  %s::timestamptz[], %s::text[], %s::uuid[])
  AS v(id, state, at_us, nominal_at, due_at, wake_at, cancelled_at, cancel_reason, promised)
WHERE t.id = v.id
"""
_SAVED = ("pk", "state", "at_us", "nominal_at", "due_at", "wake_at", "cancelled_at", "cancel_reason", "promised")


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
    Segment.objects.create(
        clock=clock, seq=last + 1, from_at=at, running=running, why=why, suspension_id=suspension_id,
        calendar_id=clock.calendar_id,
    )  # fmt: skip


_CLOSE = """
UPDATE esc_segment s SET to_at = GREATEST(s.from_at, v.to_at), counted_us = v.counted_us
FROM unnest(%s::bigint[], %s::timestamptz[], %s::bigint[]) AS v(clock_id, to_at, counted_us)
WHERE s.clock_id = v.clock_id AND s.to_at IS NULL RETURNING s.clock_id
"""


def close_segments(clocks: Sequence[Clock], *, at: datetime) -> None:
    """End the open stretches; running ones add what they counted to `accrued_us` (I15). The caller saves the clocks."""
    counted = [accrued_at(clock, at) - clock.accrued_us for clock in clocks]
    with connection.cursor() as cursor:
        cursor.execute(_CLOSE, [[clock.pk for clock in clocks], [at] * len(clocks), counted])
        closed = {pk for (pk,) in cursor.fetchall()}
    for clock, more in zip(clocks, counted, strict=True):
        clock.accrued_us += more if clock.pk in closed else 0
