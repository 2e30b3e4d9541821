"""Parts of the gate: which verification opens a ticket, and what opening it means."""

from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User, Verification
from ledger.actor import Actor
from ledger.errors import Refused
from ledger.models import Entry
from tickets.commands.base import fresh, ref, store, tell
from tickets.commands.participants import take_part
from tickets.lifecycle import LIVE_CHANNELS
from tickets.models import Interaction, Ticket
from tickets.words import State


def visible_interaction(interaction_id: int, actor: Actor) -> Interaction:
    """Return the interaction. Raises Refused("unknown_interaction") for one this actor may not know of."""
    rows = Interaction.objects.filter(contact_id=actor.contact_id or 0) if actor.is_customer else None
    rows = Interaction.objects.visible_to(actor) if rows is None else rows
    found = rows.filter(pk=interaction_id).first()
    if found is None:
        raise Refused("unknown_interaction", _("We do not know that call. Open it from your calls."), "interaction_id")
    return found


def passed_for(ticket: Ticket, verification_id: int | None) -> Verification:
    """Return the passed verification that may open `ticket`: its own or of one of its interactions.

    One made before the customer was corrected does not count. Raises Refused("not_verified") when there is none.
    """
    rows = Verification.objects.filter(Q(ticket=ticket) | Q(interaction__ticket=ticket), outcome="passed")
    rows = rows.filter(contact__isnull=False)
    if verification_id is not None:
        rows = rows.filter(pk=verification_id)
    voided = Entry.objects.filter(chain=ticket.chain, name="ticket.customer_corrected").order_by("-seq").first()
    if voided is not None:
        rows = rows.filter(at__gte=voided.at)
    found = rows.select_related("contact").order_by("-at", "-pk").first()
    if found is None:
        raise Refused(
            "not_verified", _("No proof has passed for this ticket. Verify the caller, or reject the ticket.")
        )
    return found


def may_open(ticket: Ticket, found: Verification) -> None:
    """Raise Refused unless `found` opens this ticket: contact active, may report, of its organisation."""
    contact = found.contact
    if contact is None or not contact.active or not contact.may_report or not found.checks.get("authority", False):
        raise Refused("no_authority", _("This contact may not report. Ask for somebody who may, or reject the ticket."))
    if ticket.state == State.AUTH:
        return
    if ticket.verification_id is not None:
        raise Refused("wrong_state", _("This ticket is verified already. Go on with it."))
    if found.organisation_id != ticket.organisation_id:
        raise Refused("not_verified", _("The caller is of another organisation than the ticket. Correct the customer."))


def without_caller(ticket: Ticket, method: str, *, actor: Actor, at: datetime) -> Verification:
    """Write the verification of work nobody called about, or of a prospect."""
    if actor.is_customer:
        raise Refused("not_allowed", _("You may not do this yourself. Ask the service desk to do it."))
    by = User.objects.filter(pk=actor.user_id).first() if actor.user_id else None
    return Verification.objects.create(
        ticket=ticket, organisation_id=ticket.organisation_id, proof=method, outcome="passed", by=by, at=at
    )


def open_ticket(ticket: Ticket, found: Verification, *, method: str, actor: Actor, at: datetime) -> Ticket:
    """Move auth → triage (a re-verified ticket keeps its state) and name the reporter as participant.

    A caller on the line hears the number and the time at once: acknowledged. Others are by the letter that goes out.
    """
    was = ticket.state
    if was == State.AUTH:
        ticket.verify()
    ticket.verification, ticket.verified_at = found, at
    said = ticket.acknowledged_at is None and ticket.channel in LIVE_CHANNELS
    if said:
        ticket.acknowledged_at = at
    store(ticket)
    if ticket.reporter_id:
        take_part(ticket, "reporter", at=at, contact_id=ticket.reporter_id)
    facts = {"method": method, "verification": ref(found), "state_from": was, "state_to": ticket.state}
    tell("ticket.verified", ticket, actor=actor, at=at, **facts)
    if said:
        tell("ticket.acknowledged", ticket, actor=actor, at=at, how="said")
    return fresh(ticket)
