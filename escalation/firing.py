"""One batch of claimed timers turned into rows: firings, duties, notifications, next occurrences.

No model instance is made per row: a storm is thousands of lines for COPY, a few tens of microseconds each.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from uuid_utils import uuid7

from catalogue.hours import WorkingHours
from escalation import arithmetic
from escalation.bulk import NULL, copy_lines, text
from escalation.claim import Claimed
from escalation.context import Context, Subject
from escalation.models import Alarm, Clock, Firing, Notification, Rule, Timer, Unsealed
from escalation.pages import COLUMNS, Pages, Shot

CATCH_UP = timedelta(seconds=60)
UNSAVED = 0
FEW = 5
HINTS = 25
FIRINGS = (
    "timer_id", "uuid", "clock_id", "rule_id", "rule_code", "occurrence", "due_at", "fired_at", "outcome", "cause",
    "engine_id", "collapsed",
)  # fmt: skip
TIMERS = ("clock_id", "rule_id", "rule_code", "occurrence", "state", "at_us", "nominal_at", "due_at", "wake_at")


class Step(NamedTuple):
    """An occurrence to be armed. due_at None = held while the clock is paused."""

    subject: Subject
    rule: Rule
    occurrence: int
    at_us: int
    nominal_at: datetime
    due_at: datetime | None


class Batch:
    """Built from claimed timers inside their transaction; `write` inserts everything, or raises and writes nothing."""

    def __init__(self, claimed: Sequence[Claimed], *, engine_id: str) -> None:
        self.engine_id = text(engine_id)
        self.claimed = claimed
        self.now = claimed[0].now
        self._fired_at = str(self.now)
        self.context = Context(claimed)
        self.shots: list[Shot] = []
        self.collapsed: list[Shot] = []
        self.steps: list[Step] = []
        self.contested: list[Step] = []
        self.spent: list[Step] = []

    def write(self) -> None:
        """Insert firings, next occurrences, duties and notifications. About 12 queries, whatever the size."""
        for timer in self.claimed:
            self._fire(timer)
        self._insert_spent()
        pages = Pages(self.context, self.shots)
        shots = self.collapsed + self.shots
        copy_lines(Firing, FIRINGS, [self._firing_line(shot) for shot in shots])
        copy_lines(Unsealed, ("firing_id",), [str(shot.timer_id) for shot in shots])
        copy_lines(Timer, TIMERS, [_timer_line(step) for step in self.steps])
        if self.contested:
            Timer.objects.bulk_create(map(_timer, self.contested), ignore_conflicts=True)
        copy_lines(Notification, COLUMNS, pages.notifications)
        alone = [shot for shot in self.shots if shot.outcome == Firing.Outcome.NO_RECIPIENT]
        if alone:
            Alarm.objects.bulk_create(
                Alarm(kind=Alarm.Kind.NO_RECIPIENT, timer_id=s.timer_id, detail=s.rule.code, raised_at=self.now)
                for s in alone
            )

    def hints(self) -> list[dict[str, Any]]:
        """What the bell is told: of a few chains each by name; of many, once per organisation and team, no names."""
        subjects = self.context.subjects.values()
        by_chain = {subject.chain: subject.hint() for subject in subjects}
        if len(by_chain) <= FEW:
            return list(by_chain.values())
        open_ones = (subject for subject in subjects if subject.ticket_id and not subject.restricted)
        lists = {(s.organisation_id, s.team_id): {**s.hint(), "chain": "ticket:"} for s in open_ones}
        return list(lists.values())[:HINTS]

    def _fire(self, timer: Claimed) -> None:
        rule, subject = self.context.rules[timer.rule_id], self.context.subjects[timer.clock_id]
        shot = Shot(timer.id, timer.occurrence, timer.due_at, rule, subject)
        self.shots.append(shot)
        if rule.repeat_s:
            first = Step(subject, rule, timer.occurrence, timer.at_us, timer.nominal_at, timer.due_at)
            self._next(*self._collapse(shot, first))
        for armed in self.context.armed_by(subject.version_id, rule.code):
            self._arm_on(subject, armed, since=timer.due_at)

    def _collapse(self, shot: Shot, first: Step) -> tuple[Step, Step | None]:
        """Record every missed occurrence but the last as collapsed, and return the last and what follows it: after an
        outage one page tells of all of them. Each is a timer and a firing of its own (I1)."""
        later: list[Step] = []
        step = self._following(first)
        while step is not None and step.due_at is not None and step.due_at <= self.now:
            later.append(step)
            step = self._following(step)
        if not later:
            return first, step
        earlier = Shot(shot.timer_id, shot.occurrence, shot.due_at, shot.rule, shot.subject)
        missed = [Shot(UNSAVED, one.occurrence, _due_of(one), one.rule, one.subject) for one in later[:-1]]
        for one in (earlier, *missed):
            one.outcome = Firing.Outcome.COLLAPSED
            self.collapsed.append(one)
        self.spent += later
        shot.timer_id, shot.occurrence, shot.due_at = UNSAVED, later[-1].occurrence, _due_of(later[-1])
        shot.collapsed = len(later)
        return later[-1], step

    def _following(self, step: Step) -> Step | None:
        """Return the next occurrence at nominal + period in clock time (I10); None where there is none, or it is held.

        What no pause holds counts through them: on a clock that has been paused, from the nominal time before it.
        """
        rule, subject = step.rule, step.subject
        if not rule.repeat_s or (rule.max_occurrences and step.occurrence >= rule.max_occurrences):
            return None
        at_us, hours = step.at_us + rule.repeat_s * arithmetic.SECOND_US, self.context.hours(subject)
        if subject.pauses and not rule.pausable and subject.clock_id in self.context.interrupted:
            period = rule.repeat_s * arithmetic.SECOND_US
            due = arithmetic.due_at(running_since=step.nominal_at, accrued_us=0, at_us=period, hours=hours)
        elif subject.running:
            due = _due(subject, at_us, hours)
        else:
            return None
        return Step(subject, rule, step.occurrence + 1, at_us, due, due)

    def _insert_spent(self) -> None:
        """Give the missed occurrences their timers, fired already, and their firings the keys of these."""
        if not self.spent:
            return
        timers = Timer.objects.bulk_create(_timer(step, Timer.State.FIRED) for step in self.spent)
        ids = {(t.clock_id, t.rule_code, t.occurrence): t.pk for t in timers}
        for shot in self.collapsed + self.shots:
            if shot.timer_id == UNSAVED:
                shot.timer_id = ids[shot.subject.clock_id, shot.rule.code, shot.occurrence]

    def _next(self, last: Step, following: Step | None) -> None:
        """Arm the next occurrence; held on a paused clock, none on a stopped one."""
        if following is not None:
            self.steps.append(following)
        elif last.subject.state == Clock.State.PAUSED and last.rule.pausable:
            at_us = last.at_us + (last.rule.repeat_s or 0) * arithmetic.SECOND_US
            self.steps.append(Step(last.subject, last.rule, last.occurrence + 1, at_us, last.nominal_at, None))

    def _arm_on(self, subject: Subject, rule: Rule, *, since: datetime) -> None:
        """Arm what this firing is the anchor of: the deadline of the first contacts begins stage two.

        since  when it was due; of occurrences missed together the first, so that an outage moves no deadline.
        """
        if not subject.running:
            return
        at = since + timedelta(seconds=rule.offset_s)
        if rule.latest_s is not None:
            at = min(at, subject.started_at + timedelta(seconds=rule.latest_s))
        at_us = (at - subject.started_at) // timedelta(microseconds=1)
        self.contested.append(Step(subject, rule, 1, at_us, at, max(at, since)))

    def _firing_line(self, shot: Shot) -> str:
        cause = "catchup" if self.now - shot.due_at > CATCH_UP else "due"
        rule = shot.rule
        return (
            f"{shot.timer_id}\t{uuid7()}\t{shot.subject.clock_id}\t{rule.pk}\t{text(rule.code)}\t{shot.occurrence}\t"
            f"{shot.due_at}\t{self._fired_at}\t{shot.outcome}\t{cause}\t{self.engine_id}\t{shot.collapsed}"
        )


def _due(subject: Subject, at_us: int, hours: WorkingHours | None) -> datetime:
    since = subject.running_since or subject.started_at
    return arithmetic.due_at(running_since=since, accrued_us=subject.accrued_us, at_us=at_us, hours=hours)


def _due_of(step: Step) -> datetime:
    return step.due_at or step.nominal_at


def _wake_at(step: Step) -> datetime | None:
    """When it wants to fire: at its due time, or when the acknowledgement or planned work that holds it back ends."""
    if step.due_at is None:
        return None
    silenced = step.subject.silenced_until if step.rule.silenced_by_ack else None
    return max(each for each in (step.due_at, silenced, step.subject.muted_until) if each is not None)


def _timer_line(step: Step) -> str:
    rule, nominal = step.rule, str(step.nominal_at)
    head = f"{step.subject.clock_id}\t{rule.pk}\t{text(rule.code)}\t{step.occurrence}"
    if step.due_at is None:
        return f"{head}\theld\t{step.at_us}\t{nominal}\t{NULL}\t{NULL}"
    wake = _wake_at(step)
    return f"{head}\tarmed\t{step.at_us}\t{nominal}\t{nominal}\t{nominal if wake == step.due_at else wake}"


def _timer(step: Step, state: str = Timer.State.ARMED) -> Timer:
    return Timer(
        clock_id=step.subject.clock_id, rule_id=step.rule.pk, rule_code=step.rule.code, occurrence=step.occurrence,
        state=state, at_us=step.at_us, nominal_at=step.nominal_at, due_at=step.due_at, wake_at=_wake_at(step),
    )  # fmt: skip
