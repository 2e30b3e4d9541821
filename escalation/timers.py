"""Rows of the engine, locked and written in the one order: ticket, chain, clock, timers by id (lock order)."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from catalogue.hours import WorkingHours
from escalation import arithmetic, policy
from escalation.bulk import copy_models, copy_rows
from escalation.models import Clock, Firing, Rule, Segment, Timer, Unsealed


def hours_of(clock: Clock) -> WorkingHours | None:
    """Return the clock's working hours; None = elapsed. At most 3 queries, none for elapsed clocks."""
    if clock.calendar is None or clock.calendar.round_the_clock:
        return None
    return clock.calendar.hours()


def accrued_at(clock: Clock, at: datetime) -> int:
    """Return the clock time counted up to `at`, microseconds."""
    if clock.running_since is None:
        return clock.accrued_us
    return clock.accrued_us + arithmetic.counted_us(clock.running_since, at, hours_of(clock))


def lock_clocks(**conditions: Any) -> list[Clock]:
    """Lock clocks NO KEY in id order and return them with calendar and version."""
    rows = Clock.objects.filter(**conditions).select_for_update(no_key=True, of=("self",))
    return list(rows.select_related("calendar", "version__policy").order_by("pk"))


def lock_timers(clock: Clock, *states: str) -> list[Timer]:
    """Lock the clock's timers in `states`, by id, and return all of them with their rules.

    A firing that holds one of them commits a next occurrence our first snapshot does not show: look again until
    nothing new appears. What we hold nobody else can claim, so it ends after one more look.
    """
    held: dict[int, Timer] = {}
    while True:
        rows = Timer.objects.filter(clock=clock, state__in=states).select_for_update(no_key=True, of=("self",))
        found = {t.pk: t for t in rows.select_related("rule").order_by("pk")}
        if found.keys() == held.keys():
            return list(found.values())
        held = found


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


TIMER_FIELDS = ["state", "at_us", "nominal_at", "due_at", "wake_at", "cancelled_at", "cancel_reason"]


def save_timers(timers: Iterable[Timer]) -> None:
    """Write changed timers in one statement."""
    Timer.objects.bulk_update(list(timers), TIMER_FIELDS)


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


def open_segment(clock: Clock, *, at: datetime, running: bool, why: str, suspension_id: int | None = None) -> None:
    """Start the next stretch of a clock."""
    last = Segment.objects.filter(clock=clock).order_by("-seq").values_list("seq", flat=True).first() or 0
    Segment.objects.create(clock=clock, seq=last + 1, from_at=at, running=running, why=why, suspension_id=suspension_id)


def close_segment(clock: Clock, *, at: datetime) -> None:
    """End the open stretch; a running one adds what it counted to `accrued_us` (I15). The caller saves the clock."""
    segment = Segment.objects.filter(clock=clock, to_at=None).first()
    if segment is None:
        return
    segment.to_at = max(at, segment.from_at)
    if segment.running:
        segment.counted_us = arithmetic.counted_us(segment.from_at, segment.to_at, hours_of(clock))
        clock.accrued_us += segment.counted_us
    segment.save(update_fields=["to_at", "counted_us"])
