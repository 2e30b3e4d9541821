"""One-time codes by e-mail or text message: six digits, hashed, ten minutes, one use; encrypted in the outbox."""

import base64
import secrets
import uuid
from datetime import datetime, timedelta
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.counters import hold, is_locked
from accounts.models import Contact, OneTimeCode
from accounts.proofs import argon2
from ledger.actor import Actor
from ledger.clock import real_now
from ledger.errors import Refused
from ledger.models import OutboxMessage
from ledger.record import record

LIFETIME = timedelta(minutes=10)
PER_QUARTER_HOUR = 3
TOPIC = "mail.code"


@transaction.atomic
def send_code(
    *, interaction_id: int, contact_id: int, actor: Actor, at: datetime, phone_id: uuid.UUID | None = None
) -> OneTimeCode:
    """Send a fresh code to the contact's registered address during an interaction; earlier ones end at once (V-04).

    phone_id  public id of a stored number: by text message to it; None = by e-mail.
    Writes an outbox row `mail.code` whose payload holds the code encrypted (`open_code`), blanked after sending
    (`blank`). Raises Refused: unknown_interaction, unknown_contact, no_address, unknown_number, agent_locked,
    too_many_codes.
    """
    interaction = interaction_of(interaction_id, actor)
    contact = Contact.objects.visible_to(actor).filter(pk=contact_id, active=True).first()
    if contact is None:
        raise Refused("unknown_contact", _("Choose an active contact."), field="contact")
    _require_address(contact, phone_id)
    hold("contact", contact.pk)
    if actor.user_id and is_locked(hold("agent", actor.user_id), at):
        raise Refused("agent_locked", _("Your verifying is locked. Ask your supervisor."))
    if contact.codes.filter(sent_at__gt=at - timedelta(minutes=15)).count() >= PER_QUARTER_HOUR:
        raise Refused("too_many_codes", _("Three codes were sent already. Wait, or use another proof."), field="proof")
    contact.codes.filter(used_at=None, expires_at__gt=at).update(expires_at=at)
    digits = f"{secrets.randbelow(10**6):06d}"
    code = OneTimeCode.objects.create(
        contact=contact, interaction=interaction, code_hash=argon2(digits), sent_at=at, expires_at=at + LIFETIME
    )
    entry = record(
        "verification.code_sent",
        chain=chain_of(interaction, None),
        actor=actor,
        at=at,
        about=interaction,
        contact=str(contact.uuid),
    )
    payload = {"contact": str(contact.uuid), "code": seal(digits)} | ({"phone": str(phone_id)} if phone_id else {})
    OutboxMessage.objects.create(entry=entry, topic=TOPIC, payload=payload, priority=1, due_at=real_now())
    return code


def _require_address(contact: Contact, phone_id: uuid.UUID | None) -> None:
    if phone_id is not None and not contact.phones.filter(uuid=phone_id).exists():
        raise Refused("unknown_number", _("Choose one of the stored numbers."), field="proof")
    if phone_id is None and not contact.email:
        raise Refused("no_address", _("No e-mail address is registered. Use another proof."), field="proof")


def seal(digits: str) -> str:
    """Return a code encrypted for an outbox payload's "code"."""
    return _box().encrypt(digits.encode()).decode()


def open_code(payload: dict[str, Any]) -> str | None:
    """Return the six digits a payload holds sealed, for rendering the message; None if blanked or not ours."""
    try:
        return _box().decrypt(payload.get("code", "").encode()).decode()
    except InvalidToken:
        return None


def blank(message_id: uuid.UUID) -> None:
    """Remove the code from a sent or buried outbox row."""
    message = OutboxMessage.objects.filter(pk=message_id, topic=TOPIC).first()
    if message is not None:
        OutboxMessage.objects.filter(pk=message.pk).update(payload={"contact": message.payload.get("contact")})


def interaction_of(interaction_id: int, actor: Actor) -> Any:
    """Return the interaction if `actor` may know it. Raises Refused("unknown_interaction")."""
    model: Any = OneTimeCode._meta.get_field("interaction").related_model
    rows = model.objects.all() if actor.kind in {"system", "contact"} else model.objects.visible_to(actor)
    found = rows.filter(pk=interaction_id).first()
    if found is None or (actor.is_customer and found.contact_id not in {None, actor.contact_id}):
        raise Refused(
            "unknown_interaction",
            _("We do not know that call or message. Open it from your calls."),
            field="interaction",
        )
    return found


def chain_of(interaction: Any, ticket: Any) -> str:
    """Return the chain a verification is recorded on: the ticket's if any, else the interaction's."""
    ticket = ticket or interaction.ticket
    return ticket.chain if ticket else f"interaction:{interaction.uuid}"


def _box() -> Fernet:
    key = HKDF(SHA256(), 32, salt=None, info=b"accounts.codes").derive(settings.SECRET_KEY.encode())
    return Fernet(base64.urlsafe_b64encode(key))
