"""A ticket born of another: a follow-up or a part split off."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from accounts.models import Verification
from ledger.actor import Actor
from ledger.errors import Refused
from tickets import words
from tickets.commands.base import ref, tell
from tickets.commands.participants import take_part
from tickets.models import Ticket, TicketLink
from tickets.numbers import next_number
from tickets.text import clean_line
from tickets.words import State

_INHERITED = (
    "kind", "organisation_id", "reporter_id", "caller_name", "caller_organisation", "caller_email", "caller_phone",
    "callback_number", "callback_confirmed_at", "prospect", "service_id", "site_id", "category", "restricted",
)  # fmt: skip


def open_child(
    parent: Ticket,
    *,
    title: str,
    description: str,
    channel: str,
    verification: Verification,
    relation: str,
    actor: Actor,
    at: datetime,
) -> Ticket:
    """Create a verified ticket in triage from `parent`, linked to it; facts on its own chain and on the parent's."""
    title = clean_line(title)[:200]
    if not title:
        raise Refused("no_title", _("Give the ticket a title."), "title")
    if channel not in words.Channel.values:
        raise Refused("bad_channel", _("Choose the channel from the list."), "channel")
    child = Ticket(
        number=next_number(),
        state=State.TRIAGE,
        title=title,
        description=description.strip(),
        channel=channel,
        verification=verification,
        verified_at=at,
        acknowledged_at=at,
        received_at=at,
        **{name: getattr(parent, name) for name in _INHERITED},
    )
    child.save()
    if child.restricted:
        child.need_to_know.set(parent.need_to_know.all())
    TicketLink.objects.create(ticket=child, other=parent, relation=relation, created_at=at)
    if child.reporter_id:
        take_part(child, "reporter", at=at, contact_id=child.reporter_id)
    tell("ticket.logged", child, actor=actor, at=at, channel=channel, kind=child.kind, born_of=parent.number)
    facts = {"method": verification.proof, "verification": ref(verification), "state_to": child.state}
    tell("ticket.verified", child, actor=actor, at=at, **facts)
    tell("ticket.acknowledged", child, actor=actor, at=at, how="message")
    tell("ticket.linked", parent, actor=actor, at=at, other=child.number, relation=relation)
    return child
