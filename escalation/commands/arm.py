"""Arm rules on clocks that run, in the transaction of the fact that causes it (T1)."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from escalation import policy
from escalation.locks import forget_live, is_new, keep_live, lock_timers
from escalation.models import Clock, Rule, Timer
from escalation.timers import DUE_ANCHORS, end_or_moot, hours_of, new_timer
from escalation.versions import rules_of


def arm_rules(
    clock: Clock, *, anchors: Collection[str], anchor_at: datetime, at: datetime, facts: Mapping[str, Any]
) -> list[Timer]:
    """Arm every rule anchored on `anchors`, as its next occurrence, and return the new timers.

    What of these rules still runs from an earlier anchor ends here ("again").
    """
    if not any(rule.anchor in anchors for rule in rules_of(clock.version_id)):
        return []
    made = timers_for(clock, anchors=anchors, anchor_at=anchor_at, at=at, facts=facts)
    Timer.objects.bulk_create(made)
    keep_live(clock, made)
    return made


def timers_for(
    clock: Clock, *, anchors: Collection[str], anchor_at: datetime, at: datetime, facts: Mapping[str, Any]
) -> list[Timer]:
    """Return the timers `arm_rules` would save, unsaved; earlier ones of these rules are ended already."""
    rules = [r for r in rules_of(clock.version_id) if r.anchor in anchors and _armable(r, clock, facts)]
    if not rules:
        return []
    numbers: dict[str, int] = {}
    if not is_new(clock):
        codes = {rule.code for rule in rules}
        end_or_moot((t for t in lock_timers(clock, "armed", "held") if t.rule_code in codes), reason="again", at=at)
        numbers = next_occurrences(clock, codes)
    hours = hours_of(clock)
    return [
        new_timer(
            clock, rule, anchor_at=anchor_at, at=at, facts=facts, occurrence=numbers.get(rule.code, 1), hours=hours
        )
        for rule in rules
    ]


def arm_once(clock: Clock, *, anchor: str, at: datetime) -> None:
    """Arm rules that can be armed by two events at once (F-2): the first wins, the other does nothing (I1)."""
    hours = hours_of(clock)
    rules = [rule for rule in rules_of(clock.version_id) if rule.anchor == anchor]
    timers = [new_timer(clock, rule, anchor_at=at, at=at, facts={}, hours=hours) for rule in rules]
    Timer.objects.bulk_create(timers, ignore_conflicts=True)
    forget_live(clock)


def next_occurrences(clock: Clock, codes: Collection[str]) -> dict[str, int]:
    """Return the next free occurrence of each code that has any."""
    rows = Timer.objects.filter(clock=clock, rule_code__in=codes).order_by("occurrence")
    return {code: number + 1 for code, number in rows.values_list("rule_code", "occurrence")}


def _armable(rule: Rule, clock: Clock, facts: Mapping[str, Any]) -> bool:
    """Whether its conditions hold; a warning before a due time also needs that time to lie ahead of the start."""
    if not policy.matches(rule.when, facts):
        return False
    if rule.anchor not in DUE_ANCHORS:
        return True
    due = facts.get("due_at")
    if due is None or rule.anchor == "due":
        return due is not None
    before = timedelta(seconds=policy.offset_s(rule.offset_s, rule.variants, facts))
    return bool(due - before > clock.started_at)
