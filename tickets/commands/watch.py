"""Watching a ticket: its news come into one's inbox, whoever has it."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from ledger.actor import Actor
from ledger.errors import Refused
from tickets import lifecycle
from tickets.commands.base import take, tell
from tickets.models import Ticket


@transaction.atomic
def watch_ticket(*, ticket_id: int, actor: Actor, at: datetime) -> Ticket:
    """Tell the actor of the ticket's news from now on. Additive: no version.

    Raises Refused("not_allowed") for whoever is no person, ("nothing_changed") when they watch it already.
    """
    ticket = take(ticket_id, actor)
    lifecycle.require(ticket, "watch", actor)
    if not actor.is_staff:
        raise Refused("not_allowed", _("Only people watch tickets."))
    if _watches(ticket, actor):
        raise Refused("nothing_changed", _("You watch this ticket already."))
    put_watch(ticket, True, actor=actor, at=at)
    return ticket


@transaction.atomic
def unwatch_ticket(*, ticket_id: int, actor: Actor, at: datetime) -> Ticket:
    """Tell the actor no longer. Additive: no version. Raises Refused("not_watched")."""
    ticket = take(ticket_id, actor)
    lifecycle.require_verified(ticket, actor)
    if not _watches(ticket, actor):
        raise Refused("not_watched", _("You do not watch this ticket."))
    put_watch(ticket, False, actor=actor, at=at)
    return ticket


def put_watch(ticket: Ticket, on: bool, *, actor: Actor, at: datetime, undid: int | None = None) -> None:
    """Store whether the actor watches it, and tell."""
    me = actor.user_id or 0
    if on:
        ticket.watchers.add(me)
    else:
        ticket.watchers.remove(me)
    facts: dict[str, Any] = {"undid": undid} if undid else {}
    tell("ticket.watched" if on else "ticket.unwatched", ticket, actor=actor, at=at, **facts)


def undo_watch(ticket: Ticket, on: bool, *, actor: Actor, at: datetime, undid: int) -> bool:
    """Put back what `on` made of it; False when it stands otherwise by now."""
    if _watches(ticket, actor) != on:
        return False
    put_watch(ticket, not on, actor=actor, at=at, undid=undid)
    return True


def _watches(ticket: Ticket, actor: Actor) -> bool:
    return ticket.watchers.filter(pk=actor.user_id or 0).exists()
