"""What somebody who wants a new service told us: the four answers of V-07."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from ledger.actor import Actor
from ledger.errors import Refused
from tickets import lifecycle
from tickets.commands.base import take, tell
from tickets.models import SalesInquiry, Ticket
from tickets.words import Category, Kind

LONGEST = 4000


@transaction.atomic
def record_inquiry(*, ticket_id: int, actor: Actor, at: datetime, **answers: str) -> SalesInquiry:
    """Write down infrastructure, objectives, requirements and timeline; only the answers given change. Additive.

    Raises Refused("not_an_inquiry") for a ticket that asks for no new service, ("too_long"), ("bad_text"), ("nothing")
    when no answer holds a word.
    """
    ticket = take(ticket_id, actor)
    lifecycle.require(ticket, "plan", actor)
    if not asks_for_service(ticket):
        message = _("Only an inquiry about a new service has these answers. Reclassify the ticket first.")
        raise Refused("not_an_inquiry", message)
    given = {name: _clean(name, answers.get(name, "")) for name in SalesInquiry.FIELDS}
    given = {name: value for name, value in given.items() if value}
    if not given:
        raise Refused("nothing", _("Write at least one of the answers."), SalesInquiry.FIELDS[0])
    found, _made = SalesInquiry.objects.get_or_create(ticket=ticket)
    for name, value in given.items():
        setattr(found, name, value)
    found.save()
    tell("ticket.inquiry_recorded", ticket, actor=actor, at=at, fields=sorted(given))
    return found


def asks_for_service(ticket: Ticket) -> bool:
    """Whether the ticket is about a service the customer does not have yet."""
    return ticket.kind == Kind.INQUIRY or ticket.category == Category.NEW_SERVICE


def _clean(name: str, value: Any) -> str:
    text = str(value or "").strip()
    if "\x00" in text:
        raise Refused("bad_text", _("The text holds a character that cannot be stored. Remove it."), name)
    if len(text) > LONGEST:
        raise Refused("too_long", _("The text is too long. Shorten it."), name, most=LONGEST)
    return text
