"""An escalation ends with its ticket: resolved, cancelled or merged."""

from contextlib import suppress
from datetime import datetime

from django.db import transaction

from escalation.commands.request import request_escalation
from escalation.models import Escalation
from ledger.actor import SYSTEM, Actor
from ledger.errors import Refused
from ledger.models import Entry
from ledger.record import record
from tickets.models import Ticket

ENDINGS = {
    "ticket.resolved": "resolved",
    "ticket.cancelled": "cancelled",
    "ticket.merged": "merged",
    "ticket.rejected": "rejected",
}


@transaction.atomic
def close_escalation(*, ticket_id: int, reason: str, actor: Actor, at: datetime) -> Escalation | None:
    """Close the ticket's open escalation and stand down everyone it woke; None if there is none.

    reason  one of the values of `ENDINGS`. Nobody closes an escalation by hand: resolving the ticket does.
    """
    ticket = Ticket.objects.select_for_update(no_key=True, of=("self",)).get(pk=ticket_id)
    escalation = (
        Escalation.objects.select_for_update(no_key=True, of=("self",)).filter(ticket=ticket, closed_at=None).first()
    )
    if escalation is None:
        return None
    escalation.closed_at = at
    escalation.save(update_fields=["closed_at"])
    escalation.ticket = ticket
    record(
        "escalation.closed",
        chain=ticket.chain,
        actor=actor,
        at=at,
        about=escalation,
        escalation=str(escalation.uuid),
        reason=reason,
    )
    return escalation


def on_ticket_ended(entry: Entry, *, about: Ticket, actor: Actor) -> None:
    """Reaction to the facts in `ENDINGS`. An escalated duplicate's master is escalated in its place."""
    closed = close_escalation(ticket_id=about.pk, reason=ENDINGS[entry.name], actor=actor, at=entry.at)
    if closed is not None and entry.name == "ticket.merged":
        _carry_over(closed, str(entry.data.get("into", "")), entry.at)


def _carry_over(closed: Escalation, number: str, at: datetime) -> None:
    """Ask for the master what was asked for the duplicate, unless it is escalated already or cannot be."""
    master = Ticket.objects.filter(number=number).first()
    if master is None:
        return
    with suppress(Refused):
        request_escalation(
            ticket_id=master.pk,
            reason=closed.reason,
            relation=closed.relation,
            requester_name=closed.requester_name,
            actor=SYSTEM,
            at=at,
        )
