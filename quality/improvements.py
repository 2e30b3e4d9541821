"""A low rating is somebody's work (C-06)."""

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from ledger.actor import Actor
from ledger.errors import Refused
from ledger.record import record
from tickets.models import Ticket, WorkItem

IMPROVE_WITHIN = timedelta(days=7)
TITLES = {
    1: gettext_noop("Low rating (1 of 5): find out why and improve"),
    2: gettext_noop("Low rating (2 of 5): find out why and improve"),
}  # stored in English, translated where read


def improve(ticket: Ticket, rating: int, *, actor: Actor, at: datetime) -> WorkItem:
    """Open the improvement of a low rating, owned by the owner's manager, else the owner, else the team (C-06).

    Runs in the caller's transaction. Raises Refused("no_owner") where the ticket has neither owner nor team.
    """
    owner = ticket.owner
    person = (owner.manager if owner and owner.manager and owner.manager.is_active else owner) if owner else None
    if person is None and ticket.team is None:
        raise Refused("no_owner", _("Nobody can take the improvement. Assign the ticket to a team first."))
    item = WorkItem.objects.create(
        ticket=ticket,
        source=WorkItem.Source.IMPROVEMENT,
        title=TITLES[rating],
        owner_user=person,
        owner_team=None if person else ticket.team,
        due_at=at + IMPROVE_WITHIN,
        created_at=at,
    )
    record("work_item.added", chain=ticket.chain, actor=actor, at=at, about=ticket, item=str(item.uuid), rating=rating)
    return item
