"""Taking back one's own last assignment, tags, snooze or watching, while nothing else has happened to the ticket."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from ledger.actor import Actor
from ledger.errors import Refused
from ledger.models import Entry, EntryText
from tickets import lifecycle
from tickets.commands.base import fresh, take
from tickets.commands.owner import put_owner
from tickets.commands.snooze import put_snooze
from tickets.commands.tag import put_tags
from tickets.commands.watch import undo_watch
from tickets.models import Snooze, Ticket

WITHIN = timedelta(minutes=10)
STEPS = {
    "ticket.assigned": "assign", "ticket.tagged": "tag", "ticket.snoozed": "snooze", "ticket.woken": "snooze",
    "ticket.watched": "watch", "ticket.unwatched": "watch",
}  # fmt: skip


@transaction.atomic
def undo(*, ticket_id: int, seq: int, actor: Actor, at: datetime) -> Ticket:
    """Put back what the actor's own fact number `seq` changed; the ledger keeps both.

    Raises Refused("unknown_fact"), ("too_late") after ten minutes, ("moved_on") when something happened in between.
    """
    ticket = take(ticket_id, actor)
    lifecycle.require_verified(ticket, actor)
    entry = Entry.objects.filter(chain=ticket.chain, seq=seq, name__in=STEPS, actor_ref=actor.ref).first()
    if entry is None or "undid" in entry.data:
        raise Refused("unknown_fact", _("There is nothing of yours to undo here."))
    lifecycle.require(ticket, STEPS[entry.name], actor)
    if at > entry.at + WITHIN:
        raise Refused("too_late", _("An act is undone within ten minutes. Do the opposite instead."))
    {"assign": _owner, "tag": _tags, "snooze": _snooze, "watch": _watch}[STEPS[entry.name]](ticket, entry, actor, at)
    return fresh(ticket)


def _unmoved(ticket: Ticket, entry: Entry) -> None:
    if ticket.version != entry.data.get("version"):
        raise _moved_on()


def _moved_on() -> Refused:
    return Refused("moved_on", _("Something has happened to the ticket since. Look at it, then change it."))


def _owner(ticket: Ticket, entry: Entry, actor: Actor, at: datetime) -> None:
    _unmoved(ticket, entry)
    before, person = entry.data.get("before"), None
    if before is not None:
        person = User.objects.filter(uuid=before, kind="staff", is_active=True).first()
        if person is None:
            raise Refused("unknown_person", _("We do not know that colleague. Choose another."), "user_id")
    signed = parse_datetime(entry.data.get("signed_at") or "")
    put_owner(ticket, person, signed_at=signed, actor=actor, at=at, undid=entry.seq)


def _tags(ticket: Ticket, entry: Entry, actor: Actor, at: datetime) -> None:
    _unmoved(ticket, entry)
    held: dict[str, Any] = entry.data.get("texts", {}).get("tags_before", {})
    text = EntryText.objects.filter(pk=held["id"]).first() if held else None
    if text is not None and text.redacted_at is not None:
        raise _moved_on()
    put_tags(ticket, text.body.split(", ") if text else [], actor=actor, at=at, undid=entry.seq)


def _snooze(ticket: Ticket, entry: Entry, actor: Actor, at: datetime) -> None:
    stands = Snooze.objects.filter(ticket=ticket, user_id=actor.user_id or 0).values_list("until", flat=True).first()
    if stands != parse_datetime(entry.data.get("until") or ""):
        raise _moved_on()
    before = parse_datetime(entry.data.get("before") or "")
    put_snooze(ticket, before if before and before > at else None, actor=actor, at=at, undid=entry.seq)


def _watch(ticket: Ticket, entry: Entry, actor: Actor, at: datetime) -> None:
    if not undo_watch(ticket, entry.name == "ticket.watched", actor=actor, at=at, undid=entry.seq):
        raise _moved_on()
