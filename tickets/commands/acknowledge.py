"""The customer was told that we have it (C-02)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from ledger.actor import Actor
from ledger.errors import Refused
from tickets import lifecycle
from tickets.commands.base import fresh, store, take, tell
from tickets.models import Ticket

HOW = ("said", "email", "message", "portal")


@transaction.atomic
def record_acknowledgement(
    *, ticket_id: int, how: str, actor: Actor, at: datetime, version: int | None = None
) -> Ticket:
    """Record it. The first one counts and stops the clock; later ones change nothing. Raises Refused("bad_how")."""
    ticket = take(ticket_id, actor, version)
    lifecycle.require(ticket, "acknowledge", actor)
    if how not in HOW:
        raise Refused("bad_how", _("Choose how from the list."), "how")
    if ticket.acknowledged_at is None:
        ticket.acknowledged_at = at
        store(ticket, bump=False)
        tell("ticket.acknowledged", ticket, actor=actor, at=at, how=how)
    return fresh(ticket)
