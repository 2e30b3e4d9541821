"""One example of the model: real rows moved by the engine's own reactions, and the log of the same for the auditor."""

import itertools
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db import connection

from catalogue.models import Holiday
from escalation.commands.fire import fire_due
from escalation.commands.recount import recount_calendar
from escalation.models import RosterSlot
from escalation.reactions import on_ticket_fact
from escalation.seed import publish
from escalation.simulator.people import Rosters, Slot
from escalation.simulator.plan import Auditor, plan_together
from escalation.simulator.shapes import Event, Version, version_of
from escalation.simulator.windows import SECOND, Windows, instant
from ledger.actor import SYSTEM
from ledger.models import Entry
from tests.escalation.model.world import FIRST, LAST, ROLES, WEEK, Customer, World, first_versions
from tickets.models import Ticket

_numbers = itertools.count(700_001)
_READ = """
SELECT 'fired', c.subject_kind, c.subject_id, c.kind, c.run_no, f.rule_code, f.occurrence, f.due_at, f.outcome,
  0::bigint
FROM esc_firing f JOIN esc_clock c ON c.id = f.clock_id
UNION ALL
SELECT 'live', c.subject_kind, c.subject_id, c.kind, c.run_no, t.rule_code, t.occurrence, t.due_at, t.state, 0
FROM esc_timer t JOIN esc_clock c ON c.id = t.clock_id WHERE t.state IN ('armed', 'held')
UNION ALL
SELECT 'clock', c.subject_kind, c.subject_id, c.kind, c.run_no, '', 0, c.running_since, c.state, c.accrued_us
FROM esc_clock c
"""
TICKET_POLICIES = [key for key, version in first_versions().items() if version.subject == "ticket"]


@dataclass(slots=True)
class Subject:
    """One ticket or escalation: its customer, what is known of it, its log, and an auditor per policy."""

    row: Any
    customer: Customer
    facts: dict[str, Any]
    kind: str = "ticket"
    log: list[Event] = field(default_factory=list)
    auditors: dict[str, Auditor] = field(default_factory=dict)
    until: int = 0
    first_table: Windows | None = None
    reason: str = ""

    @property
    def state(self) -> str:
        return str(self.facts["state"])


class Desk:
    """The desk at `now` (microseconds). Every method does one thing to the rows and writes the same in the log."""

    def __init__(self, world: World, now: int, break_glass: list[str]) -> None:
        self.world, self.now = world, now
        self.break_glass = break_glass
        self.versions: dict[str, list[Version]] = {key: [version] for key, version in first_versions().items()}
        self.subjects: list[Subject] = []
        self.tables = {customer.zone: customer.windows for customer in world.customers}
        self.slots: list[Slot] = []
        self.staff(range(len(ROLES)))

    # --- the roster ----------------------------------------------------------------------------------------------
    def staff(self, people: Any) -> None:
        """From now on the roles are held by these people in turn; by nobody for no people."""
        RosterSlot.objects.filter(during__endswith__gt=instant(self.now)).delete()
        self.slots = [s._replace(end=min(s.end, self.now)) for s in self.slots if s.begin < self.now]
        chosen = list(people)
        end = self.now + 400 * 86_400 * SECOND
        rows = []
        for number, role in enumerate(ROLES if chosen else ()):
            person = self.world.people[chosen[number % len(chosen)] % len(self.world.people)]
            rows.append(RosterSlot(role=role, user=person, during=(instant(self.now), instant(end))))
            self.slots.append(Slot(role, "global", 1, 1, str(person.pk), self.now, end))
        RosterSlot.objects.bulk_create(rows)
        for subject in self.subjects:
            for auditor in subject.auditors.values():
                auditor.rosters = self.rosters()

    def rosters(self) -> Rosters:
        return Rosters(self.slots, break_glass=self.break_glass)

    # --- tickets -------------------------------------------------------------------------------------------------
    def log_ticket(self, customer: Customer, *, kind: str, priority: str, channel: str, before: int) -> Subject:
        received, org = self.now - before, customer.organisation
        row = Ticket.objects.create(
            number=f"SD-{next(_numbers)}", received_at=instant(received), state="intake", kind=kind, channel=channel,
            priority=priority, title="Line down", organisation=org,
        )  # fmt: skip
        table = self.tables[customer.zone]
        day = table.zone.wall(received).toordinal()
        facts = {
            "kind": kind, "priority": priority, "category": row.category, "channel": channel, "critical": False,
            "urgent": priority in ("P1", "P2"), "complex": False, "verified": False, "dispatched": False,
            "segment": org.segment, "service_category": org.service_category, "region": org.region,
            "production": org.production, "working_day": day in table.open_days(), "state": "intake",
            "calendar": customer.zone, "owner": None, "organisation": org.pk, "acknowledged": False, "answered": False,
            "zone": customer.zone,
        }  # fmt: skip
        subject = self._subject(Subject(row, customer, facts), TICKET_POLICIES)
        self.say(subject, "ticket.logged", {}, {"received": received})
        return subject

    def say(
        self, subject: Subject, name: str, columns: dict[str, Any], model: dict[str, Any] | None = None,
        facts: dict[str, Any] | None = None, **data: Any,
    ) -> None:  # fmt: skip
        """Put columns of the ticket, say the fact to the engine, and write the same in the auditor's log."""
        at = instant(self.now)
        if columns:
            Ticket.objects.filter(pk=subject.row.pk).update(**columns)
        subject.facts = {**subject.facts, **(facts or {})}
        if name == "ticket.resolved":
            subject.facts["overdue"] = self._overdue(subject)
        entry = Entry(name=name, chain=subject.row.chain, at=at, data=data)
        on_ticket_fact(entry, about=subject.row, actor=SYSTEM)
        self.note(subject, Event(self.now, name, subject.facts, model if model is not None else data))

    def note(self, subject: Subject, event: Event) -> None:
        """Write one event in a subject's log and tell its auditors."""
        subject.log.append(event)
        for auditor in subject.auditors.values():
            auditor.take(event)

    def _overdue(self, subject: Subject) -> bool:
        """Whether a deadline only the solution meets has passed in this run, fired or not yet (C-26)."""
        for auditor in subject.auditors.values():
            clock = auditor.clock
            for one in [] if clock is None else clock.version.rules:
                if not one.breach or one.repeat_s or one.stop_on != {"resolved"}:
                    continue
                if any(f.clock == clock.name and f.code == one.code for f in auditor.firings):
                    return True
                if any(t.rule is one and t.state == "armed" and t.due <= self.now for t in clock.timers):
                    return True
        return False

    def _subject(self, subject: Subject, policies: list[str]) -> Subject:
        calendars = {subject.customer.zone: self.tables[subject.customer.zone]}
        subject.first_table = self.tables[subject.customer.zone]
        subject.auditors = {
            key: Auditor(self.versions[key], self.rosters(), calendars, continuous=False) for key in policies
        }
        self.subjects.append(subject)
        return subject

    def edit_holiday(self, customer: Customer, ahead: int) -> None:
        """Close a day of a customer's calendar, or open it again; what waits on it is counted anew."""
        old = self.tables[customer.zone]
        day = (old.zone.wall(self.now) + timedelta(days=ahead)).date()
        rows = Holiday.objects.filter(calendar=customer.calendar, on=day)
        if not rows.delete()[0]:
            Holiday.objects.create(calendar=customer.calendar, on=day, name="Edited")
        recount_calendar(calendar_id=customer.calendar.pk, at=instant(self.now))
        closed = set(Holiday.objects.filter(calendar=customer.calendar).values_list("on", flat=True))
        new = self.tables[customer.zone] = Windows(customer.zone, WEEK, closed, FIRST, LAST)
        for subject in [s for s in self.subjects if s.customer is customer and s.kind == "ticket"]:
            received = new.zone.wall(subject.log[0].data["received"]).toordinal()
            subject.facts = {**subject.facts, "working_day": received in new.open_days()}
            self.note(subject, Event(self.now, "calendar.changed", subject.facts, {"old": old, "new": new}))

    # --- policies and time ---------------------------------------------------------------------------------------
    def publish(self, policy: Any, shape: dict[str, Any]) -> None:
        """Publish one more version: running clocks keep theirs."""
        made = publish(policy, shape, at=instant(self.now))
        self.versions[policy.key].append(version_of(shape, n=made.n, from_us=self.now))
        for subject in self.subjects:
            if policy.key in subject.auditors:
                subject.auditors[policy.key].versions = self.versions[policy.key]

    def look(self, engines: int, batch: int) -> None:
        """Let engines fire in turn until nothing is due, and say to the auditors that they looked."""
        at, names = instant(self.now), itertools.cycle(f"model-{n}" for n in range(engines))
        idle = 0
        while idle < engines:
            idle = 0 if fire_due(at, limit=batch, engine_id=next(names)) else idle + 1
        for subject in self.subjects:
            self.note(subject, Event(self.now, "look"))

    def next_dues(self) -> list[int]:
        """Every instant an armed timer waits for, by the auditors."""
        found = {
            timer.due
            for subject in self.subjects
            for auditor in subject.auditors.values()
            for clock in auditor.clocks
            for timer in clock.timers
            if timer.state == "armed"
        }
        return sorted(found)

    # --- comparing -----------------------------------------------------------------------------------------------
    def engine_says(self) -> tuple[set, set, set]:
        """Return (firings, live timers, clocks) as rows of the database."""
        with connection.cursor() as cursor:
            cursor.execute(_READ)
            rows = cursor.fetchall()
        fired = {row[1:9] for row in rows if row[0] == "fired"}
        live = {row[1:9] for row in rows if row[0] == "live"}
        clocks = {(*row[1:5], row[8], row[9], row[7]) for row in rows if row[0] == "clock"}
        return fired, live, clocks

    def auditors_say(self) -> tuple[set, set]:
        """Return (firings, live timers) in the same words."""
        fired, live = set(), set()
        for subject in self.subjects:
            for key, auditor in subject.auditors.items():
                name = (subject.kind, subject.row.pk, key)
                for f in auditor.firings:
                    fired.add((*name, self._run(subject, f.clock), f.code, f.occurrence, f.due_at, f.outcome))
                for clock in auditor.clocks:
                    for t in clock.live():
                        due = instant(t.due) if t.state == "armed" else None
                        live.add((*name, self._run(subject, clock.name), t.rule.code, t.occurrence, due, t.state))
        return fired, live

    def from_scratch(self) -> set:
        """Return every firing worked out anew from the logs alone."""
        fired = set()
        for subject in self.subjects:
            calendars = {subject.customer.zone: subject.first_table or subject.customer.windows}
            chosen = {key: self.versions[key] for key in subject.auditors}
            found = plan_together(chosen, subject.log, self.rosters(), calendars, continuous=False)
            for key, firings in found.items():
                for f in firings:
                    run = self._run(subject, f.clock)
                    fired.add((subject.kind, subject.row.pk, key, run, f.code, f.occurrence, f.due_at, f.outcome))
        return fired

    def counted(self) -> dict[tuple, int]:
        """Return what every clock of a ticket has counted by now, worked out from its stretches."""
        return {
            (subject.kind, subject.row.pk, key, clock.run): clock.paused_out.counted(self.now)
            for subject in self.subjects
            for key, auditor in subject.auditors.items()
            for clock in auditor.clocks
        }

    def _run(self, subject: Subject, clock: str) -> int:
        return int(clock.rpartition("/")[2])


def unfinished(subjects: list[Subject], *states: str) -> list[Subject]:
    """Tickets in one of these states."""
    return [s for s in subjects if s.kind == "ticket" and s.state in states]


__all__ = ["Desk", "Subject", "unfinished"]
