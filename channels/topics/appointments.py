"""Invitations to appointments, with the calendar file: to the customer and to our host (V-07)."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from channels.outbound.letter import Draft, Paper, Receiver
from channels.topics.about import as_uuid, desk_url, fact, of_user, portal_url, reporter_of, ticket_of
from ledger.clock import now
from ledger.models import OutboxMessage
from tickets.invitation import invitation
from tickets.models import Appointment, Ticket

FILE, KIND = "invitation.ics", "text/calendar"


def appointment(message: OutboxMessage) -> list[Draft]:
    """One letter to each invited, as the appointment stands now. Nothing for one that changed again since."""
    ticket = ticket_of(message)
    rows = Appointment.objects.filter(uuid=as_uuid(fact(message, "appointment"))).select_related("ticket", "host")
    found = rows.first()
    if ticket is None or found is None:
        return []
    invited = [to for to in (_customer(ticket), of_user(found.host)) if to is not None]
    body = invitation(found, at=now(), attendees=[(to.name, to.address) for to in invited])
    return [
        Draft(to, "appointment", _words(found, ticket, to), ticket, papers=(Paper(FILE, body, KIND),)) for to in invited
    ]


def _customer(ticket: Ticket) -> Receiver | None:
    """The reporter; a prospect where it can be written to."""
    to = reporter_of(ticket)
    if to is None and ticket.prospect and ticket.caller_email:
        return Receiver(ticket.caller_email, ticket.caller_name)
    return to


def _words(found: Appointment, ticket: Ticket, to: Receiver) -> dict[str, Any]:
    ours = found.host is not None and to.address == found.host.email
    link = desk_url(ticket) if ours else "" if ticket.prospect else portal_url(ticket)
    return {
        "appointment": found, "action_url": link, "action": _("See the ticket"),
        "off": found.cancelled_at is not None, "moved": found.sequence > 0,
    }  # fmt: skip
