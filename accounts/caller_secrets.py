"""PINs and security questions: set, asked, never read (V-04). Never a way to sign in or to reset a password."""

import secrets
import uuid
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Contact, SecurityQuestion
from accounts.proofs import argon2, normal_answer
from ledger.actor import Actor
from ledger.errors import Refused
from ledger.record import record


def questions_for(contact: Contact, n: int = 1) -> list[SecurityQuestion]:
    """Return up to `n` of the contact's questions, drawn at random. 1 query."""
    found = list(contact.questions.order_by("pk"))
    return secrets.SystemRandom().sample(found, min(n, len(found)))


@transaction.atomic
def set_pin(*, contact_id: int, pin: str, actor: Actor, at: datetime) -> Contact:
    """Store the hash of a new PIN of 6 to 12 digits, set by the contact itself or an administrator.

    Raises Refused: unknown_contact, not_yours, bad_pin.
    """
    contact = _own(contact_id, actor)
    if not (pin.isascii() and pin.isdigit() and 6 <= len(pin) <= 12) or len(set(pin)) < 3 or pin in "01234567890":
        raise Refused("bad_pin", _("Use 6 to 12 digits that are not a simple row."), field="pin")
    contact.pin_hash = argon2(pin)
    contact.save(update_fields=["pin_hash"])
    _record("contact.pin_set", contact, actor, at)
    return contact


@transaction.atomic
def set_answer(
    *, contact_id: int, question: str, answer: str, actor: Actor, at: datetime, question_id: uuid.UUID | None = None
) -> SecurityQuestion:
    """Store a question with the hash of its normalised answer; `question_id` None adds one, else it replaces one.

    Raises Refused: unknown_contact, not_yours, unknown_question, bad_question, bad_answer (under 3 characters).
    """
    contact = _own(contact_id, actor)
    if not question.strip() or len(question) > 160 or "\x00" in question:
        raise Refused("bad_question", _("Write a question of at most 160 characters."), field="question")
    if len(normal_answer(answer)) < 3:
        raise Refused("bad_answer", _("Write an answer of at least three letters."), field="answer")
    found = contact.questions.filter(uuid=question_id).first() if question_id is not None else None
    if question_id is not None and found is None:
        raise Refused(
            "unknown_question", _("We do not know that question. Choose one of this contact's."), field="question"
        )
    row = found or SecurityQuestion(contact=contact)
    row.question, row.answer_hash = question.strip(), argon2(normal_answer(answer))
    row.save()
    _record("contact.answer_set", contact, actor, at, question=str(row.uuid))
    return row


def _own(contact_id: int, actor: Actor) -> Contact:
    contact = Contact.objects.visible_to(actor).filter(pk=contact_id, erased_at=None).first()
    if contact is None:
        raise Refused("unknown_contact", _("Choose an active contact."), field="contact")
    itself = actor.is_customer and actor.contact_id == contact.pk
    if not (itself or actor.kind == "system" or (actor.is_staff and actor.has_role("administrator"))):
        raise Refused("not_yours", _("Only the person sets this, or an administrator. Ask one of them."))
    return contact


def _record(name: str, contact: Contact, actor: Actor, at: datetime, **data: Any) -> None:
    chain = f"organisation:{contact.organisation.uuid}"
    record(name, chain=chain, actor=actor, at=at, about=contact, contact=str(contact.uuid), **data)
