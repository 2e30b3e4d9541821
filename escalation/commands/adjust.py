"""Move what is armed: a wait begun anew, a promise moved, another calendar, what the ticket has become."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from catalogue.hours import WorkingHours
from catalogue.models import Calendar
from escalation import arithmetic, policy
from escalation.commands.arm import next_occurrences
from escalation.locks import keep_live, lock_timers
from escalation.models import Clock, Rule, Timer
from escalation.timers import (
    accrued_at,
    arm,
    close_segments,
    end_or_moot,
    hours_of,
    is_overdue,
    open_segment,
    place,
    save_timers,
)
from escalation.versions import rules_of
from tickets.models import Commitment

WITH_THE_CLOCK = frozenset({"start", "received"})


def restart(clock: Clock, *, event: str, at: datetime) -> None:
    """Begin the wait of every rule that restarts on `event` again from `at`, same occurrence (C-20).

    One already due stays a breach (moot), and the next occurrence is armed.
    """
    if not any(event in rule.restart_on for rule in rules_of(clock.version_id)):
        return
    for timer in [t for t in lock_timers(clock, "armed", "held") if event in t.rule.restart_on]:
        if is_overdue(timer, at):
            end_or_moot([timer], reason=event, at=at)
            number = next_occurrences(clock, {timer.rule_code})[timer.rule_code]
            timer = Timer(clock=clock, rule=timer.rule, rule_code=timer.rule_code, occurrence=number, nominal_at=at)
        wait = timer.rule.repeat_s or timer.rule.offset_s
        timer.at_us, timer.promised = accrued_at(clock, at) + wait * arithmetic.SECOND_US, None
        place(timer, clock, at=at, hours=hours_of(clock))
        if timer.pk is None:
            timer.save()
            keep_live(clock, [timer])
        else:
            save_timers([timer])


def move(clock: Clock, *, code: str, promise: Commitment, at: datetime) -> None:
    """Move a rule's due to what the customer was promised before it was due (C-10); past ones stay as they are."""
    due_at = promise.due_at
    for timer in lock_timers(clock, "armed", "held"):
        if timer.rule_code == code and not is_overdue(timer, at):
            timer.at_us = accrued_at(clock, at) + arithmetic.counted_us(at, due_at, hours_of(clock))
            timer.promised = promise.uuid
            save_timers([place(timer, clock, at=at, hours=hours_of(clock))])


def move_to(clock: Clock, *, restarts_on: str, due_at: datetime, at: datetime) -> None:
    """Move what waits for `restarts_on` to the instant that was promised for it; past ones stay as they are."""
    for timer in lock_timers(clock, "armed", "held"):
        if restarts_on in timer.rule.restart_on and not is_overdue(timer, at):
            timer.at_us = accrued_at(clock, at) + arithmetic.counted_us(at, due_at, hours_of(clock))
            save_timers([place(timer, clock, at=at, hours=hours_of(clock))])


def reconsider(clock: Clock, *, facts: Mapping[str, Any], at: datetime) -> None:
    """Let rules with variants follow what the ticket has become (urgent, complex), unless they were promised anew.

    A wait begun anew, and every later occurrence, has a time that is none of the rule's and stays as well.
    """
    changed = []
    for timer in lock_timers(clock, "armed", "held"):
        rule = timer.rule
        if not rule.variants or rule.anchor not in WITH_THE_CLOCK or rule.unit == Rule.Unit.WORK_DAYS:
            continue
        if timer.promised is not None or rule.repeat_s and timer.occurrence > 1:
            continue
        known = {n * arithmetic.SECOND_US for n in policy.offsets(rule.offset_s, rule.variants)}
        wanted = policy.offset_s(rule.offset_s, rule.variants, facts) * arithmetic.SECOND_US
        if timer.at_us in known and timer.at_us != wanted and not is_overdue(timer, at):
            timer.at_us = wanted
            changed.append(_from_start(timer, clock, at=at))
    save_timers(changed)


def switch_calendar(clock: Clock, *, calendar: Calendar | None, at: datetime) -> None:
    """Go on counting on another calendar from `at`; what is counted stays counted (reprioritised P3 ↔ P1)."""
    if clock.calendar_id == (calendar.pk if calendar else None) or clock.state == Clock.State.STOPPED:
        return
    timers = lock_timers(clock, "armed", "held")
    due = [t for t in timers if t.state == Timer.State.ARMED and not is_overdue(t, at)]
    before = hours_of(clock)
    left = {t.pk: arithmetic.counted_us(at, t.due_at or at, before) for t in due if _unheld(t)}
    running = clock.state == Clock.State.RUNNING
    if running:
        close_segments([clock], at=at)
        clock.running_since = at
    clock.calendar = calendar
    clock.epoch += 1
    clock.save(update_fields=["accrued_us", "running_since", "calendar", "epoch"])
    if running:
        open_segment(clock, at=at, running=True, why="calendar")
    hours = hours_of(clock)
    save_timers(_on_calendar(timer, clock, left.get(timer.pk), at=at, hours=hours) for timer in due)


def _unheld(timer: Timer) -> bool:
    """Whether the wait counts through pauses; working days keep their due whatever happens."""
    return not timer.rule.pausable and timer.rule.unit != Rule.Unit.WORK_DAYS


def _from_start(timer: Timer, clock: Clock, *, at: datetime) -> Timer:
    """Place a timer anchored with the clock; one that no pause holds counts from the start, pauses included."""
    hours = hours_of(clock)
    if timer.rule.pausable:
        return place(timer, clock, at=at, hours=hours)
    nominal = arithmetic.due_at(running_since=clock.started_at, accrued_us=0, at_us=timer.at_us, hours=hours)
    return arm(timer, nominal, at=at)


def _on_calendar(timer: Timer, clock: Clock, left: int | None, *, at: datetime, hours: WorkingHours | None) -> Timer:
    """Place a timer on the clock's new calendar. left: what it still had to wait where no pause holds it, else None."""
    if left is None:
        return place(timer, clock, at=at, hours=hours)
    return arm(timer, arithmetic.due_at(running_since=at, accrued_us=0, at_us=left, hours=hours), at=at)
