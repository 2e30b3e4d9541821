"""Timers of the auditor's clocks: armed, moved, restarted, silenced, ended. Pure; from docs/policies.md."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from zoneinfo import ZoneInfo

from escalation.simulator.conditions import hold, offset_s
from escalation.simulator.people import Place, Rosters
from escalation.simulator.shapes import Facts, Firing, Rule, Version
from escalation.simulator.state import ARMED, CANCELLED, FIRED, STOPPED, Clock, Duty, Timer
from escalation.simulator.windows import ALWAYS, FAR, SECOND, Calendar, Windows, instant, weekdays

WITH_CLOCK = ("start", "received")


class Timing(ABC):
    """What every part of the auditor knows, and what is done to single timers."""

    def __init__(
        self, version: Version | Sequence[Version], rosters: Rosters, calendars: Mapping[str, Calendar], *,
        continuous: bool,
    ) -> None:  # fmt: skip
        self.versions = [version] if isinstance(version, Version) else sorted(version, key=lambda v: (v.from_us, v.n))
        self.subject = self.versions[0].subject
        self.rosters, self.calendars, self.continuous = rosters, calendars, continuous
        self.clocks: list[Clock] = []
        self.firings: list[Firing] = []
        self.run = 0
        self.facts: Facts = {}
        self.place = Place()
        self.flags: set[str] = set()
        self.duties: list[Duty] = []
        self.held_until = 0
        self.walls = any(one.asks("local_time", "weekday") for one in self.versions)

    @abstractmethod
    def _write(self, clock: Clock, timer: Timer, now: int, outcome: str | None) -> None:
        """Put a firing on record; outcome None = tell whoever is to be told."""

    @property
    def clock(self) -> Clock | None:
        """The clock of the present run."""
        return self.clocks[-1] if self.clocks and self.clocks[-1].run == self.run else None

    def _in_force(self, started: int) -> Version | None:
        found = next((v for v in reversed(self.versions) if v.from_us <= started), None)
        first = self.versions[0]
        return found or (None if first.enforced else first)

    def _facts(self, anchor: int) -> Facts:
        """What conditions are matched against, with the wall time of the anchor where a version asks for it."""
        if not self.walls:
            return self.facts
        local = instant(anchor).astimezone(ZoneInfo(str(self.facts.get("zone") or "UTC")))
        return {**self.facts, "local_time": f"{local:%H:%M}", "weekday": local.weekday()}

    def _applies(self, version: Version, anchor: int, **more: object) -> bool:
        facts = self._facts(anchor)
        return hold(version.conditions, {**facts, **more} if more else facts)

    def _calendar(self, version: Version) -> Calendar:
        wanted = self.facts.get("priority") in version.on_calendar
        return self.calendars.get(str(self.facts.get("calendar")), ALWAYS) if wanted else ALWAYS

    def _each(self, act: Callable[[Clock, int], None], at: int) -> None:
        clock = self.clock
        if clock is not None and clock.state != STOPPED:
            act(clock, at)

    def _arm_live(self, anchors: Sequence[str], at: int) -> None:
        self._each(lambda clock, when: self._arm(clock, anchors, when, when), at)

    def _arm(self, clock: Clock, anchors: Sequence[str], anchor: int, at: int) -> None:
        facts = self._facts(anchor)
        rules = [r for r in clock.version.anchored(*anchors) if hold(r.when, facts) and self._ahead(clock, r, facts)]
        codes = {rule.code for rule in rules}
        for timer in clock.live():
            if timer.rule.code in codes:
                self._end(clock, timer, "again", at)
        for rule in rules:
            self._new(clock, rule, anchor, at)

    def _ahead(self, clock: Clock, rule: Rule, facts: Facts) -> bool:
        """Rules of a due time need one; a warning before it needs to lie after the start."""
        if rule.anchor not in ("due", "before_due"):
            return True
        due = facts.get("due")
        if due is None or rule.anchor == "due":
            return due is not None
        return bool(due - offset_s(rule.offset_s, rule.variants, facts) * SECOND > clock.started)

    def _new(self, clock: Clock, rule: Rule, anchor: int, at: int) -> None:
        facts = self._facts(anchor)
        offset = offset_s(rule.offset_s, rule.variants, facts)
        if rule.anchor in ("due", "before_due"):
            anchor = facts["due"] - (offset * SECOND if rule.anchor == "before_due" else 0)
            offset = 0 if rule.anchor == "before_due" else offset
        timer = Timer(rule, clock.next_number(rule.code), clock.track(rule).counted(anchor) + offset * SECOND, anchor)
        if anchor > at:  # a due time, or a start, that lies ahead: what will be counted until then
            base = max(at, clock.started)
            timer.target = clock.track(rule).counted(base) + clock.calendar.between(base, anchor) + offset * SECOND
        if rule.unit == "work_day":
            days = offset // 86_400
            table = self._days(clock, rule, anchor)
            timer.nominal = table.after_days(anchor, days, end_of_day=rule.end_of_day) if days else anchor
        clock.place(timer, at)
        latest = None if rule.latest_s is None else clock.started + rule.latest_s * SECOND
        if latest is not None and timer.state == ARMED and latest < timer.nominal:
            timer.target -= timer.nominal - latest
            clock.arm(timer, latest, at)
        clock.timers.append(timer)

    def _days(self, clock: Clock, rule: Rule, anchor: int) -> Windows:
        """The working days a rule counts: its own calendar's, else the clock's, else Monday to Friday."""
        own = self.calendars.get(rule.calendar) if rule.calendar else clock.calendar
        if isinstance(own, Windows):
            return own
        return weekdays(str(self.facts.get("zone") or "UTC"), instant(anchor).year)

    def _arm_once(self, clock: Clock, anchor: str, anchor_at: int, at: int) -> None:
        for rule in clock.version.anchored(anchor):
            if rule.code not in clock.numbers:
                self._new(clock, rule, anchor_at, at)

    def _event(self, event: str, at: int) -> None:
        clock = self.clock
        if clock is not None and clock.state != STOPPED:
            for timer in clock.live():
                if event in timer.rule.stop_on:
                    self._end(clock, timer, event, at)

    def _end(self, clock: Clock, timer: Timer, reason: str, at: int) -> None:
        """Cancel; what was due already becomes a moot firing: the breach stays, nobody is paged."""
        if timer.state == ARMED and timer.due <= at:
            timer.state = FIRED
            clock.timers.remove(timer)
            self._write(clock, timer, at, "moot")
        else:
            timer.state, timer.ended, timer.why = CANCELLED, at, reason
            timer.due = timer.wake = FAR

    def _restart(self, clock: Clock, event: str, at: int) -> None:
        """Begin a wait anew, under the same number; one already due is moot, and the next number waits."""
        for timer in clock.live():
            rule = timer.rule
            if event not in rule.restart_on:
                continue
            again = timer
            if timer.state == ARMED and timer.due <= at:
                self._end(clock, timer, event, at)
                again = Timer(rule, clock.next_number(rule.code), 0, at)
                clock.timers.append(again)
            again.moved = True  # it has a time of its own now, which is no offset of the rule
            again.target = clock.track(rule).counted(at) + (rule.repeat_s or rule.offset_s) * SECOND
            clock.place(again, at)

    def _silence(self, clock: Clock, at: int) -> None:
        """An acknowledgement holds back the rules that allow it; what could have fired by now still does."""
        if clock.version.ack_silence_s is None:
            return
        clock.silenced = at + clock.version.ack_silence_s * SECOND
        for timer in clock.live():
            if timer.state == ARMED and timer.rule.silenced_by_ack and timer.wake > at:
                timer.wake = clock.wakes(timer)

    def _hold_pages(self, until: int, at: int) -> None:
        """Planned work holds pages back until then, 0 = no longer; what could have fired by now still does."""
        self.held_until = until
        clock = self.clock
        if clock is None or clock.state == STOPPED:
            return
        clock.muted = self._muted(clock.version, at)
        for timer in clock.live():
            if timer.state == ARMED and timer.wake > at:
                timer.wake = clock.wakes(timer)

    def _muted(self, version: Version, at: int) -> int:
        """Until when a clock of this version is held back: all of an alarm's ticket, of any other the fault rules."""
        kind = version.conditions.get("kind")
        faults = list(kind) == ["fault"] if isinstance(kind, (list, tuple, set, frozenset)) else kind == "fault"
        held = self.facts.get("channel") == "alarm" or (faults and version.starts_on != "resolved")
        return self.held_until if held and self.held_until > at else 0

    def _moved(self, data: Mapping[str, object], at: int) -> None:
        """A promise of the solution moved before it was due moves the rule's own time (C-10)."""
        clock = self.clock
        if clock is None or clock.state == STOPPED:
            return
        for timer in clock.live():
            if timer.rule.code == "E-2" and not (timer.state == ARMED and timer.due <= at):
                left = clock.calendar.between(at, int(str(data["due"])))
                timer.target, timer.moved = clock.track(timer.rule).counted(at) + left, True
                clock.place(timer, at)

    def _promised(self, due: int, at: int) -> None:
        """News was promised for an instant: what begins anew with news waits until then (V-19)."""
        clock = self.clock
        if clock is None or clock.state == STOPPED:
            return
        for timer in clock.live():
            if "updated" in timer.rule.restart_on and not (timer.state == ARMED and timer.due <= at):
                timer.target = clock.track(timer.rule).counted(at) + clock.calendar.between(at, due)
                timer.moved = True
                clock.place(timer, at)

    def _reconsider(self, clock: Clock, at: int) -> None:
        """Rules with variants follow what the ticket became, unless a person moved them or they are due."""
        facts = self._facts(clock.started)
        for timer in clock.live():
            rule = timer.rule
            due = timer.state == ARMED and timer.due <= at
            if not rule.variants or rule.anchor not in WITH_CLOCK or rule.unit == "work_day" or timer.moved or due:
                continue
            if rule.repeat_s and timer.occurrence > 1:
                continue
            wanted = offset_s(rule.offset_s, rule.variants, facts) * SECOND
            if wanted != timer.target:
                timer.target = wanted
                clock.place(timer, at)
