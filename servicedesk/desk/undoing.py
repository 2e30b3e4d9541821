"""The way back in a toast: which fact it would undo travels with the message."""

from datetime import datetime

from ledger.actor import Actor
from ledger.models import Entry
from tickets.commands.undo import STEPS
from tickets.models import Ticket

MARK = "undo"


def undo_tag(ticket: Ticket, actor: Actor, at: datetime) -> str:
    """Return the mark of a message whose act can be undone, "" where none was done at that instant. 1 query."""
    own = Entry.objects.filter(chain=ticket.chain, name__in=STEPS, actor_ref=actor.ref, at=at).order_by("-seq")
    seq = own.values_list("seq", flat=True).first()
    return f"{MARK}:{ticket.number}:{seq}" if seq else ""
