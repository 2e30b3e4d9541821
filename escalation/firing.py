"""One batch of claimed timers turned into rows: firings, duties, notifications, next occurrences."""

from datetime import datetime, timedelta
from typing import Any

from catalogue.hours import WorkingHours
from escalation import arithmetic
from escalation.bulk import copy_models, copy_rows
from escalation.claim import Claimed
from escalation.context import Context, Subject
from escalation.models import Alarm, Clock, Firing, Notification, Rule, Timer
from escalation.pages import COLUMNS, Pages
from escalation.timers import write_firings

CATCH_UP = timedelta(seconds=60)
UNSAVED = 0


class Batch:
    """Built from claimed timers inside their transaction; `write` inserts everything, or raises and writes nothing."""

    def __init__(self, claimed: list[Claimed], *, engine_id: str) -> None:
        self.engine_id = engine_id
        self.claimed = claimed
        self.context = Context(claimed)
        self.firings: list[Firing] = []
        self.timers: list[Timer] = []
        self.contested: list[Timer] = []
        self.spent: list[Timer] = []

    def write(self) -> None:
        """Insert firings, next occurrences, duties and notifications. About 12 queries, whatever the size."""
        fired = [self._fire(timer) for timer in self.claimed]
        self._insert_collapsed()
        pages = Pages(self.context, fired)
        write_firings(self.firings)
        copy_models(self.timers)
        Timer.objects.bulk_create(self.contested, ignore_conflicts=True)
        copy_rows(Notification, COLUMNS, pages.notifications)
        Alarm.objects.bulk_create(
            Alarm(kind=Alarm.Kind.NO_RECIPIENT, timer_id=f.timer_id, detail=f.rule_code, raised_at=f.fired_at)
            for f in self.firings
            if f.outcome == Firing.Outcome.NO_RECIPIENT
        )

    def hints(self) -> list[dict[str, Any]]:
        """What the bell is told: one hint per ticket, no content."""
        seen = {s.ticket_id: s for s in (self.context.subject(timer.clock_id) for timer in self.claimed)}
        return [subject.hint() for subject in seen.values()]

    def _fire(self, timer: Claimed) -> tuple[Firing, Rule, Subject]:
        rule, subject = self.context.rules[timer.rule_id], self.context.subject(timer.clock_id)
        later = self._missed(timer, rule, subject)
        last = timer
        if later:
            self._collapse(timer, rule, later)
            last = later[-1]
        firing = self._firing(last, rule, timer.now, Firing.Outcome.PAGED, collapsed=len(later))
        self.firings.append(firing)
        self._next(last, rule, subject)
        self._arms_on(firing, subject)
        return firing, rule, subject

    def _firing(self, timer: Claimed, rule: Rule, now: datetime, outcome: str, *, collapsed: int = 0) -> Firing:
        late = now - timer.due_at > CATCH_UP
        return Firing(
            timer_id=timer.id, clock_id=timer.clock_id, rule_id=rule.pk, rule_code=rule.code,
            occurrence=timer.occurrence, due_at=timer.due_at, fired_at=now, outcome=outcome,
            cause="catchup" if late else "due", engine_id=self.engine_id, collapsed=collapsed,
        )  # fmt: skip

    def _missed(self, timer: Claimed, rule: Rule, subject: Subject) -> list[Claimed]:
        """Return the later occurrences that are due too: after an outage one page tells of all of them."""
        found: list[Claimed] = []
        step = self._following(timer, rule, subject)
        while step is not None and step.due_at <= timer.now:
            found.append(step)
            step = self._following(step, rule, subject)
        return found

    def _following(self, timer: Claimed, rule: Rule, subject: Subject) -> Claimed | None:
        if not rule.repeat_s or (rule.max_occurrences and timer.occurrence >= rule.max_occurrences):
            return None
        if subject.clock.state != Clock.State.RUNNING:
            return None
        at_us = timer.at_us + rule.repeat_s * arithmetic.SECOND_US
        due = _due(subject, at_us, self.context.hours(subject.clock))
        return Claimed(UNSAVED, timer.clock_id, timer.rule_id, timer.occurrence + 1, at_us, due, due, 0, timer.now)

    def _collapse(self, timer: Claimed, rule: Rule, later: list[Claimed]) -> None:
        """Record every missed occurrence but the last as collapsed; each is a timer and a firing of its own (I1)."""
        self.firings.append(self._firing(timer, rule, timer.now, Firing.Outcome.COLLAPSED))
        for step in later:
            spent = _timer(step, rule, Timer.State.FIRED)
            self.spent.append(spent)
            if step is not later[-1]:
                self.firings.append(self._firing(step, rule, timer.now, Firing.Outcome.COLLAPSED))

    def _insert_collapsed(self) -> None:
        if not self.spent:
            return
        Timer.objects.bulk_create(self.spent)
        ids = {(t.clock_id, t.rule_code, t.occurrence): t.pk for t in self.spent}
        for firing in self.firings:
            if firing.timer_id == UNSAVED:
                firing.timer_id = ids[firing.clock_id, firing.rule_code, firing.occurrence]

    def _next(self, timer: Claimed, rule: Rule, subject: Subject) -> None:
        """Arm the next occurrence at nominal + period; held on a paused clock, none on a stopped one (I10)."""
        following = self._following(timer, rule, subject)
        if following is not None:
            self.timers.append(_timer(following, rule, Timer.State.ARMED))
        elif rule.repeat_s and subject.clock.state == Clock.State.PAUSED and rule.pausable:
            held = _timer(timer, rule, Timer.State.HELD)
            held.occurrence, held.at_us = timer.occurrence + 1, timer.at_us + rule.repeat_s * arithmetic.SECOND_US
            held.due_at = held.wake_at = None
            self.timers.append(held)

    def _arms_on(self, firing: Firing, subject: Subject) -> None:
        """Arm what this firing is the anchor of: the deadline of the first contacts begins stage two."""
        anchors = {f"fired:{firing.rule_code}"} | ({"stage_two"} if firing.rule_code == "F-1D" else set())
        for rule in self.context.rules_of(subject.clock.version_id):
            if rule.anchor in anchors and subject.clock.state == Clock.State.RUNNING:
                at = firing.due_at + timedelta(seconds=rule.offset_s)
                if rule.latest_s is not None:
                    at = min(at, subject.clock.started_at + timedelta(seconds=rule.latest_s))
                at_us = (at - subject.clock.started_at) // timedelta(microseconds=1)
                step = Claimed(UNSAVED, firing.clock_id, rule.pk, 1, at_us, at, at, 0, firing.fired_at)
                self.contested.append(_timer(step, rule, Timer.State.ARMED))


def _due(subject: Subject, at_us: int, hours: WorkingHours | None) -> datetime:
    clock = subject.clock
    return arithmetic.due_at(
        running_since=clock.running_since or clock.started_at, accrued_us=clock.accrued_us, at_us=at_us, hours=hours
    )


def _timer(step: Claimed, rule: Rule, state: str) -> Timer:
    return Timer(
        clock_id=step.clock_id, rule_id=rule.pk, rule_code=rule.code, occurrence=step.occurrence, state=state,
        at_us=step.at_us, nominal_at=step.nominal_at, due_at=step.due_at, wake_at=step.due_at,
    )  # fmt: skip
