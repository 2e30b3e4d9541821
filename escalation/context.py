"""What a batch of firings is about, loaded in bulk: clocks, rules, tickets, escalations and their duties."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from accounts.models import User
from catalogue.hours import WorkingHours
from escalation.claim import Claimed
from escalation.models import Clock, Duty, Rule
from escalation.oncall import OnCall, Scope
from escalation.steady import on_call
from escalation.timers import hours_of
from escalation.versions import rules_of
from tickets.models import Ticket


@dataclass(frozen=True, slots=True)
class Subject:
    """The ticket behind a clock, in the few values a page needs. `escalation_id` None = a ticket's own clock."""

    clock: Clock
    ticket_id: int
    chain: str
    organisation_id: int | None
    region: str
    team_id: int | None
    restricted: bool
    owner: User | None
    escalation_id: int | None

    @property
    def scope(self) -> Scope:
        """What roles are looked up for."""
        return Scope(organisation_id=self.organisation_id, region=self.region, team_id=self.team_id, owner=self.owner)

    def hint(self) -> dict[str, Any]:
        """What the bell carries."""
        return {
            "chain": self.chain, "name": "timer.fired", "organisation_id": self.organisation_id,
            "team_id": self.team_id, "restricted": self.restricted, "public": False,
        }  # fmt: skip


class Context:
    """Loads in at most 9 queries, whatever the size of the batch."""

    def __init__(self, claimed: list[Claimed]) -> None:
        self.now: datetime = claimed[0].now
        ids = {timer.clock_id for timer in claimed}
        self.clocks = Clock.objects.select_related("calendar").in_bulk(ids)
        versions = {clock.version_id for clock in self.clocks.values()}
        self.rules: dict[int, Rule] = {rule.pk: rule for version in versions for rule in rules_of(version)}
        self._subjects = self._load_subjects()
        self._hours: dict[int, WorkingHours | None] = {}

    def subject(self, clock_id: int) -> Subject:
        """Return what the clock is about."""
        return self._subjects[clock_id]

    def rules_of(self, version_id: int) -> list[Rule]:
        """Return the rules of a version."""
        return rules_of(version_id)

    def hours(self, clock: Clock) -> WorkingHours | None:
        """Return the clock's working hours, read once per calendar."""
        if clock.calendar_id is None:
            return None
        if clock.calendar_id not in self._hours:
            self._hours[clock.calendar_id] = hours_of(clock)
        return self._hours[clock.calendar_id]

    @cached_property
    def on_call(self) -> OnCall:
        """Who is on call now, for every organisation of the batch."""
        return on_call(self.now, {subject.organisation_id for subject in self._subjects.values()})

    @cached_property
    def duties(self) -> dict[int | None, list[Duty]]:
        """Duties by escalation, each with its person."""
        wanted = {s.escalation_id for s in self._subjects.values() if s.escalation_id}
        found: dict[int | None, list[Duty]] = defaultdict(list)
        for duty in Duty.objects.filter(escalation_id__in=wanted).select_related("person"):
            found[duty.escalation_id].append(duty)
        return found

    def _load_subjects(self) -> dict[int, Subject]:
        columns = ("pk", "number", "organisation_id", "organisation__region", "team_id", "restricted", "owner_id")
        wanted = {clock.ticket_id for clock in self.clocks.values() if clock.ticket_id}
        tickets = {row[0]: row for row in Ticket.objects.filter(pk__in=wanted).values_list(*columns)}
        owners = User.objects.in_bulk({row[6] for row in tickets.values() if row[6]})
        found = {}
        for clock in self.clocks.values():
            pk, number, organisation_id, region, team_id, restricted, owner_id = tickets[clock.ticket_id]
            found[clock.pk] = Subject(
                clock, pk, f"ticket:{number}", organisation_id, region or "", team_id, restricted,
                owners.get(owner_id), clock.subject_id if clock.subject_kind == "escalation" else None,
            )  # fmt: skip
        return found
