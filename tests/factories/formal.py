"""Tickets past the gate with a formal escalation, made by the commands; the engine fires at instants a test names."""

from datetime import datetime
from hashlib import sha256

from accounts.models import Verification
from escalation.commands.request import request_escalation
from escalation.models import ConfirmLink, Duty, Escalation
from ledger.actor import Actor
from tests.factories.clocks import MINUTE, dispatched_ticket, put
from tickets.models import Ticket


def verified_ticket(cast, at: datetime, **fields) -> Ticket:
    """A verified P1 fault at work, its reporter Ada."""
    ticket = dispatched_ticket(cast, at, **({"reporter": cast.ada} | fields))
    passed = Verification.objects.create(
        ticket=ticket, organisation=ticket.organisation, contact=ticket.reporter, proof="pin", outcome="passed", at=at
    )
    return put(ticket, verification=passed)


def escalate(ticket: Ticket, at: datetime, actor: Actor, **fields) -> Escalation:
    """Request the escalation of a ticket."""
    said = {"reason": "The ward has no phones", "relation": "agent"} | fields
    return request_escalation(ticket_id=ticket.pk, **said, actor=actor, at=at)


def duty(escalation: Escalation, role: str) -> Duty:
    """The latest duty of a role."""
    return Duty.objects.filter(escalation=escalation, role=role).latest("stage")


def link(row: Duty, at: datetime, person=None, token: str = "tok-1", minutes: int = 60) -> str:
    """Make a one-tap link as a mail holds it, and return its token."""
    ConfirmLink.objects.create(
        duty=row, person=person or row.person, token_sha256=sha256(token.encode()).hexdigest(), created_at=at,
        expires_at=at + minutes * MINUTE,
    )  # fmt: skip
    return token
