"""The clocks of one ticket at one instant, and how they follow what the ticket becomes (decisions 15)."""

from datetime import datetime
from functools import cached_property
from typing import Any

from catalogue.models import Calendar
from escalation import policy
from escalation.commands.arm import reconsider, start_clock, switch_calendar
from escalation.commands.stop import restore_clock, stop_clocks, stop_rules
from escalation.locks import lock_clocks
from escalation.models import Clock, Policy, PolicyVersion
from escalation.promises import calendar_for, facts_of
from escalation.versions import versions
from tickets.models import Ticket
from tickets.words import ENDED, State

NO_LONGER = "no_longer_applies"
OVER = (State.CLOSURE, State.SURVEY, *ENDED)


class TicketClocks:
    """Clocks of `ticket` at `at`. The ticket's row lock is held by the command; clocks are locked by each method."""

    def __init__(self, ticket: Ticket, *, at: datetime) -> None:
        self.ticket, self.at = ticket, at

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

    def start(self, *, received: bool) -> None:
        """Start the policies of a new run. received: first answer and acknowledgement count from receipt."""
        for version in current_versions("ticket"):
            if self._applies(version) and version.conditions.get(policy.STARTS_ON) == "logged":
                self._start(version, started_at=self.ticket.received_at if received else self.at, received=received)

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
        for version in current_versions("ticket"):
            clock = clocks.get(version.policy.key)
            if clock is not None:
                self._keep(clock)
            elif self._applies(version) and self.ticket.state not in OVER:
                self._start(version, started_at=self.at, received=False)

    def _keep(self, clock: Clock) -> None:
        applies = self._applies(clock.version)
        if clock.state == Clock.State.STOPPED:
            if applies and clock.stop_reason == NO_LONGER:
                restore_clock(clock, at=self.at)
            return
        if not applies and not (clock.version.conditions.get("dispatched") and self._kind_applies(clock.version)):
            stop_clocks([clock], reason=NO_LONGER, at=self.at)
            return
        switch_calendar(clock, calendar=self._calendar_of(clock.version), at=self.at)
        reconsider(clock, facts=self.facts, at=self.at)

    def _applies(self, version: PolicyVersion) -> bool:
        return policy.matches(version.conditions, self.facts)

    def _kind_applies(self, version: PolicyVersion) -> bool:
        """Once dispatched, a policy goes on wherever the ticket is (closure), as long as the rest holds."""
        return policy.matches(version.conditions, {**self.facts, "dispatched": True})

    def _calendar_of(self, version: PolicyVersion) -> Calendar | None:
        return self.calendar if self.ticket.priority in version.on_entitlement_calendar else None

    def _start(self, version: PolicyVersion, *, started_at: datetime, received: bool) -> None:
        anchors = {"start", "received"} if received else {"start"}
        if version.conditions.get(policy.STARTS_ON) == "dispatched" and self.ticket.owner_id is None:
            anchors.add("dispatched")
        started = start_clock(
            version=version, subject_kind="ticket", subject_id=self.ticket.pk, ticket=self.ticket,
            run_no=self.ticket.run_no, calendar=self._calendar_of(version), started_at=started_at, at=self.at,
            anchors=anchors, facts=self.facts,
        )  # fmt: skip
        if "clocks" in self.__dict__:
            self.clocks.append(started)


def current_versions(subject: str) -> list[PolicyVersion]:
    """Return the current version of every policy for `subject`, with its policy. 1 query."""
    rows = Policy.objects.filter(subject=subject, current__isnull=False).order_by("pk")
    current = list(rows.values_list("current_id", flat=True))
    known = versions(current)
    return [known[pk] for pk in current]
