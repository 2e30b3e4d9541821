"""Who needs to know of a restricted ticket (C-16, V-11)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from ledger.actor import Actor
from ledger.errors import Refused
from tickets import lifecycle
from tickets.commands.base import fresh, ref, store, take, tell
from tickets.commands.subject import set_restricted
from tickets.models import Ticket
from tickets.text import require_reason


@transaction.atomic
def share_ticket(
    *, ticket_id: int, user_id: int, reason: str, actor: Actor, at: datetime, version: int | None = None
) -> Ticket:
    """Let one more member of staff know of a restricted ticket, with a reason.

    Raises Refused("not_restricted"), ("unknown_person"), ("nothing_changed"), ("no_reason").
    """
    ticket = take(ticket_id, actor, version)
    lifecycle.require(ticket, "share", actor)
    reason = require_reason(reason)
    if not ticket.restricted:
        raise Refused("not_restricted", _("Everyone at the desk may see this ticket already. Restrict it first."))
    person = User.objects.filter(pk=user_id, kind="staff", is_active=True).first()
    if person is None:
        raise Refused("unknown_person", _("We do not know that colleague. Choose another."), "user_id")
    if ticket.need_to_know.filter(pk=user_id).exists():
        raise Refused("nothing_changed", _("That colleague may see it already. Choose another."), "user_id")
    ticket.need_to_know.add(person)
    store(ticket)
    tell("ticket.shared", ticket, actor=actor, at=at, texts={"reason": reason}, person=ref(person))
    return fresh(ticket)


@transaction.atomic
def restrict_ticket(*, ticket_id: int, reason: str, actor: Actor, at: datetime, version: int | None = None) -> Ticket:
    """Keep the ticket to those who need to know; owner and whoever restricts it stay among them (V-11).

    Raises Refused("nothing_changed"), ("no_reason").
    """
    ticket = take(ticket_id, actor, version)
    lifecycle.require(ticket, "share", actor)
    reason = require_reason(reason)
    if ticket.restricted:
        raise Refused("nothing_changed", _("This ticket is restricted already. Share it with whoever needs to know."))
    set_restricted(ticket, True, actor=actor)
    if ticket.owner_id:
        ticket.need_to_know.add(ticket.owner_id)
    store(ticket)
    tell("ticket.restricted", ticket, actor=actor, at=at, texts={"reason": reason})
    return fresh(ticket)


@transaction.atomic
def lift_restriction(*, ticket_id: int, reason: str, actor: Actor, at: datetime, version: int | None = None) -> Ticket:
    """Open a restricted ticket to everyone at the desk again; the security lead alone may.

    Raises Refused("restricted_stays"), ("nothing_changed"), ("no_reason").
    """
    ticket = take(ticket_id, actor, version)
    lifecycle.require(ticket, "share", actor)
    reason = require_reason(reason)
    if not ticket.restricted:
        raise Refused("nothing_changed", _("This ticket is not restricted."))
    set_restricted(ticket, False, actor=actor)
    store(ticket)
    tell("ticket.unrestricted", ticket, actor=actor, at=at, texts={"reason": reason})
    return fresh(ticket)
