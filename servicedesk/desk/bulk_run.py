"""An act carried out on many tickets. Each ticket is a command of its own: done, or refused in words."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import OperationalError
from django.utils.translation import gettext as _t

from ledger.actor import Actor
from ledger.errors import Refused
from ledger.idempotency import Answer, once, request_hash
from servicedesk.desk.bulk import BulkForm
from tickets.commands.undo import undo
from tickets.models import Ticket


@dataclass(frozen=True, slots=True)
class Told:
    """What became of one ticket. `refusal` "" = done."""

    number: str
    title: str
    refusal: str = ""


def carried_out(form: BulkForm, *, actor: Actor, at: datetime) -> list[Told]:
    """Carry a valid form out, ticket by ticket, each in a transaction of its own: none is half done.

    The form's key and the ticket's number make a double click one command on each.
    """
    told = []
    for ticket in sorted(form.tickets, key=lambda ticket: ticket.pk):
        told.append(Told(ticket.number, ticket.title, _refusal(form, ticket, actor, at)))
    return told


def taken_back(named: Sequence[tuple[Ticket, int]], *, actor: Actor, at: datetime) -> list[Told]:
    """Undo the fact of each ticket that is named by its number on the chain; done, or refused in words."""
    told = []
    for ticket, seq in sorted(named, key=lambda pair: pair[0].pk):
        try:
            undo(ticket_id=ticket.pk, seq=seq, actor=actor, at=at)
        except Refused as refusal:
            told.append(Told(ticket.number, ticket.title, str(refusal.message)))
        else:
            told.append(Told(ticket.number, ticket.title))
    return told


def _refusal(form: BulkForm, ticket: Ticket, actor: Actor, at: datetime) -> str:
    key = form.cleaned_data.get("once")
    run: Callable[[], None] = lambda: form.run(ticket, actor=actor, at=at)  # noqa: E731
    try:
        _once(f"bulk:{key}:{ticket.number}", actor, at, run) if key else run()
    except Refused as refusal:
        return str(refusal.message)
    except OperationalError:  # a lock not had in time
        return _t("Somebody works on this ticket right now. Try it again.")
    return ""


def _once(key: str, actor: Actor, at: datetime, run: Callable[[], None]) -> None:
    def answered() -> Answer:
        run()
        return Answer(status=204)

    once(client=actor.ref, key=key, digest=request_hash(key), at=at, run=answered)
