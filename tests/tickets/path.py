"""The main path of a ticket, step by step, through the real commands; each step a minute after the last."""

from datetime import datetime, timedelta

from accounts.models import Contact
from accounts.verification import Proof, set_pin
from ledger.actor import Actor
from tests.factories.cast import Cast
from tickets.commands import interaction, log, resolve, suspend, triage, verify, work
from tickets.models import Interaction, Suspension, Ticket
from tickets.words import State

PIN = "482913"
MONTH = 31 * 24 * 60  # minutes; a survey nobody answered has expired by then
FAULT = {
    "kind": "fault",
    "category": "network_interruption",
    "impact": "medium",
    "urgency": "medium",
    "scope": "single",
}


class Path:
    """`to(state)` returns a fresh ticket in that state; `now` is the time of the last step."""

    def __init__(self, cast: Cast, start: datetime) -> None:
        self.cast, self.now, self.call = cast, start, None
        if not Contact.objects.get(pk=cast.ada.pk).pin_hash:
            set_pin(contact_id=cast.ada.pk, pin=PIN, actor=cast.ada_actor, at=start)

    def tick(self, minutes: int = 1) -> datetime:
        self.now += timedelta(minutes=minutes)
        return self.now

    def ring(self, agent: Actor | None = None) -> Interaction:
        """An inbound call, answered by Bo."""
        self.call = interaction.start_interaction(
            channel="call",
            direction="in",
            caller_number="+61355500142",
            actor=agent or self.cast.bo_actor,
            at=self.tick(),
        )
        return self.call

    def logged(self, **fields) -> Ticket:
        call = self.ring()
        claim = {
            "channel": "call", "title": "Line down", "description": "No link since nine", "caller_name": "Ada Lund",
            "caller_organisation": "Northgate Health Alliance", "caller_email": "ada@northgate.example",
            "caller_phone": "+61355500142", "interaction_id": call.pk,
        }  # fmt: skip
        return log.log_ticket(log.LogTicket(**(claim | fields)), actor=self.cast.bo_actor, at=self.tick())

    def attempt(self, ticket: Ticket | None, value: str = PIN, call: Interaction | None = None):
        return verify.attempt_verification(
            interaction_id=(call or self.call).pk, ticket_id=ticket.pk if ticket else None, contact_id=self.cast.ada.pk,
            company="Northgate Health Alliance", account_number="A-100001", proof=Proof(method="pin", value=value),
            actor=self.cast.bo_actor, at=self.tick(),
        )  # fmt: skip

    def verified(self, **fields) -> Ticket:
        ticket = self.logged(**fields)
        log.begin_verification(ticket_id=ticket.pk, actor=self.cast.bo_actor, at=self.tick())
        assert self.attempt(ticket).outcome == "passed"
        return verify.verify(
            ticket_id=ticket.pk, callback_number="+61355500142", callback_confirmed=True, actor=self.cast.bo_actor,
            at=self.tick(),
        )  # fmt: skip

    def triaged(self, tier: str | None = None, **answers) -> Ticket:
        ticket = self.verified()
        said = triage.Triage(**(FAULT | {"service_id": self.cast.service.pk, "tier": tier} | answers))
        return triage.triage(ticket_id=ticket.pk, triage=said, actor=self.cast.bo_actor, at=self.tick())

    def signed(self, **answers) -> Ticket:
        ticket = self.triaged(**answers)
        return work.sign_for(ticket_id=ticket.pk, actor=self.cast.bo_actor, at=self.tick())

    def asked_to_suspend(self, *, consent: bool = True) -> tuple[Ticket, Suspension]:
        ticket = self.signed()
        ticket = suspend.request_suspension(
            ticket_id=ticket.pk, reason_code="customer_unavailable", reason="The clinic is closed until noon",
            until=self.now + timedelta(hours=3), actor=self.cast.bo_actor, at=self.tick(),
        )  # fmt: skip
        asked = ticket.suspensions.get(state="requested")
        if consent:
            suspend.record_consent(
                suspension_id=asked.pk, given=True, how="portal", actor=self.cast.ada_actor, at=self.tick()
            )
        return ticket, asked

    def suspended(self) -> Ticket:
        _ticket, asked = self.asked_to_suspend()
        for actor, function in ((self.cast.mo_actor, "monitoring"), (self.cast.cy_actor, "customer_service")):
            ticket = suspend.decide_suspension(
                suspension_id=asked.pk, function=function, approved=True, actor=actor, at=self.tick()
            )
        return ticket

    def resolved(self, **answers) -> Ticket:
        ticket = self.signed(**answers)
        return resolve.resolve(
            ticket_id=ticket.pk, resolution_code="fixed", cause_code="hardware", cause="Worn fibre at the port",
            resolution="Fibre replaced and tested", participants_confirmed=True, actor=self.cast.bo_actor,
            at=self.tick(),
        )  # fmt: skip

    def confirmed(self) -> Ticket:
        ticket = self.resolved()
        return resolve.confirm(ticket_id=ticket.pk, how="customer", actor=self.cast.ada_actor, at=self.tick())

    def closed(self) -> Ticket:
        ticket = self.confirmed()
        return resolve.close(
            ticket_id=ticket.pk, knowledge_decision="none", follow_up_decision="none", actor=self.cast.bo_actor,
            at=self.tick(MONTH),
        )  # fmt: skip

    def to(self, state: str) -> Ticket:
        """Return a fresh ticket that walked to `state`."""
        ways = {
            State.INTAKE: self.logged, State.AUTH: self.in_auth, State.TRIAGE: self.verified, State.L1: self.signed,
            State.SUSPENDED: self.suspended, State.CLOSURE: self.resolved, State.SURVEY: self.confirmed,
            State.CLOSED: self.closed,
        }  # fmt: skip
        return ways[state]()

    def in_auth(self) -> Ticket:
        ticket = self.logged()
        return log.begin_verification(ticket_id=ticket.pk, actor=self.cast.bo_actor, at=self.tick())
