"""Snooze: out of my own lists until then. Nobody else loses sight of it, and nothing that falls due is slept over."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from ledger.actor import Actor
from ledger.errors import Refused
from ledger.models import Entry
from tickets import lifecycle
from tickets.commands.base import take, tell
from tickets.models import Snooze, Ticket

LONGEST = timedelta(days=14)


@transaction.atomic
def snooze_ticket(*, ticket_id: int, until: datetime, actor: Actor, at: datetime) -> Ticket:
    """Put the ticket out of the actor's own lists until then. Additive: no version.

    Raises Refused("past"), ("too_long") beyond 14 days, ("due_before") when something falls due earlier.
    """
    ticket = take(ticket_id, actor)
    lifecycle.require(ticket, "snooze", actor)
    if not actor.is_staff:
        raise Refused("not_allowed", _("Only people snooze tickets."))
    if until <= at:
        raise Refused("past", _("That time is over. Choose a later one."), "until")
    if until > at + LONGEST:
        raise Refused("too_long", _("A ticket sleeps fourteen days at most. Choose an earlier time."), "until")
    if ticket.next_due_at is not None and ticket.next_due_at < until:
        raise Refused("due_before", _("Something on it falls due before then. Choose an earlier time."), "until")
    put_snooze(ticket, until, actor=actor, at=at)
    return ticket


@transaction.atomic
def wake_ticket(*, ticket_id: int, actor: Actor, at: datetime) -> Ticket:
    """Bring it back into the actor's lists now. Raises Refused("not_snoozed")."""
    ticket = take(ticket_id, actor)
    lifecycle.require_verified(ticket, actor)
    if not Snooze.objects.filter(ticket=ticket, user_id=actor.user_id or 0, until__gt=at).exists():
        raise Refused("not_snoozed", _("You have not snoozed this ticket."))
    put_snooze(ticket, None, actor=actor, at=at)
    return ticket


def put_snooze(ticket: Ticket, until: datetime | None, *, actor: Actor, at: datetime, undid: int | None = None) -> None:
    """Store and tell. until None = awake."""
    mine = Snooze.objects.filter(ticket=ticket, user_id=actor.user_id or 0)
    before = mine.values_list("until", flat=True).first()
    if until is None:
        mine.delete()
    else:
        held = {"until": until, "made_at": at}
        Snooze.objects.update_or_create(ticket=ticket, user_id=actor.user_id or 0, defaults=held)
    facts: dict[str, Any] = {"before": before.isoformat() if before and before > at else None}
    facts |= {"undid": undid} if undid else {}
    if until is None:
        tell("ticket.woken", ticket, actor=actor, at=at, **facts)
    else:
        tell("ticket.snoozed", ticket, actor=actor, at=at, until=until.isoformat(), **facts)


def on_customers_word(entry: Entry, *, about: Ticket, actor: Actor) -> None:
    """Wake the ticket for everybody when its customer writes, disputes or reopens. 1 query."""
    if actor.is_customer or entry.data.get("author") == "contact":
        Snooze.objects.filter(ticket=about).delete()
