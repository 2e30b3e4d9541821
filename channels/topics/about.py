"""What topics share: the ticket of a fact, receivers from people, addresses of pages."""

import uuid
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy

from accounts.models import Contact, User
from channels.outbound.letter import Receiver
from escalation.models import Timer
from ledger.models import EntryText, OutboxMessage
from tickets.models import Ticket

TICKET = "ticket:"


def ticket_of(message: OutboxMessage) -> Ticket | None:
    """Return the ticket on whose chain the fact of `message` stands, None for other chains."""
    chain = message.entry.chain if message.entry else ""
    if not chain.startswith(TICKET):
        return None
    tickets = Ticket.objects.select_related("organisation", "reporter__user", "owner", "team", "site")
    return tickets.filter(number=chain.removeprefix(TICKET)).first()


def of_contact(contact: Contact | None) -> Receiver | None:
    """Return a contact as receiver in its own language and its organisation's zone; None if it cannot be written to."""
    if contact is None or not contact.active or contact.erased_at or not contact.email:
        return None
    return Receiver(contact.email, contact.name, contact.language, contact.organisation.time_zone)


def of_user(user: User | None) -> Receiver | None:
    """Return one of ours as receiver; None if inactive."""
    if user is None or not user.is_active or not user.email:
        return None
    return Receiver(user.email, user.name, user.language, user.time_zone)


def reporter_of(ticket: Ticket | None) -> Receiver | None:
    """Return whoever reported the ticket, in the customer's zone."""
    return of_contact(ticket.reporter) if ticket is not None else None


def said(message: OutboxMessage, key: str) -> str:
    """Return a text of the fact from the side table; "" if absent or redacted."""
    held = (message.entry.data.get("texts") or {}).get(key) if message.entry else None
    return EntryText.objects.filter(pk=held["id"]).values_list("body", flat=True).first() or "" if held else ""


def fact(message: OutboxMessage, key: str, default: Any = None) -> Any:
    """Return one value of the fact."""
    return message.entry.data.get(key, default) if message.entry else default


def as_uuid(value: Any) -> uuid.UUID:
    """Return `value` as a UUID; for anything else the nil UUID, which nothing has."""
    try:
        return uuid.UUID(str(value))
    except ValueError:
        return uuid.UUID(int=0)


def limits(ticket: Ticket) -> list[tuple[Any, datetime]]:
    """Return what the customer was promised and by when, earliest first: (customer's label, due). Armed ones only.

    Without the receipt's own, which this letter keeps. Labels are translated when the letter is
    rendered, in the receiver's language.
    """
    armed = Timer.objects.filter(clock__ticket=ticket, state=Timer.State.ARMED, rule__breach=True)
    earliest: dict[str, datetime] = {}
    armed = armed.exclude(rule__customer_label="").exclude(rule__stop_on__contains=["acknowledged"])
    for timer in armed.select_related("rule").order_by("due_at"):
        if timer.due_at is not None:
            earliest.setdefault(timer.rule.customer_label, timer.due_at)
    return [(gettext_lazy(label), due) for label, due in earliest.items()]


def portal_url(ticket: Ticket) -> str:
    """Return the customer's page of a ticket."""
    return f"{settings.BASE_URL}/portal/tickets/{ticket.number}/"


def desk_url(ticket: Ticket) -> str:
    """Return our page of a ticket."""
    return f"{settings.BASE_URL}/desk/tickets/{ticket.number}/"
