"""The customer was told that we have the ticket, and by when we answer (C-02, E-3)."""

from datetime import datetime

from django.db import transaction

from ledger.actor import Actor
from tickets.commands.base import fresh, store, take, tell
from tickets.models import Ticket


@transaction.atomic
def record_acknowledgement(*, ticket_id: int, how: str, actor: Actor, at: datetime) -> Ticket:
    """Write down that the receipt reached the customer. Additive: no version. A second time changes nothing.

    how  email | chat | said | portal

    Raises Refused("unknown_ticket").
    """
    ticket = take(ticket_id, actor)
    if ticket.acknowledged_at is not None:
        return ticket
    ticket.acknowledged_at = at
    store(ticket, bump=False)
    tell("ticket.acknowledged", ticket, actor=actor, at=at, how=how)
    return fresh(ticket)
