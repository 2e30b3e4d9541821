"""Start clocks and arm rules, in the transaction of the fact that causes it (T1)."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from catalogue.models import Calendar
from escalation import arithmetic, policy
from escalation.locks import begin_live, forget_live, is_new, keep_live, lock_timers
from escalation.models import Clock, PolicyVersion, Timer
from escalation.timers import (
    accrued_at,
    close_segments,
    end_or_moot,
    hours_of,
    is_overdue,
    new_timer,
    open_segment,
    place,
    save_timers,
)
from escalation.versions import rules_of
from tickets.models import Ticket


def start_clock(
    *,
    version: PolicyVersion,
    subject_kind: str,
    subject_id: int,
    ticket: Ticket,
    run_no: int,
    calendar: Calendar | None,
    started_at: datetime,
    at: datetime,
    anchors: Collection[str],
    facts: Mapping[str, Any],
) -> Clock:
    """Start one policy on one subject and arm its rules anchored on one of `anchors`, side by side.

    started_at  the anchor; earlier than `at` when the ticket was received before it was logged. What is past then
                is due at `at`.
    """
    clock = Clock.objects.create(
        subject_kind=subject_kind, subject_id=subject_id, ticket=ticket, kind=version.policy.key, run_no=run_no,
        version=version, calendar=calendar, started_at=started_at, running_since=started_at,
    )  # fmt: skip
    begin_live(clock)
    open_segment(clock, at=started_at, running=True, why="started", first=True)
    arm_rules(clock, anchors=anchors, anchor_at=started_at, at=at, facts=facts)
    return clock


def arm_rules(
    clock: Clock, *, anchors: Collection[str], anchor_at: datetime, at: datetime, facts: Mapping[str, Any]
) -> list[Timer]:
    """Arm every rule anchored on `anchors`, as its next occurrence, and return the new timers.

    What of these rules still runs from an earlier dispatch ends here ("again").
    """
    rules = [r for r in rules_of(clock.version_id) if r.anchor in anchors and policy.matches(r.when, facts)]
    if not rules:
        return []
    codes = {rule.code for rule in rules}
    before = not is_new(clock)
    end_or_moot((t for t in lock_timers(clock, "armed", "held") if t.rule_code in codes), reason="again", at=at)
    numbers = next_occurrences(clock, codes) if before else {}
    hours, made = hours_of(clock), []
    for rule in rules:
        timer = new_timer(clock, rule, at=anchor_at, facts=facts, occurrence=numbers.get(rule.code, 1), hours=hours)
        if timer.due_at is not None:
            timer.due_at = timer.wake_at = max(timer.nominal_at, at)
        made.append(timer)
    Timer.objects.bulk_create(made)
    keep_live(clock, made)
    return made


def arm_once(clock: Clock, *, anchor: str, at: datetime) -> None:
    """Arm rules that can be armed by two events at once (F-2): the first wins, the other does nothing (I1)."""
    hours = hours_of(clock)
    rules = [rule for rule in rules_of(clock.version_id) if rule.anchor == anchor]
    timers = [new_timer(clock, rule, at=at, facts={}, hours=hours) for rule in rules]
    Timer.objects.bulk_create(timers, ignore_conflicts=True)
    forget_live(clock)


def retime(clock: Clock, *, code: str, at: datetime) -> None:
    """Start a repeating rule's wait again from `at`, same occurrence (C-20). One already due stays a breach."""
    for timer in lock_timers(clock, "armed", "held"):
        period = timer.rule.repeat_s
        if timer.rule_code != code or not period:
            continue
        if is_overdue(timer, at):
            end_or_moot([timer], reason="progress", at=at)
            number = next_occurrences(clock, {code})[code]
            timer = Timer(clock=clock, rule=timer.rule, rule_code=code, occurrence=number, nominal_at=at)
        timer.at_us = accrued_at(clock, at) + period * arithmetic.SECOND_US
        place(timer, clock, at=at, hours=hours_of(clock))
        if timer.pk is None:
            timer.save()
            keep_live(clock, [timer])
        else:
            save_timers([timer])


def move(clock: Clock, *, code: str, due_at: datetime, at: datetime) -> None:
    """Move a rule's due to what the customer was promised before it was due (C-10); past ones stay as they are."""
    for timer in lock_timers(clock, "armed", "held"):
        if timer.rule_code == code and not is_overdue(timer, at):
            timer.at_us = accrued_at(clock, at) + arithmetic.counted_us(at, due_at, hours_of(clock))
            save_timers([place(timer, clock, at=at, hours=hours_of(clock))])


def reconsider(clock: Clock, *, facts: Mapping[str, Any], at: datetime) -> None:
    """Let rules with variants follow what the ticket has become (urgent, complex), unless a person moved them."""
    changed = []
    for timer in lock_timers(clock, "armed", "held"):
        rule = timer.rule
        known = {n * arithmetic.SECOND_US for n in policy.offsets(rule.offset_s, rule.variants)}
        wanted = policy.offset_s(rule.offset_s, rule.variants, facts) * arithmetic.SECOND_US
        if rule.variants and timer.at_us in known and timer.at_us != wanted:
            timer.at_us = wanted
            changed.append(place(timer, clock, at=at, hours=hours_of(clock)))
    save_timers(changed)


def switch_calendar(clock: Clock, *, calendar: Calendar | None, at: datetime) -> None:
    """Go on counting on another calendar from `at`; what is counted stays counted (reprioritised P3 ↔ P1)."""
    if clock.calendar_id == (calendar.pk if calendar else None) or clock.state == Clock.State.STOPPED:
        return
    timers = lock_timers(clock, "armed", "held")
    due = [t for t in timers if t.state == Timer.State.ARMED and not is_overdue(t, at)]
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
        save_timers(place(timer, clock, at=at, hours=hours) for timer in due)


def next_occurrences(clock: Clock, codes: Collection[str]) -> dict[str, int]:
    """Return the next free occurrence of each code that has any."""
    rows = Timer.objects.filter(clock=clock, rule_code__in=codes).order_by("occurrence")
    return {code: number + 1 for code, number in rows.values_list("rule_code", "occurrence")}
