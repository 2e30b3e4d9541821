"""What a batch of firings is about, loaded in bulk: clocks with their tickets, rules, people, duties."""

import json
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple

from django.db import connection

from accounts.models import User
from catalogue.hours import WorkingHours
from catalogue.models import Calendar
from escalation.claim import Claimed
from escalation.models import Clock, Duty, Rule, Segment
from escalation.oncall import OnCall, Scope
from escalation.steady import on_call
from escalation.versions import rules_of
from escalation.working import calendar_hours

OWNERS = {"owner", "agent"}
STAGE_TWO = "F-1D"
# Read after the claim, in a statement of its own: a suspension that ended before we held the timers is seen here.
_READ = """
SELECT c.id, c.version_id, c.calendar_id, c.state, c.started_at, c.running_since, c.accrued_us, c.silenced_until,
  c.muted_until,
  CASE WHEN c.people = '{}'::jsonb THEN NULL ELSE c.people::text END,
  CASE WHEN c.chain = '' THEN 'ticket:' || t.number ELSE c.chain END, c.ticket_id, o.id, COALESCE(o.region, ''),
  t.team_id, COALESCE(t.restricted, false), t.owner_id, CASE WHEN c.subject_kind = 'escalation' THEN c.subject_id END
FROM esc_clock c LEFT JOIN tickets_ticket t ON t.id = c.ticket_id
LEFT JOIN accounts_organisation o ON o.id = COALESCE(t.organisation_id, c.organisation_id)
WHERE c.id = ANY(%s::bigint[])
"""


class Subject(NamedTuple):
    """A clock and what it is about, in the few values a firing needs.

    ticket_id      None for a subject without one. chain: the ledger chain either way.
    people         words of `targets` answered on this subject itself, as JSON; None = none.
    escalation_id  None = not the clock of a formal escalation.
    """

    clock_id: int
    version_id: int
    calendar_id: int | None
    state: str
    started_at: datetime
    running_since: datetime | None
    accrued_us: int
    silenced_until: datetime | None
    muted_until: datetime | None
    people: str | None
    chain: str
    ticket_id: int | None
    organisation_id: int | None
    region: str
    team_id: int | None
    restricted: bool
    owner_id: int | None
    escalation_id: int | None

    @property
    def running(self) -> bool:
        """Whether the clock counts."""
        return self.state == Clock.State.RUNNING

    @property
    def pauses(self) -> bool:
        """Whether it is a clock a suspension may pause: one of a ticket that is not stopped."""
        return self.ticket_id is not None and self.escalation_id is None and self.state != Clock.State.STOPPED

    @property
    def named(self) -> dict[str, int]:
        """Who answers for a word on this subject before any roster: word → user id."""
        return json.loads(self.people) if self.people else {}

    def hint(self) -> dict[str, Any]:
        """What the bell carries."""
        return {
            "chain": self.chain, "name": "timer.fired", "organisation_id": self.organisation_id,
            "team_id": self.team_id, "restricted": self.restricted, "public": False,
        }  # fmt: skip


class Context:
    """Loads in at most 12 queries, whatever the size of the batch; most only when first asked for."""

    def __init__(self, claimed: Sequence[Claimed]) -> None:
        self.now: datetime = claimed[0].now
        with connection.cursor() as cursor:
            cursor.execute(_READ, [sorted({timer.clock_id for timer in claimed})])
            self.subjects: dict[int, Subject] = {row[0]: Subject._make(row) for row in cursor.fetchall()}
        versions = {subject.version_id for subject in self.subjects.values()}
        self.rules: dict[int, Rule] = {rule.pk: rule for version in versions for rule in rules_of(version)}
        self._armed_by: dict[tuple[int, str], list[Rule]] = {}

    def rules_of(self, version_id: int) -> list[Rule]:
        """Return the rules of a version."""
        return rules_of(version_id)

    def armed_by(self, version_id: int, code: str) -> list[Rule]:
        """Return the rules of a version that a firing of `code` arms."""
        key = version_id, code
        if key not in self._armed_by:
            anchors = {f"fired:{code}"} | ({"stage_two"} if code == STAGE_TWO else set())
            self._armed_by[key] = [rule for rule in rules_of(version_id) if rule.anchor in anchors]
        return self._armed_by[key]

    def hours(self, subject: Subject) -> WorkingHours | None:
        """Return the clock's working hours; None = elapsed time."""
        return None if subject.calendar_id is None else self._hours[subject.calendar_id]

    def scope(self, subject: Subject, role: str) -> Scope:
        """What `role` is looked up for; the owner is only read where the role is theirs."""
        owner_id = subject.named.get("owner", subject.owner_id) if role in OWNERS else None
        return Scope(
            organisation_id=subject.organisation_id, region=subject.region, team_id=subject.team_id,
            owner=self.users.get(owner_id) if owner_id else None,
        )  # fmt: skip

    @cached_property
    def on_call(self) -> OnCall:
        """Who is on call now, for every organisation of the batch."""
        return on_call(self.now, {subject.organisation_id for subject in self.subjects.values()})

    @cached_property
    def users(self) -> dict[int, User]:
        """Owners, and those a subject names itself."""
        wanted = {subject.owner_id for subject in self.subjects.values()}
        for subject in self.subjects.values():
            wanted.update(subject.named.values())
        return User.objects.in_bulk([pk for pk in wanted if pk])

    @cached_property
    def interrupted(self) -> set[int]:
        """The clocks of the batch that wait or have waited for a suspension."""
        waited = Segment.objects.filter(clock_id__in=self.subjects, running=False)
        return set(waited.values_list("clock_id", flat=True))

    @cached_property
    def duties(self) -> dict[int | None, list[Duty]]:
        """Duties by escalation, each with its person."""
        wanted = {s.escalation_id for s in self.subjects.values() if s.escalation_id}
        found: dict[int | None, list[Duty]] = defaultdict(list)
        for duty in Duty.objects.filter(escalation_id__in=wanted).select_related("person"):
            found[duty.escalation_id].append(duty)
        return found

    @cached_property
    def _hours(self) -> dict[int, WorkingHours | None]:
        wanted = {subject.calendar_id for subject in self.subjects.values() if subject.calendar_id}
        calendars = Calendar.objects.in_bulk(wanted)
        return {pk: None if one.round_the_clock else calendar_hours(one) for pk, one in calendars.items()}
