"""What an ending settles along with it, whichever ending it is."""

from datetime import datetime

from tickets.models import Ticket


def end_open_matters(ticket: Ticket, *, at: datetime) -> None:
    """Withdraw a suspension asked for and settle the promises of a resolution; part of the ending's own fact."""
    ticket.suspensions.filter(state="requested").update(state="withdrawn", ended_at=at)
    ticket.suspensions.filter(state="approved").update(state="ended", ended_at=at)
    promises = ticket.commitments.filter(state="open", kind="resolution")
    promises.filter(due_at__gte=at).update(state="kept", settled_at=at)
    promises.filter(due_at__lt=at).update(state="broken", settled_at=at)
