"""The customer's word on a ticket in any state: it wakes the owner, reopens, or opens a follow-up."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from ledger.actor import Actor
from ledger.errors import Refused
from tickets.commands.base import take
from tickets.commands.close import follow_up_ticket, reopen
from tickets.commands.note import add_note
from tickets.models import Note
from tickets.words import State


@transaction.atomic
def reply(
    *,
    ticket_id: int,
    body: str,
    actor: Actor,
    at: datetime,
    attachments: Sequence[Any] = (),
    channel: str = "portal",
) -> Note:
    """Add the customer's public note; the note's ticket says where it stands now.

    Open: a note; the fact names the owner it wakes and the state (suspended: wakes; closure: confirm or dispute
    is asked). Closed within 14 days: reopened. Closed longer: a new linked ticket. Raises Refused("ended") for a
    rejected or cancelled one.
    """
    ticket = take(ticket_id, actor)
    if ticket.state == State.CLOSED:
        try:
            with transaction.atomic():
                reopen(ticket_id=ticket_id, reason=_("The customer replied: %(text)s") % {"text": body[:200]},
                       actor=actor, at=at)  # fmt: skip
        except Refused as refusal:
            if refusal.code != "too_old":
                raise
            title = _("Follow-up of %(number)s") % {"number": ticket.number}
            made = follow_up_ticket(ticket_id=ticket_id, title=title, description=body, actor=actor, at=at)
            ticket_id = made.pk
    return add_note(
        ticket_id=ticket_id, body=body, public=True, channel=channel, attachments=attachments, actor=actor, at=at
    )
