"""Parts of a suspension: whose consent counts, and that nobody decides twice or on their own request (C-22)."""

from django.utils.translation import gettext_lazy as _

from accounts.models import Contact
from ledger.actor import Actor
from ledger.errors import Refused
from tickets.commands.base import take
from tickets.models import Suspension, Ticket

HOW = ("portal", "call", "email", "integration")


def open_request(suspension_id: int, actor: Actor, version: int | None) -> tuple[Suspension, Ticket]:
    """Lock the ticket, then return its still undecided suspension. Raises Refused("unknown_suspension")."""
    named = Suspension.objects.filter(pk=suspension_id).values_list("ticket_id", flat=True).first()
    unknown = Refused("unknown_suspension", _("That suspension is not open any more. Look at the ticket again."))
    if named is None or not Ticket.objects.visible_to(actor).filter(pk=named).exists():
        raise unknown
    ticket = take(named, actor, version)
    suspension = Suspension.objects.select_for_update(no_key=True).get(pk=suspension_id)
    if suspension.state != Suspension.State.REQUESTED:
        raise unknown
    return suspension, ticket


def by_email_or_call(ticket: Ticket, actor: Actor, contact_id: int | None, how: str) -> Contact:
    """Return the contact whose word it is: of the ticket's organisation, active, with approve or change."""
    if actor.is_customer:
        return Contact.objects.get(pk=actor.contact_id or 0)
    if how not in HOW or how == "portal":
        raise Refused("bad_how", _("Say how the customer consented: by call or e-mail."), "how")
    found = Contact.objects.filter(pk=contact_id or 0, organisation_id=ticket.organisation_id or 0, active=True).first()
    if found is None:
        raise Refused("unknown_contact", _("Name the customer's contact who consented."), "contact_id")
    if found.authorities.isdisjoint({"approve", "change"}):
        raise Refused("no_authority", _("This contact may not consent. Ask for somebody who may."), "contact_id")
    return found
