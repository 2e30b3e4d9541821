"""Formal escalations of tickets, as rules of the model: asked for, confirmed by their people, reviewed, over."""

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from escalation.commands.stages import FIRST_THREE, settle
from escalation.models import Duty, Escalation
from escalation.reactions import on_escalation_fact
from escalation.simulator.plan import together
from escalation.simulator.shapes import Event
from escalation.simulator.windows import instant
from ledger.actor import SYSTEM
from ledger.models import Entry
from tests.escalation.model.machine import TIERS, Model
from tests.escalation.model.subjects import Subject

PICK = st.integers(0, 3)


class Managing(Model):
    """Tickets nobody promised anything about, and their escalations."""

    @precondition(lambda self: len(self.tickets_of()) < 2)
    @rule(which=st.integers(0, 1))
    def a_ticket_is_worked_on(self, which: int) -> None:
        ticket = self.desk.log_ticket(
            self.customers[which], kind="problem", priority="P1", channel="internal", before=0
        )
        at = instant(self.desk.now)
        columns = {"state": "l1", "tier": "l1", "team": self.world.team, "verified_at": at, "acknowledged_at": at}
        facts = {"state": "l1", "verified": True, "acknowledged": True, "dispatched": True, "team": self.world.team.pk}
        self.desk.say(ticket, "ticket.verified", columns, facts=facts)

    def tickets_of(self) -> list[Subject]:
        return [s for s in self.desk.subjects if s.kind == "ticket"]

    def open_ones(self) -> list[Subject]:
        return [s for s in self.desk.subjects if s.kind == "escalation" and s.facts["open"]]

    def unescalated(self) -> list[Subject]:
        busy = {s.row.ticket_id for s in self.open_ones()}
        return [s for s in self.tickets_of() if s.state in TIERS and s.row.pk not in busy]

    @precondition(lambda self: bool(self.unescalated()))
    @rule(pick=PICK, severity=st.integers(1, 3), production=st.booleans())
    def management_is_asked_for(self, pick: int, severity: int, production: bool) -> None:
        found = self.unescalated()
        ticket = found[pick % len(found)]
        row = Escalation.objects.create(
            ticket=ticket.row, requested_at=instant(self.desk.now), requester_name="Ada", relation="customer",
            reason="Ward down", severity=severity, production=production,
        )  # fmt: skip
        facts = {
            **ticket.facts, "production": production, "severity": severity, "relation": "customer", "open": True,
            "state": "escalation",
        }  # fmt: skip
        subject = Subject(row, ticket.customer, facts, kind="escalation")
        keys = [key for key, versions in self.desk.versions.items() if versions[0].subject == "escalation"]
        chosen = {key: self.desk.versions[key] for key in keys}
        subject.auditors = together(chosen, self.desk.rosters(), {}, continuous=False)
        self.desk.subjects.append(subject)
        self.tell(subject, "escalation.requested", {"requested": self.desk.now}, facts)

    def tell(self, subject: Subject, name: str, model: dict[str, Any], facts: Any = None, **data: Any) -> None:
        entry = Entry(name=name, chain=subject.row.ticket.chain, at=instant(self.desk.now), data=data)
        on_escalation_fact(entry, about=subject.row, actor=SYSTEM)
        self.desk.note(subject, Event(self.desk.now, name, facts, model))

    def waiting(self) -> list[tuple[Subject, Duty]]:
        rows = [(s, d) for s in self.open_ones() for d in Duty.objects.filter(escalation=s.row, confirmed_at=None)]
        return sorted(rows, key=lambda row: row[1].pk)

    @precondition(lambda self: bool(self.open_ones()))
    @rule(pick=PICK, several=st.booleans())
    def somebody_confirms(self, pick: int, several: bool) -> None:
        found = self.waiting()
        for subject, duty in [found[(pick + n) % len(found)] for n in range(3 if several else 1)] if found else []:
            if Duty.objects.filter(pk=duty.pk, confirmed_at=None).exists():
                self.confirm(subject, duty)

    def confirm(self, subject: Subject, duty: Duty) -> None:
        duty.escalation = Escalation.objects.select_related("ticket").get(pk=subject.row.pk)
        person = self.world.people[1]
        settle(duty, by=person, how="desk", note="", actor=SYSTEM, at=instant(self.desk.now))
        event = Event(self.desk.now, "escalation.confirmed", None, {"role": duty.role, "stage": duty.stage})
        self.desk.note(subject, event)
        auditor = subject.auditors["priority_escalation"]
        done = {d.role for d in auditor.duties if d.stage == 1 and d.confirmed}
        fired = any(f.code == "F-1D" and f.outcome != "moot" for f in auditor.firings)
        if subject.facts["production"] and done >= FIRST_THREE and not fired and not subject.facts.get("two"):
            subject.facts["two"] = True
            self.desk.note(subject, Event(self.desk.now, "escalation.stage_two", None, {"at": self.desk.now}))
        subject.row.refresh_from_db()

    @precondition(lambda self: bool(self.open_ones()))
    @rule(pick=PICK, name=st.sampled_from(["reviewed", "customer_contacted", "plan_agreed"]))
    def the_manager_works(self, pick: int, name: str) -> None:
        found = self.open_ones()
        subject = found[pick % len(found)]
        column = {"reviewed": "reviewed_at", "customer_contacted": "contacted_at", "plan_agreed": "plan_agreed_at"}
        if getattr(subject.row, column[name]) is not None or (name == "plan_agreed" and not subject.row.contacted_at):
            return
        setattr(subject.row, column[name], instant(self.desk.now))
        subject.row.save(update_fields=[column[name]])
        self.tell(subject, f"escalation.{name}", {})

    @precondition(lambda self: self.has(*TIERS))
    @rule(pick=PICK)
    def the_ticket_is_resolved(self, pick: int) -> None:
        ticket = self.some(pick, *TIERS)
        ticket.reason = ticket.state
        columns = {
            "state": "closure", "resolved_at": instant(self.desk.now), "resolution_code": "fixed",
            "cause_code": "hardware", "resolution": "Replaced",
        }  # fmt: skip
        self.desk.say(ticket, "ticket.resolved", columns, facts={"state": "closure", "dispatched": False})
        for subject in [s for s in self.open_ones() if s.row.ticket_id == ticket.row.pk]:
            subject.facts = {**subject.facts, "open": False}
            self.desk.note(subject, Event(self.desk.now, "escalation.resolved", None, {}))
            subject.row.closed_at = instant(self.desk.now)
            subject.row.save(update_fields=["closed_at"])
            self.tell(subject, "escalation.closed", {"reason": "resolved"}, reason="resolved")

    @precondition(lambda self: self.has("closure"))
    @rule(pick=PICK)
    def the_solution_is_disputed(self, pick: int) -> None:
        ticket = self.some(pick, "closure")
        facts = {"state": ticket.reason, "dispatched": True}
        self.desk.say(ticket, "ticket.disputed", {"state": ticket.reason}, facts=facts)
