"""Clocks of the auditor: started, held, stopped, taken back, as their subject becomes something else. Pure."""

from collections.abc import Sequence

from escalation.simulator.firing import Fires
from escalation.simulator.shapes import Version
from escalation.simulator.state import ARMED, CANCELLED, HELD, PAUSED, RUNNING, STOPPED, Clock
from escalation.simulator.windows import Calendar

NO_LONGER = "no_longer_applies"
OVER = frozenset({"closure", "survey", "closed", "rejected", "cancelled"})


class Follows(Fires):
    """What happens to whole clocks."""

    def _begin(self, started: int, at: int, *, received: bool) -> None:
        version = self._in_force(started)
        if version and version.starts_on == "logged" and self._applies(version, started):
            self._start(version, started, at, ("start", "received") if received else ("start",))

    def _start(self, version: Version, started: int, at: int, anchors: Sequence[str]) -> None:
        clock = Clock(version, self.run, started, self._calendar(version), duties=self.duties)
        clock.muted = self._muted(version, at)
        clock.wall.go(started, clock.calendar)
        clock.paused_out.go(started, clock.calendar)
        self.clocks.append(clock)
        self._arm(clock, anchors, started, at)

    def _follow(self, at: int) -> None:
        if self.facts.get("verified"):
            for fact in ("acknowledged", "answered"):
                if self.facts.get(fact):
                    self._event(fact, at)
        if self.versions[0].starts_on == "resolved" or not self.run:
            return
        if self.clock is not None:
            self._keep(self.clock, at)
        else:
            self._newly(at)
        if self.facts.get("state") == "suspended":  # what begins, or applies again, while the ticket waits, waits too
            self._each(self._hold, at)

    def _newly(self, at: int) -> None:
        version = self._in_force(at)
        if version is None or self.facts.get("state") in OVER or not self._applies(version, at):
            return
        queued = version.starts_on == "dispatched" and self.facts.get("owner") is None
        self._start(version, at, at, ("start", "dispatched") if queued else ("start",))

    def _keep(self, clock: Clock, at: int) -> None:
        applies = self._applies(clock.version, clock.started)
        if clock.state == STOPPED:
            if not applies or clock.why != NO_LONGER:
                return
            self._restore(clock, at)
        elif not applies:
            once = clock.version.conditions.get("dispatched")
            if not (once and self._applies(clock.version, clock.started, dispatched=True)):
                self._stop(clock, NO_LONGER, at)
                return
        self._switch(clock, self._calendar(clock.version), at)
        self._reconsider(clock, at)

    def _resolved(self, at: int) -> None:
        """What counts from the resolution starts, or goes on with its clock when the ticket is solved once more."""
        version = self._in_force(at)
        if version is None or not self._applies(version, at):
            return
        clock = self.clock
        if clock is None:
            self._start(version, at, at, ("start", "resolved"))
            return
        if clock.state == STOPPED:
            clock.state, clock.why = RUNNING, ""
            clock.wall.go(at, clock.calendar)
            clock.paused_out.go(at, clock.calendar)
        self._arm(clock, ("resolved",), at, at)

    def _dispatched(self, at: int) -> None:
        before = self.clock if self.clock and self.clock.state != STOPPED else None
        self._follow(at)
        clock = self.clock
        if clock is None or clock.state == STOPPED:
            return
        armed = clock.started == at and any(timer.rule.anchor == "dispatched" for timer in clock.live())
        if clock is before or not armed:
            self._arm(clock, ("dispatched",), at, at)
            self._event("redispatched", at)

    def _ended(self, reason: str, at: int) -> None:
        for clock in self.clocks:
            if clock.state != STOPPED:
                self._stop(clock, reason, at)

    def _taken_back(self, reason: str, at: int, *, suspended: bool) -> None:
        clock = self.clock
        if clock is not None and clock.state == STOPPED and clock.why in (reason, "cancelled"):
            self._restore(clock, at)
            if suspended:
                self._hold(clock, at)
        self._follow(at)

    def _hold(self, clock: Clock, at: int) -> None:
        if clock.state != RUNNING:
            return
        clock.state, clock.paused = PAUSED, True
        clock.paused_out.stop(at)
        for timer in clock.live():
            if timer.rule.pausable and timer.due > at:
                clock.hold(timer)

    def _go_on(self, clock: Clock, at: int) -> None:
        if clock.state != PAUSED:
            return
        clock.state = RUNNING
        clock.paused_out.go(at, clock.calendar)
        for timer in clock.live():
            if timer.state == HELD:
                clock.place(timer, at)

    def _stop(self, clock: Clock, reason: str, at: int) -> None:
        for timer in clock.live():
            self._end(clock, timer, reason, at)
        clock.wall.stop(at)
        clock.paused_out.stop(at)
        clock.state, clock.stopped, clock.why = STOPPED, at, reason

    def _restore(self, clock: Clock, at: int) -> None:
        """Take a stop back: the time since counts, and what passed meanwhile is due now."""
        since, reason = clock.stopped, clock.why
        clock.state, clock.why = RUNNING, ""
        clock.wall.go(since, clock.calendar)
        clock.paused_out.go(since, clock.calendar)
        for timer in clock.timers:
            if timer.state == CANCELLED and timer.why == reason and timer.ended == since:
                clock.place(timer, at)

    def recount(self, old: Calendar, new: Calendar, at: int) -> None:
        """The hours of a calendar changed: ended stretches stay as they were counted, the open one counts anew.

        Working days keep their due, and so does what runs through a pause the clock has had.
        """
        self.calendars = {name: new if table is old else table for name, table in self.calendars.items()}
        for clock in self.clocks:
            if clock.calendar is not old:
                continue
            clock.calendar = new
            for track in (clock.wall, clock.paused_out):
                if track.going:
                    track.stretches[-1].calendar = new
            if clock.state == RUNNING:
                for timer in clock.live():
                    ahead = timer.state == ARMED and timer.due > at and timer.rule.unit != "work_day"
                    if ahead and (timer.rule.pausable or not clock.paused):
                        clock.place(timer, at)

    def _switch(self, clock: Clock, calendar: Calendar, at: int) -> None:
        if calendar is clock.calendar:
            return
        clock.calendar = calendar
        for track in (clock.wall, clock.paused_out):
            if track.going:
                track.stop(at)
                track.go(at, calendar)
        for timer in clock.live():
            if timer.state == ARMED and timer.due > at:
                clock.place(timer, at)
