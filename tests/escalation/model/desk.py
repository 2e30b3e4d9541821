"""One example of the model: real rows moved by the engine's own reactions, and the log of the same for the auditor."""

import itertools
from datetime import timedelta
from typing import Any

from catalogue.models import Holiday
from escalation.commands.fire import fire_due
from escalation.commands.recount import recount_calendar
from escalation.models import RosterSlot
from escalation.reactions import on_ticket_fact
from escalation.seed import publish
from escalation.simulator.people import Rosters, Slot
from escalation.simulator.plan import Auditor
from escalation.simulator.shapes import Event, Version, version_of
from escalation.simulator.windows import SECOND, Windows, instant
from ledger.actor import SYSTEM
from ledger.models import Entry
from tests.escalation.model.comparing import Comparing
from tests.escalation.model.subjects import Subject
from tests.escalation.model.world import FIRST, LAST, ROLES, WEEK, Customer, World, first_versions
from tickets.models import Ticket

_numbers = itertools.count(700_001)
TICKET_POLICIES = [key for key, version in first_versions().items() if version.subject == "ticket"]


class Desk(Comparing):
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
