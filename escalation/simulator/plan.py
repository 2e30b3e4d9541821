"""What should have fired: one policy over the log of one subject, worked out from scratch. Pure.

An implementation of its own, written from docs/policies.md. The engine never asks it; the proofs, the nightly audit and
the simulator do.
"""

from collections.abc import Iterable, Mapping, Sequence

from escalation.simulator.following import Follows
from escalation.simulator.people import NOBODY, Place, Rosters
from escalation.simulator.shapes import Event, Firing, Version
from escalation.simulator.state import STOPPED, Clock, Duty
from escalation.simulator.windows import FAR, Calendar

HELD = frozenset({"ticket.pages_held", "ticket.pages_released"})
FOLLOWED = frozenset({
    "ticket.reclassified", "ticket.reprioritised", "ticket.customer_corrected", "ticket.became_critical",
    "ticket.no_longer_critical",
})  # fmt: skip


def plan(
    version: Version | Sequence[Version],
    events: Iterable[Event],
    rosters: Rosters = NOBODY,
    calendars: Mapping[str, Calendar] | None = None,
    until: int = FAR,
    *,
    continuous: bool = True,
) -> list[Firing]:
    """Return every firing up to `until`, in the order they fired.

    version     of one policy, or all its versions by the time they hold from: a clock keeps the one it began with.
    events      of one subject, by time. facts["calendar"] names its entitlement's calendar in `calendars`.
    until       microseconds; nothing later is looked at.
    continuous  the engine looks at every instant; else only where a "look" stands among the events.
    """
    auditor = Auditor(version, rosters, calendars or {}, continuous=continuous)
    for event in events:
        if event.at > until:
            break
        auditor.take(event)
    if continuous:
        auditor.look_up_to(until)
    return auditor.done()


def plan_together(
    policies: Mapping[str, Version | Sequence[Version]],
    events: Iterable[Event],
    rosters: Rosters = NOBODY,
    calendars: Mapping[str, Calendar] | None = None,
    until: int = FAR,
    *,
    continuous: bool = True,
) -> dict[str, list[Firing]]:
    """Return the firings of several policies on one subject, by policy: their clocks share its contact duties."""
    auditors = together(policies, rosters, calendars or {}, continuous=continuous)
    for event in events:
        if event.at > until:
            break
        _take(auditors, event)
    for auditor in auditors.values():
        if continuous:
            auditor.look_up_to(until)
    return {key: auditor.done() for key, auditor in auditors.items()}


def _take(auditors: Mapping[str, "Auditor"], event: Event) -> None:
    """Let one event happen to all; what counts from the resolution comes last, and is told whether it came late."""
    for auditor in auditors.values():
        if auditor.continuous:  # whatever was due fires before any of them hears of it: they share their duties
            auditor.look_up_to(event.at)
    reports = [one for one in auditors.values() if one.versions[0].starts_on == "resolved"]
    others = [one for one in auditors.values() if one not in reports]
    for auditor in others:
        auditor.take(event)
    if reports and event.name == "ticket.resolved" and event.facts is not None and "overdue" not in event.facts:
        event = event._replace(facts={**event.facts, "overdue": any(one.overdue() for one in others)})
    for auditor in reports:
        auditor.take(event)


def together(
    policies: Mapping[str, Version | Sequence[Version]], rosters: Rosters, calendars: Mapping[str, Calendar], *,
    continuous: bool,
) -> dict[str, "Auditor"]:  # fmt: skip
    """Return an auditor per policy; those of escalations share their duties."""
    made = {key: Auditor(one, rosters, calendars, continuous=continuous) for key, one in policies.items()}
    shared: list[Duty] = []
    for auditor in made.values():
        auditor.duties = shared
    return made


class Auditor(Follows):
    """Reads events one by one; `clocks` and `firings` are what follows from those read so far."""

    def take(self, event: Event) -> None:
        """Let one event happen; before it, everything due fires where the engine looks at every instant."""
        if self.continuous:
            self.look_up_to(event.at)
        if event.facts is not None and event.facts is not self.facts:
            self.facts = event.facts
            said = event.facts
            self.place = Place(said.get("organisation"), said.get("region") or "", said.get("team"), said.get("owner"),
                               said.get("people") or {})  # fmt: skip
        if event.name == "look":
            self.look(event.at)
        elif event.name == "calendar.changed":
            self.recount(event.data["old"], event.data["new"], event.at)
        elif self.subject == "ticket":
            self._ticket(event)
        elif self.subject == "escalation":
            self._escalation(event)
        else:
            self._plain(event)

    def overdue(self) -> bool:
        """Whether a deadline that only the resolution meets has passed in this run, whatever became of it (C-26)."""
        clock = self.clock
        if clock is None or self.subject != "ticket":
            return False
        late = {r.code for r in clock.version.rules if r.breach and not r.repeat_s and r.stop_on == {"resolved"}}
        return any(one.clock == clock.name and one.code in late for one in self.firings)

    def done(self) -> list[Firing]:
        """Return the firings so far in the order they fired."""
        return sorted(self.firings, key=lambda firing: (firing.fired, firing.due, firing.clock, firing.code))

    def _ticket(self, event: Event) -> None:
        at, name, data = event.at, event.name.partition(".")[2] or event.name, event.data
        report = self.versions[0].starts_on == "resolved"
        if name in ("logged", "reopened"):
            if report:
                self._each(lambda clock, when: self._stop(clock, name, when), at)
            self.run += 1
            if not report:
                self._begin(data.get("received", at) if name == "logged" else at, at, received=name == "logged")
        elif name in ("triaged", "transferred", "tier_changed"):
            self._dispatched(at)
        elif name in ("verified", "acknowledged", "contact_recorded"):
            self._event(name, at)
            self._follow(at)
        elif name == "signed_for":
            self._event("signed_for", at)
            self._arm_live(("specialists_dispatched",), at)
        elif event.name == "note.added":
            self._noted(data, at)
        elif name == "suspended":
            self._each(self._hold, at)
        elif name == "resumed":
            self._each(self._go_on, at)
        elif name in ("resolved", "rejected", "cancelled", "merged"):
            if not report:
                self._ended(name, at)
            elif name == "resolved":
                self._resolved(at)
        elif name in ("disputed", "unmerged"):
            if report and name == "disputed":
                self._each(lambda clock, when: self._stop(clock, name, when), at)
            self._taken_back("resolved" if name == "disputed" else "merged", at, suspended=bool(data.get("suspended")))
        else:
            self._others(event)

    def _others(self, event: Event) -> None:
        at, data = event.at, event.data
        if event.name == "commitment.moved":
            self._moved(data, at)
        elif event.name == "report.filed":
            self._event("report_filed", at)
            if self.versions[0].starts_on == "resolved":
                self._each(lambda clock, when: self._stop(clock, "report_filed", when), at)
        elif event.name == "timer.acknowledged":
            self._acknowledged(str(data.get("rule")), at)
        elif event.name in HELD:
            self._hold_pages(int(str(data.get("until", 0))), at)
        elif event.name in FOLLOWED:
            self._follow(at)

    def _escalation(self, event: Event) -> None:
        at, name, data = event.at, event.name.partition(".")[2], event.data
        clock = self.clock
        if event.name == "escalation.requested":
            self.run, self.flags = self.run + 1, set()
            self.duties.clear()
            started = data.get("requested", at)
            version = self._in_force(started)
            if version is not None and self._applies(version, started):
                self._start(version, started, at, ("start",))
        elif clock is None or clock.state == STOPPED:
            return
        elif event.name == "timer.acknowledged":
            self._acknowledged(str(data.get("rule")), at)
        elif name in ("closed", "resolved", "cancelled", "merged", "rejected"):
            self._stop(clock, str(data.get("reason", name)), at)
        elif name == "confirmed":
            self._confirmed(clock, str(data["role"]), int(data.get("stage", 1)), at)
        elif name == "stage_two":
            self._arm_once(clock, "stage_two", data.get("at", at), at)
        elif name in ("reviewed", "customer_contacted"):
            self.flags.add(name)
            if {"reviewed", "customer_contacted"} <= self.flags:
                self._event("reviewed_and_contacted", at)
            if name == "customer_contacted":
                self._arm_live(("customer_contacted",), at)
        elif name == "plan_agreed":
            self._event("plan_agreed", at)

    def _plain(self, event: Event) -> None:
        """Other subjects: started, told an event, stopped; "taken_back" = that it stopped."""
        at, data = event.at, event.data
        if event.name == "started":
            started = data.get("started", at)
            version = self._in_force(started)
            if version is None or (self.clock and self.clock.state != STOPPED) or not self._applies(version, started):
                return
            self.run += 1
            self._start(version, started, at, ("start", "due", "before_due"))
        elif event.name == "stopped":
            self._each(lambda clock, when: self._stop(clock, str(data.get("reason", "stopped")), when), at)
        elif event.name in ("suspended", "resumed"):
            return
        elif event.name == "promised":
            self._promised(int(str(data["due"])), at)
        elif event.name == "taken_back":
            if self.clock is not None and self.clock.state == STOPPED:
                self._restore(self.clock, at)
        else:
            self._event(event.name, at)
            self._each(lambda clock, when: self._restart(clock, event.name, when), at)
            self._arm_live((event.name,), at)

    def _noted(self, data: Mapping[str, object], at: int) -> None:
        if data.get("progress"):
            self._each(lambda clock, when: self._restart(clock, "progress", when), at)
            clock = self.clock
            if clock is not None and clock.silenced > at:
                self._each(self._silence, at)
        if data.get("first_answer") or self.facts.get("answered"):
            self._event("answered", at)

    def _acknowledged(self, code: str, at: int) -> None:
        """One firing was acknowledged: pages of its step end, and what may be silenced is, for a while."""
        clock = self.clock
        if clock is None or clock.state == STOPPED or all(rule.code != code for rule in clock.version.rules):
            return
        for timer in clock.live():
            if timer.rule.code == code and timer.rule.max_occurrences and self.subject != "escalation":
                self._end(clock, timer, "acknowledged", at)
        self._silence(clock, at)

    def _confirmed(self, clock: Clock, role: str, stage: int, at: int) -> None:
        for duty in clock.duties:
            if (duty.role, duty.stage) == (role, stage):
                duty.confirmed = True
        first = next((rule for rule in clock.version.rules if rule.offset_s == 0), None)
        done = {duty.role for duty in clock.duties if duty.stage == 1 and duty.confirmed} | (
            {role} if stage == 1 else set()
        )
        if first is not None and set(first.targets) <= done:
            self._event("duty_manager_confirmed" if first.targets == ("duty_manager",) else "duties_confirmed", at)
