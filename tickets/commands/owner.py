"""Who has a ticket: stored, told, and whom it may be given to."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from accounts.actors import actor_for
from accounts.models import User
from ledger.actor import Actor
from ledger.errors import Refused
from tickets.commands.base import ref, store, tell
from tickets.commands.participants import take_part
from tickets.models import Ticket


def put_owner(
    ticket: Ticket,
    person: User | None,
    *,
    signed_at: datetime | None,
    actor: Actor,
    at: datetime,
    reason: str = "",
    undid: int | None = None,
) -> None:
    """Store who has it and tell; what stood before is told too, so that it can be undone."""
    before, signed = ticket.owner, ticket.signed_at
    ticket.owner, ticket.signed_at = person, signed_at
    store(ticket)
    if person is not None:
        take_part(ticket, "owner", at=at, user_id=person.pk)
    facts = {"owner": ref(person), "before": ref(before), "version": ticket.version,
             "signed_at": signed.isoformat() if signed else None}  # fmt: skip
    facts |= {"undid": undid} if undid else {}
    tell("ticket.assigned", ticket, actor=actor, at=at, texts={"reason": reason}, **facts)


def assignable(ticket: Ticket, user_id: int) -> User:
    """Return the member of the ticket's team it may be given to. Raises Refused("unknown_person"), ("not_in_team"),
    ("may_not_see"). 4 queries."""
    person = User.objects.filter(pk=user_id, kind="staff", is_active=True).first()
    if person is None:
        raise Refused("unknown_person", _("We do not know that colleague. Choose another."), "user_id")
    if not person.memberships.filter(team_id=ticket.team_id or 0).exists():
        message = _("%(name)s is not in the team that has the ticket. Choose one of that team.") % {"name": person.name}
        raise Refused("not_in_team", message, "user_id")
    if not Ticket.objects.visible_to(actor_for(person)).filter(pk=ticket.pk).exists():
        raise Refused("may_not_see", _("That colleague may not see this ticket. Share it first."), "user_id")
    return person
