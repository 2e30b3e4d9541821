"""The clocks of one ticket at one instant, and how they follow what the ticket becomes (decisions 15)."""

from datetime import datetime
from functools import cached_property
from typing import Any

from catalogue.models import Calendar
from escalation import policy
from escalation.commands.adjust import reconsider, switch_calendar
from escalation.commands.arm import arm_rules
from escalation.commands.pause import hold
from escalation.commands.start import Start, start_clocks
from escalation.commands.stop import begin_again, restore_clock, stop_clocks, stop_rules
from escalation.locks import lock_clocks
from escalation.models import Clock, Firing, PolicyVersion
from escalation.promises import calendar_for, facts_of, zone_of
from escalation.versions import Dated, current_versions, dated_versions
from tickets.models import Ticket
from tickets.words import ENDED, State

NO_LONGER = "no_longer_applies"
OVER = (State.CLOSURE, State.SURVEY, *ENDED)


class TicketClocks:
    """Clocks of `ticket` at `at`. The ticket's row lock is held by the command; clocks are locked by each method.

    begun  whether any began here.
    """

    def __init__(self, ticket: Ticket, *, at: datetime) -> None:
        self.ticket, self.at = ticket, at
        self.begun = False

    @cached_property
    def calendar(self) -> Calendar | None:
        """The calendar of the customer's entitlement. 1 query, for facts that ask."""
        return calendar_for(self.ticket.organisation_id, self.at)

    @cached_property
    def facts(self) -> dict[str, Any]:
        """What conditions of policies and rules are matched against."""
        return facts_of(self.ticket, self.calendar)

    @cached_property
    def clocks(self) -> list[Clock]:
        """The clocks of the ticket's present run, locked once for everything this fact means."""
        return lock_clocks(ticket=self.ticket, subject_kind="ticket", run_no=self.ticket.run_no)

    def live(self, kind: str | None = None) -> list[Clock]:
        """Return the clocks of the ticket itself that are not stopped, locked."""
        return [c for c in self.clocks if c.state != Clock.State.STOPPED and kind in {None, c.kind}]

    def event(self, name: str) -> None:
        """End the rules that stop on `name`, in every live clock."""
        stop_rules(self.live(), event=name, at=self.at)

    @cached_property
    def dated(self) -> Dated:
        """Every version and when it is enforced. 1 query."""
        return dated_versions()

    def versions(self, subject: str, at: datetime) -> list[PolicyVersion]:
        """Return the versions that clocks on such a subject take from `at`. 1 query for all that this fact asks."""
        return current_versions(subject, at, among=self.dated)

    def facts_at(self, anchor: datetime) -> dict[str, Any]:
        """The facts with the wall time and weekday of an anchor, on the customer's clock."""
        return self.facts | policy.wall(anchor, zone_of(self.ticket.organisation))

    def start(self, *, received: bool) -> None:
        """Start the policies of a new run. received: first answer and acknowledgement count from receipt."""
        begun = self.ticket.received_at if received else self.at
        applying = [v for v in self.versions("ticket", begun) if self.applies(v, begun) and starts_on(v, "logged")]
        self._begin([self.start_of(version, started_at=begun, received=received) for version in applying])

    def follow(self) -> None:
        """Let running policies follow the ticket: start those that newly apply, cancel those that no longer do,
        change calendar and variants of the rest. What fired stays fired; one that applies again goes on where it was.
        """
        if self.ticket.verified_at is not None:
            if self.ticket.acknowledged_at is not None:
                self.event("acknowledged")
            if self.ticket.answered_at is not None:
                self.event("answered")
        clocks = {clock.kind: clock for clock in self.clocks}
        versions = self.versions("ticket", self.at)
        in_force = {version.policy.key for version in versions}
        for going in (c for c in self.live() if c.kind not in in_force and not starts_on(c.version, "resolved")):
            self._keep(going)  # its policy was retired: it goes on to its end, and goes on following
        starts: list[Start] = []
        for version in versions:
            clock = clocks.get(version.policy.key)
            if starts_on(version, "resolved"):
                continue
            if clock is not None:
                self._keep(clock)
            elif self.ticket.state not in OVER and self.applies(version, self.at):
                starts.append(self.start_of(version, started_at=self.at, received=False))
        self._begin(starts)
        if self.ticket.state == State.SUSPENDED:  # what begins, or applies again, while the ticket waits, waits too
            for clock in self.live():
                hold(clock, at=self.at, suspension_id=None)

    def resolved(self) -> None:
        """Start what counts from the resolution (the fault report), or go on with it when solved once more."""
        versions = [v for v in self.versions("ticket", self.at) if starts_on(v, "resolved")]
        if not versions:
            return
        clocks, facts = {c.kind: c for c in self.clocks}, self.facts_at(self.at) | {"overdue": self._overdue()}
        starts = []
        for version in (v for v in versions if policy.matches(v.conditions, facts)):
            clock = clocks.get(version.policy.key)
            if clock is None:
                starts.append(
                    self.start_of(version, started_at=self.at, received=False, facts=facts, anchor="resolved")
                )
            else:
                begin_again(clock, at=self.at)
                arm_rules(clock, anchors={"resolved"}, anchor_at=self.at, at=self.at, facts=facts)
        self._begin(starts)

    def _overdue(self) -> bool:
        """Whether a deadline that only the resolution meets was passed in this run (C-26)."""
        missed = Firing.objects.filter(clock__ticket=self.ticket, clock__subject_kind="ticket", rule__breach=True)
        only = missed.filter(clock__run_no=self.ticket.run_no, rule__repeat_s=None, rule__stop_on=["resolved"])
        return only.exists()

    def _keep(self, clock: Clock) -> None:
        applies = self.applies(clock.version, clock.started_at)
        if clock.state == Clock.State.STOPPED:
            if not applies or clock.stop_reason != NO_LONGER:
                return
            restore_clock(clock, at=self.at)
        elif not applies and not (clock.version.conditions.get("dispatched") and self._kind_applies(clock)):
            stop_clocks([clock], reason=NO_LONGER, at=self.at)
            return
        switch_calendar(clock, calendar=self._calendar_of(clock.version), at=self.at)
        reconsider(clock, facts=self.facts_at(clock.started_at), at=self.at)

    def applies(self, version: PolicyVersion, anchor: datetime) -> bool:
        """Whether a policy applies to the ticket as it is, at an anchor."""
        return policy.matches(version.conditions, self.facts_at(anchor))

    def _kind_applies(self, clock: Clock) -> bool:
        """Once dispatched, a policy goes on wherever the ticket is (closure), as long as the rest holds."""
        return policy.matches(clock.version.conditions, self.facts_at(clock.started_at) | {"dispatched": True})

    def _calendar_of(self, version: PolicyVersion) -> Calendar | None:
        return self.calendar if self.ticket.priority in version.on_entitlement_calendar else None

    def start_of(
        self, version: PolicyVersion, *, started_at: datetime, received: bool, facts: Any = None, anchor: str = ""
    ) -> Start:
        """Return the clock to start; received: rules that count from receipt begin with it."""
        anchors = {"start", "received"} if received else {"start"}
        if starts_on(version, "dispatched") and self.ticket.owner_id is None:
            anchors.add("dispatched")
        return Start(
            version=version, subject_kind="ticket", subject_id=self.ticket.pk, ticket=self.ticket,
            run_no=self.ticket.run_no, calendar=self._calendar_of(version), started_at=started_at,
            anchors=anchors | ({anchor} if anchor else set()), facts=facts or self.facts_at(started_at),
        )  # fmt: skip

    def _begin(self, starts: list[Start]) -> None:
        started = start_clocks(starts, at=self.at)
        self.begun = self.begun or bool(started)
        if "clocks" in self.__dict__:
            self.clocks.extend(started)


def starts_on(version: PolicyVersion, on: str) -> bool:
    """Whether a policy's clock begins with the fact `on`: logged, dispatched or resolved."""
    return version.conditions.get(policy.STARTS_ON) == on
