"""The gate: who is calling, proved, before anybody acts (P-02, V-02, V-04, V-05; decisions 16)."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Contact, Verification
from accounts.verification import Proof, attempt
from ledger.actor import Actor
from ledger.errors import Refused
from tickets import lifecycle
from tickets.commands.base import fresh, ref, store, take, tell
from tickets.commands.gate import may_open, open_ticket, passed_for, visible_interaction
from tickets.commands.question import require_drawn
from tickets.commands.verify_other import verify_prospect, verify_without_caller
from tickets.models import Interaction, Ticket
from tickets.text import require_number

__all__ = [
    "REJECT_REASONS",
    "attempt_verification",
    "reject",
    "verify",
    "verify_prospect",
    "verify_without_caller",
]

REJECT_REASONS = ("failed", "locked", "spam", "out_of_remit")


def attempt_verification(
    *,
    interaction_id: int,
    contact_id: int,
    company: str,
    account_number: str,
    proof: Proof,
    actor: Actor,
    at: datetime,
    ticket_id: int | None = None,
    authority: str = "report",
) -> Verification:
    """Compare what the caller says with what we hold; the server compares everything, nobody ticks a box.

    Returns the Verification, whose `outcome` is passed, failed or locked: a failure is an answer, not an error,
    and is kept. Raises Refused only for a bad shape: unknown interaction, contact or ticket, a question nobody drew.
    """
    interaction = visible_interaction(interaction_id, actor)
    if ticket_id is not None:
        with transaction.atomic():
            ticket = take(ticket_id, actor)
            if interaction.ticket_id not in {None, ticket.pk}:
                raise Refused(
                    "taken",
                    _("That call already belongs to another ticket. Add a note here instead."),
                    "interaction_id",
                )
    if not actor.is_customer and not Contact.objects.visible_to(actor).filter(pk=contact_id).exists():
        raise Refused("unknown_contact", _("We do not know that contact. Choose another."), "contact_id")
    require_drawn(interaction_id, contact_id, proof)
    made = attempt(
        interaction_id=interaction_id,
        ticket_id=ticket_id or interaction.ticket_id,
        contact_id=contact_id,
        company=company,
        account_number=account_number,
        authority=authority,
        proof=proof,
        actor=actor,
        at=at,
    )
    if made.outcome == Verification.Outcome.PASSED:
        Interaction.objects.filter(pk=interaction_id).update(
            verified=True, contact_id=made.contact_id, organisation_id=made.organisation_id
        )
    return made


@transaction.atomic
def verify(
    *,
    ticket_id: int,
    callback_number: str,
    callback_confirmed: bool,
    actor: Actor,
    at: datetime,
    verification_id: int | None = None,
    version: int | None = None,
) -> Ticket:
    """Open the ticket with a passed verification; afterwards the customer is acknowledged (C-02).

    verification_id  None = the newest passed one of this ticket or its interactions.
    Raises Refused("not_verified") without one, ("no_callback") without a confirmed call-back number (V-05),
    ("bad_number"), ("no_authority") when the contact may not report (any more).
    A ticket whose customer was corrected is verified again here; its state stays.
    """
    ticket = take(ticket_id, actor, version)
    lifecycle.require(ticket, "verify", actor)
    found = passed_for(ticket, verification_id)
    may_open(ticket, found)
    number = require_number(callback_number)
    if callback_confirmed is not True:
        raise Refused("no_callback", _("Confirm the call-back number with the caller first."), "callback_confirmed")
    ticket.organisation_id, ticket.reporter_id = found.organisation_id, found.contact_id
    ticket.callback_number, ticket.callback_confirmed_at = number, at
    return open_ticket(ticket, found, method=found.proof, actor=actor, at=at)


@transaction.atomic
def reject(*, ticket_id: int, reason: str, actor: Actor, at: datetime, version: int | None = None) -> Ticket:
    """Turn the ticket away: failed or locked verification, spam, out of remit. Raises Refused("bad_reason"),
    and ("no_failed_verification") when `reason` is failed or locked and no such attempt is on record."""
    ticket = take(ticket_id, actor, version)
    lifecycle.require(ticket, "reject", actor)
    if reason not in REJECT_REASONS:
        raise Refused("bad_reason", _("Choose the reason from the list."), "reason")
    tried = Verification.objects.filter(interaction__ticket=ticket) | Verification.objects.filter(ticket=ticket)
    attempts = list(tried.order_by("-at", "-pk").values_list("outcome", "organisation__uuid"))
    if reason in {"failed", "locked"} and not any(outcome in {"failed", "locked"} for outcome, _org in attempts):
        message = _("No failed verification is on record. Try to verify the caller, or choose another reason.")
        raise Refused("no_failed_verification", message, "reason")
    organisation = attempts[0][1] if attempts and attempts[0][1] else None
    was = ticket.state
    ticket.reject()
    ticket.end_reason = reason
    store(ticket)
    facts: dict[str, Any] = {
        "reason": reason,
        "organisation": str(organisation) if organisation else ref(ticket.organisation),
    }
    tell("ticket.rejected", ticket, actor=actor, at=at, state_from=was, state_to=ticket.state, **facts)
    return fresh(ticket)
