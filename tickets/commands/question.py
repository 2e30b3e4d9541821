"""The security question of a call is drawn by the server, once, and only that one counts as a proof (V-04)."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Contact, SecurityQuestion
from accounts.verification import Proof, questions_for
from ledger.actor import Actor
from ledger.errors import Refused
from ledger.record import record
from tickets.commands.gate import visible_interaction
from tickets.models import AskedQuestion, Interaction


@transaction.atomic
def draw_question(*, interaction_id: int, contact_id: int, actor: Actor, at: datetime) -> SecurityQuestion:
    """Draw one of the contact's questions at random for this call; asked again, the same one comes back.

    Raises Refused("unknown_interaction"), ("unknown_contact"), ("no_question").
    """
    visible_interaction(interaction_id, actor)
    interaction = Interaction.objects.select_for_update(no_key=True, of=("self",)).get(pk=interaction_id)
    contact = Contact.objects.visible_to(actor).filter(pk=contact_id, active=True).first()
    if contact is None:
        raise Refused("unknown_contact", _("We do not know that contact. Choose another."), "contact_id")
    drawn = question_drawn(interaction, contact)
    if drawn is not None:
        return drawn
    found = questions_for(contact)
    if not found:
        raise Refused("no_question", _("No question is registered. Use another proof."), "method")
    AskedQuestion.objects.create(interaction=interaction, contact=contact, question=found[0], at=at)
    chain = interaction.ticket.chain if interaction.ticket else f"interaction:{interaction.uuid}"
    facts: dict[str, Any] = {"contact": str(contact.uuid), "question": str(found[0].uuid)}
    record("verification.question_drawn", chain=chain, actor=actor, at=at, about=interaction, **facts)
    return found[0]


def question_drawn(interaction: Interaction, contact: Contact) -> SecurityQuestion | None:
    """Return the question drawn for this contact in this call, None where none was. 1 query."""
    rows = AskedQuestion.objects.filter(interaction=interaction, contact=contact).select_related("question")
    found = rows.first()
    return found.question if found else None


def require_drawn(interaction_id: int, contact_id: int, proof: Proof) -> None:
    """Raise Refused("not_drawn") for an answer to any question but the one drawn for this contact in this call."""
    if proof.method != "question":
        return
    rows = AskedQuestion.objects.filter(interaction_id=interaction_id, contact_id=contact_id)
    if proof.question_id is None or not rows.filter(question__uuid=proof.question_id).exists():
        message = _("The server draws the question. Draw it first, then put it to the caller.")
        raise Refused("not_drawn", message, "method")
