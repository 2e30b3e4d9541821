"""What happens to one running clock when it is moved to another version of its policy (escalation-engine.md, "Policy
edits"): rules are matched by code, due times recomputed from what the clock has counted. Reads rows, writes none."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from catalogue.hours import WorkingHours
from escalation import arithmetic, policy
from escalation.models import Clock, Rule, Segment, Timer
from escalation.timers import MICRO, arm, day_hours, is_overdue, place

REMOVED, SKIPPED = "rule_removed", "past_skipped"
TOLERANCE = timedelta(seconds=1)
TIMES = ("anchor", "offset_s", "unit", "end_of_day", "latest_s", "repeat_s", "max_occurrences", "calendar_id",
         "pausable", "variants")  # fmt: skip


@dataclass(kw_only=True, slots=True)
class Known:
    """What is known of a clock's subject. facts None = nothing: then conditions decide nothing.

    anchors   when the events came that rules count from. stopped: events that came and stop rules.
    """

    facts: Mapping[str, Any] | None
    anchors: Mapping[str, datetime]
    stopped: Collection[str]


@dataclass(kw_only=True, slots=True)
class Move:
    """The changes of one clock. `past`: codes whose new time has passed already, fired or skipped as was chosen."""

    kept: list[Timer] = field(default_factory=list)
    moved: list[Timer] = field(default_factory=list)
    ended: list[Timer] = field(default_factory=list)
    skipped: list[Timer] = field(default_factory=list)
    added: list[Timer] = field(default_factory=list)
    past: list[str] = field(default_factory=list)


def plan_move(
    clock: Clock, before: Iterable[Rule], after: Iterable[Rule], timers: list[Timer], *, known: Known,
    segments: list[Segment], hours: WorkingHours | None, fire: Collection[str] | None, at: datetime,
) -> Move:  # fmt: skip
    """Return what moving `clock` from the rules `before` to the rules `after` does; timers are changed, not saved.

    timers  every timer of the clock. fire: codes that fire at once where they are past, None = all of them.

    What fired stays fired and never fires again (I1); what was due before stays due.
    """
    was, now = {rule.code: rule for rule in before}, {rule.code: rule for rule in after}
    move = Move()
    seen = {timer.rule_code for timer in timers if timer.cancel_reason != REMOVED}
    for timer in timers:
        rule = now.get(timer.rule_code)
        if timer.state in {Timer.State.FIRED, Timer.State.CANCELLED}:
            continue
        if rule is None or not _holds(rule, known):
            move.ended.append(timer)
        else:
            old = was.get(timer.rule_code, timer.rule)
            _recount(clock, timer, old, rule, move, known=known, segments=segments, hours=hours, fire=fire, at=at)
    again = {timer.rule_code: timer for timer in timers if timer.cancel_reason == REMOVED}
    for code, rule in now.items():
        fresh = code not in was or not _holds(was[code], known)
        if code not in seen and (fresh or code in again):
            _add(clock, rule, move, again.get(code), known=known, segments=segments, hours=hours, fire=fire, at=at)
    return move


def _holds(rule: Rule, known: Known) -> bool:
    return known.facts is None or policy.matches(rule.when, known.facts)


def _recount(
    clock: Clock, timer: Timer, old: Rule, rule: Rule, move: Move, *, known: Known, segments: list[Segment],
    hours: WorkingHours | None, fire: Collection[str] | None, at: datetime,
) -> None:  # fmt: skip
    """Give a live timer its new rule and time. One that is due already, or that a person moved, keeps its time."""
    overdue = is_overdue(timer, at)
    anchor = known.anchors.get(rule.anchor if rule.anchor == old.anchor else old.anchor)
    shown = (timer.at_us, timer.due_at, timer.state)
    timer.rule = rule
    if overdue or timer.promised is not None or _same(old, rule):
        move.kept.append(timer)
        return
    if rule.max_occurrences and timer.occurrence > rule.max_occurrences or timer.occurrence > 1 and not rule.repeat_s:
        move.ended.append(timer)
        return
    if timer.occurrence == 1 and anchor is not None:
        plain = _timer(clock, old, anchor, known, segments, hours, at)
        if abs(plain.at_us - timer.at_us) * MICRO <= TOLERANCE:
            _take(timer, _timer(clock, rule, known.anchors.get(rule.anchor, anchor), known, segments, hours, at), at)
        else:
            _shift(clock, timer, old, rule, hours, at)
    else:
        _shift(clock, timer, old, rule, hours, at)
    if (timer.at_us, timer.due_at, timer.state) == shown:
        move.kept.append(timer)
    elif timer.state == Timer.State.ARMED and timer.nominal_at <= at:
        _past(clock, timer, move, hours=hours, fire=fire, at=at)
    else:
        move.moved.append(timer)


def _shift(clock: Clock, timer: Timer, old: Rule, rule: Rule, hours: WorkingHours | None, at: datetime) -> None:
    """Later occurrences and waits begun anew move by what their period changed; what a person moved stays."""
    if rule.unit == Rule.Unit.WORK_DAYS or not (old.repeat_s and rule.repeat_s):
        return
    timer.at_us += (rule.repeat_s - old.repeat_s) * arithmetic.SECOND_US
    place(timer, clock, at=at, hours=hours)


def _add(
    clock: Clock, rule: Rule, move: Move, again: Timer | None, *, known: Known, segments: list[Segment],
    hours: WorkingHours | None, fire: Collection[str] | None, at: datetime,
) -> None:  # fmt: skip
    """Arm a rule the clock did not have, if its event came, its conditions hold and nothing stopped it since."""
    anchor = known.anchors.get(rule.anchor)
    if anchor is None or (rule.when and known.facts is None) or not _holds(rule, known):
        return
    if set(rule.stop_on) & set(known.stopped):
        return
    made = _timer(clock, rule, anchor, known, segments, hours, at)
    timer = again or made
    if again is not None:
        again.rule = rule
        _take(again, made, at)
    if timer.state == Timer.State.ARMED and timer.nominal_at <= at:
        _past(clock, timer, move, hours=hours, fire=fire, at=at)
    else:
        (move.added if timer.pk is None else move.moved).append(timer)


def _past(
    clock: Clock, timer: Timer, move: Move, *, hours: WorkingHours | None, fire: Collection[str] | None, at: datetime
) -> None:
    """Fire at once, or skip: cancelled, and a repeating rule goes on with its first occurrence that lies ahead."""
    move.past.append(timer.rule_code)
    if fire is None or timer.rule_code in fire:
        (move.added if timer.pk is None else move.moved).append(timer)
        return
    rule, at_us, number = timer.rule, timer.at_us, timer.occurrence
    timer.state, timer.cancelled_at, timer.cancel_reason = Timer.State.CANCELLED, at, SKIPPED
    (move.added if timer.pk is None else move.skipped).append(timer)
    while rule.repeat_s and not (rule.max_occurrences and number >= rule.max_occurrences):
        at_us, number = at_us + rule.repeat_s * arithmetic.SECOND_US, number + 1
        later = Timer(clock=clock, rule=rule, rule_code=rule.code, occurrence=number, at_us=at_us, nominal_at=at)
        place(later, clock, at=at, hours=hours)
        if later.state != Timer.State.ARMED or later.nominal_at > at:
            move.added.append(later)
            return


def _timer(
    clock: Clock, rule: Rule, anchor_at: datetime, known: Known, segments: list[Segment], hours: WorkingHours | None,
    at: datetime,
) -> Timer:  # fmt: skip
    """Return an unsaved first occurrence as it would stand had the clock begun with this rule."""
    facts = known.facts or {}
    offset = policy.offset_s(rule.offset_s, rule.variants, facts)
    if rule.anchor == "before_due":
        anchor_at, offset = anchor_at - timedelta(seconds=offset), 0
    timer = Timer(clock=clock, rule=rule, rule_code=rule.code, occurrence=1, nominal_at=anchor_at)
    if rule.unit == Rule.Unit.WORK_DAYS:
        timer.at_us = (anchor_at - clock.started_at) // MICRO
        days = offset // arithmetic.DAY_S
        nominal = arithmetic.working_day(anchor_at, days, day_hours(clock, rule), end_of_day=rule.end_of_day)
        return arm(timer, nominal, at=at)
    begun = counted_until(clock, segments, anchor_at, hours)
    timer.at_us = begun + offset * arithmetic.SECOND_US
    place(timer, clock, at=at, hours=hours)
    if rule.latest_s is not None and timer.due_at is not None:
        latest = clock.started_at + timedelta(seconds=rule.latest_s)
        if latest < timer.nominal_at:
            timer.at_us -= (timer.nominal_at - latest) // MICRO
            arm(timer, latest, at=at)
    return timer


def _same(old: Rule, rule: Rule) -> bool:
    """Whether both give the same times."""
    return all(getattr(old, name) == getattr(rule, name) for name in TIMES)


def _take(timer: Timer, other: Timer, at: datetime) -> None:
    """Take over the time of another; on a paused clock one that does not pause moves by as much as its time changed."""
    if timer.state == Timer.State.ARMED and timer.clock.running_since is None and not timer.rule.pausable:
        nominal = timer.nominal_at + (other.at_us - timer.at_us) * MICRO
        timer.at_us = other.at_us
        arm(timer, nominal, at=at)
        return
    for name in ("state", "at_us", "nominal_at", "due_at", "wake_at", "cancelled_at", "cancel_reason"):
        setattr(timer, name, getattr(other, name))


def counted_until(clock: Clock, segments: list[Segment], instant: datetime, hours: WorkingHours | None) -> int:
    """Return the clock time counted up to `instant`, microseconds, from the clock's stretches (I15).

    An instant ahead of now counts as if the clock ran on; one before the clock's start counts nothing.
    """
    counted = 0
    for stretch in segments:
        if not stretch.running or stretch.from_at >= instant:
            continue
        if stretch.to_at is not None and stretch.to_at <= instant:
            counted += stretch.counted_us
        else:
            counted += arithmetic.counted_us(stretch.from_at, instant, hours)
    return counted
