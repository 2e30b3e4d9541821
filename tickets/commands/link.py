"""Tickets that belong together: merge and its undo, link, split (domain.md, `merge` / `split` / `link`)."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from ledger.actor import Actor
from ledger.errors import Refused
from ledger.models import Entry
from tickets import lifecycle
from tickets.commands.base import fresh, store, take, tell, unknown_ticket
from tickets.commands.child import open_child
from tickets.commands.endings import end_open_matters
from tickets.commands.note import write_note
from tickets.commands.participants import take_part
from tickets.models import Note, Ticket, TicketLink
from tickets.words import OPEN


@transaction.atomic
def merge(*, ticket_id: int, into_id: int, actor: Actor, at: datetime, version: int | None = None) -> Ticket:
    """End the duplicate `ticket_id` in favour of `into_id`; its reporter joins there. Notes and clocks stay readable
    on the duplicate. Raises Refused("same_ticket"), ("other_organisation"), ("ended")."""
    ticket, into = _pair(ticket_id, into_id, actor, version)
    lifecycle.require(ticket, "merge", actor)
    lifecycle.require(into, "link", actor)
    if into.state not in OPEN:
        raise Refused("ended", _("That ticket has ended. Choose an open one."), "into_id")
    was = ticket.state
    ticket.cancel()
    ticket.merged_into, ticket.end_reason = into, "duplicate"
    store(ticket)
    end_open_matters(ticket, at=at)
    TicketLink.objects.get_or_create(ticket=ticket, other=into, relation="duplicate", defaults={"created_at": at})
    if ticket.reporter_id:
        take_part(into, "reporter", at=at, contact_id=ticket.reporter_id)
    facts = {"into": into.number, "state_from": was, "state_to": ticket.state, "reason": "duplicate"}
    tell("ticket.merged", ticket, actor=actor, at=at, **facts)
    tell("ticket.absorbed", into, actor=actor, at=at, number=ticket.number)
    return fresh(ticket)


@transaction.atomic
def undo_merge(*, ticket_id: int, actor: Actor, at: datetime, version: int | None = None) -> Ticket:
    """Bring a merged ticket back to the state it was merged from; a suspended one comes back to its tier."""
    named = Ticket.objects.visible_to(actor).filter(pk=ticket_id).values_list("merged_into_id", flat=True).first()
    if named is None:
        ticket = take(ticket_id, actor, version)
        lifecycle.require(ticket, "undo_merge", actor)
        raise unknown_ticket()
    ticket, into = _pair(ticket_id, named, actor, version)
    lifecycle.require(ticket, "undo_merge", actor)
    fact = Entry.objects.filter(chain=ticket.chain, name="ticket.merged").order_by("-seq").first()
    was = fact.data["state_from"] if fact else "triage"
    ticket.undo_merge(back_to=ticket.tier if was == "suspended" else was)
    ticket.merged_into, ticket.end_reason = None, ""
    store(ticket)
    TicketLink.objects.filter(ticket=ticket, other=into, relation="duplicate").delete()
    facts = {"from": into.number, "state_from": "cancelled", "state_to": ticket.state}
    tell("ticket.unmerged", ticket, actor=actor, at=at, **facts)
    tell("ticket.released", into, actor=actor, at=at, number=ticket.number)
    return fresh(ticket)


@transaction.atomic
def link(
    *, ticket_id: int, other_id: int, relation: str, actor: Actor, at: datetime, version: int | None = None
) -> Ticket:
    """Relate two tickets of one organisation. Raises Refused("bad_relation"), ("linked")."""
    ticket, other = _pair(ticket_id, other_id, actor, version)
    lifecycle.require(ticket, "link", actor)
    if relation not in TicketLink.Relation.values:
        raise Refused("bad_relation", _("Choose the relation from the list."), "relation")
    _row, made = TicketLink.objects.get_or_create(
        ticket=ticket, other=other, relation=relation, defaults={"created_at": at}
    )
    if not made:
        raise Refused("linked", _("The tickets are linked so already. Choose another relation."), "other_id")
    tell("ticket.linked", ticket, actor=actor, at=at, other=other.number, relation=relation)
    return fresh(ticket)


@transaction.atomic
def unlink(*, ticket_id: int, other_id: int, actor: Actor, at: datetime, version: int | None = None) -> Ticket:
    """Take the relations between two tickets away; a merge is undone by its own command.

    Raises Refused("not_linked").
    """
    ticket, other = _pair(ticket_id, other_id, actor, version)
    lifecycle.require(ticket, "link", actor)
    rows = TicketLink.objects.filter(ticket=ticket, other=other)
    if ticket.merged_into_id == other.pk:
        rows = rows.exclude(relation="duplicate")
    if not rows.delete()[0]:
        raise Refused("not_linked", _("These tickets are not linked. Choose one of the linked ones."), "other_id")
    tell("ticket.unlinked", ticket, actor=actor, at=at, other=other.number)
    return fresh(ticket)


@transaction.atomic
def split(
    *,
    ticket_id: int,
    title: str,
    note_ids: Sequence[int],
    actor: Actor,
    at: datetime,
    version: int | None = None,
) -> Ticket:
    """Make a second matter its own ticket in triage, with copies of the notes named; returns the new ticket.

    Notes are never moved: the originals stay where they were written. Raises Refused("unknown_note"), ("no_title").
    """
    ticket = take(ticket_id, actor, version)
    lifecycle.require(ticket, "split", actor)
    notes = list(Note.objects.filter(ticket=ticket, pk__in=note_ids, retracted_at=None).select_related("text"))
    if len(notes) != len(set(note_ids)):
        raise Refused("unknown_note", _("One of the notes is not on this ticket. Choose again."), "note_ids")
    if ticket.verification is None:
        raise Refused(
            "not_verified", _("No proof has passed for this ticket. Verify the caller, or reject the ticket.")
        )
    child = open_child(
        ticket, title=title, description=ticket.description, channel=ticket.channel, verification=ticket.verification,
        relation="split", actor=actor, at=at,
    )  # fmt: skip
    for note in sorted(notes, key=lambda n: n.at):
        copy = write_note(child, note.body, public=note.public, channel=note.channel, actor=actor, at=note.at)
        tell(
            "note.copied", child, actor=actor, at=at, texts={"body": copy.text}, note=str(copy.uuid), of=str(note.uuid)
        )
    tell("ticket.split", ticket, actor=actor, at=at, into=child.number, notes=[str(n.uuid) for n in notes])
    return fresh(child)


def _pair(ticket_id: int, other_id: int, actor: Actor, version: int | None) -> tuple[Ticket, Ticket]:
    """Lock both in the order of their keys. Raises Refused("same_ticket"), ("other_organisation")."""
    if ticket_id == other_id:
        raise Refused("same_ticket", _("Choose another ticket than this one."), "other_id")
    held = {pk: take(pk, actor, version if pk == ticket_id else None) for pk in sorted((ticket_id, other_id))}
    ticket, other = held[ticket_id], held[other_id]
    for each in (ticket, other):
        lifecycle.require_verified(each, actor)
    if ticket.organisation_id != other.organisation_id or ticket.organisation_id is None:
        message = _("Only tickets of one customer belong together. Choose one of the same customer.")
        raise Refused("other_organisation", message, "other_id")
    return ticket, other
