"""What every command of a ticket does first and last: lock it, check its version, save it, write the fact."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from ledger.actor import Actor
from ledger.errors import Refused
from ledger.models import Entry
from ledger.record import record
from ledger.unwatched import is_unwatched, once
from tickets.models import Ticket

# Kept by escalation with updates of its own; a command never writes them back.
_KEPT_ELSEWHERE = {"next_due_at", "next_due_code"}
# Stands for the key of a ticket in a statement composed before it is known; no ticket has it.
_ANY = -(2**62)


def unknown_ticket() -> Refused:
    """Return the refusal for a ticket that is not there, or not for this actor to know of (doors: 404)."""
    return Refused("unknown_ticket", _("We do not know that ticket. Check its number."))


def take(ticket_id: int, actor: Actor, version: int | None = None) -> Ticket:
    """Lock and return the ticket for this transaction.

    Raises Refused("unknown_ticket") when `actor` may not learn of it, and Refused("stale", version=current) when
    `version` is given and the ticket has moved on since it was read (decisions 19).
    """
    ticket = _locked(ticket_id, actor)
    if ticket is None:
        raise unknown_ticket()
    if version is not None and version != ticket.version:
        message = _("Somebody changed this ticket while you wrote. Look at the change, then save again.")
        raise Refused("stale", message, version=ticket.version)
    return ticket


def _locked(ticket_id: int, actor: Actor) -> Ticket | None:
    """Unwatched, the same statement as always, composed once for each actor."""
    if not is_unwatched():
        return _takable(ticket_id, actor).first()
    sql, params = once(("take", actor), lambda: _takable(_ANY, actor).query.sql_with_params())
    values = [ticket_id if value == _ANY else value for value in params]
    ticket: Ticket | None = next(iter(Ticket.objects.raw(sql, values)), None)
    return ticket


def _takable(ticket_id: int, actor: Actor) -> QuerySet[Ticket]:
    rows = Ticket.objects.visible_to(actor).select_for_update(no_key=True, of=("self",))
    return rows.filter(pk=ticket_id)


def store(ticket: Ticket, *, bump: bool = True) -> None:
    """Save the ticket; `bump` moves its version (additive commands leave it)."""
    if bump:
        ticket.version += 1
    fields = [f.name for f in ticket._meta.concrete_fields if not f.primary_key and f.name not in _KEPT_ELSEWHERE]
    ticket.save(update_fields=fields)


def tell(name: str, ticket: Ticket, *, actor: Actor, at: datetime, texts: dict | None = None, **data: Any) -> Entry:
    """Record one fact on the ticket's chain and hand the ticket to the reactions."""
    return record(name, chain=ticket.chain, actor=actor, at=at, texts=texts, about=ticket, **data)


def fresh(ticket: Ticket) -> Ticket:
    """Return the row as it now stands (the state field is protected: a refresh would skip it); the last word of a
    command, for whoever shows it. Unwatched: the object itself."""
    return ticket if is_unwatched() else Ticket.objects.get(pk=ticket.pk)


def ref(thing: Any) -> str | None:
    """Return the public id of a person, team or row for the ledger, None for None."""
    return None if thing is None else str(thing.uuid)
