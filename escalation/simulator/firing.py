"""How the auditor lets timers fire. Pure; from docs/policies.md."""

from escalation.simulator.shapes import Firing
from escalation.simulator.state import ARMED, RUNNING, STOPPED, Clock, Timer
from escalation.simulator.telling import tell
from escalation.simulator.timing import Timing


class Fires(Timing):
    """Due timers become firings; repeating ones are armed again, and what a firing is the anchor of."""

    def look_up_to(self, limit: int) -> None:
        """Fire everything at its very instant up to `limit`."""
        self._fire_due(limit, None)

    def look(self, now: int) -> None:
        """Fire everything that is due at one look of the engine."""
        self._fire_due(now, now)

    def _fire_due(self, limit: int, now: int | None) -> None:
        for clock in self.clocks:
            while clock.state != STOPPED:
                due = [timer for timer in clock.timers if timer.state == ARMED and timer.wake <= limit]
                if not due:
                    break
                timer = min(due, key=lambda t: (t.due, t.wake))
                self._fire(clock, timer, timer.wake if now is None else now)

    def _fire(self, clock: Clock, timer: Timer, now: int) -> None:
        """Fire one timer: of occurrences missed together only the last is told, the rest are collapsed into it. What it
        is the anchor of counts from the first."""
        first = timer
        clock.timers.remove(timer)
        later = self._following(clock, timer)
        while later is not None and later.due <= now:
            self._write(clock, timer, now, "collapsed")
            timer, later = later, self._following(clock, later)
        self._write(clock, timer, now, None)
        if later is not None:
            clock.timers.append(later)
        self._arms_on(clock, first)

    def _following(self, clock: Clock, timer: Timer) -> Timer | None:
        rule = timer.rule
        if not rule.follows(timer.occurrence):
            return None
        later = Timer(rule, timer.occurrence + 1, timer.target + rule.period, timer.anchor)
        clock.numbers[rule.code] = later.occurrence
        if clock.paused and not rule.pausable:
            nominal = clock.calendar.add(timer.nominal, rule.period)
            later.target = clock.wall.counted(nominal)
            clock.arm(later, nominal, 0)
        else:
            clock.place(later, 0)
        return later

    def _arms_on(self, clock: Clock, timer: Timer) -> None:
        anchors = [f"fired:{timer.rule.code}", *(["stage_two"] if timer.rule.code == "F-1D" else [])]
        for rule in clock.version.anchored(*anchors):
            if clock.state == RUNNING and rule.code not in clock.numbers:
                self._new(clock, rule, timer.due, timer.due)

    def _write(self, clock: Clock, timer: Timer, now: int, outcome: str | None) -> None:
        rule = timer.rule
        roles: tuple[str, ...] = ()
        people: tuple[str, ...] = ()
        if outcome is None:
            outcome, roles, people = tell(clock, rule, self.rosters, self.place, now)
        self.firings.append(
            Firing(clock.name, rule.code, timer.occurrence, timer.due, now, outcome, roles, people, rule.breach,
                   timer.nominal)
        )  # fmt: skip
