"""Merge and its undo, link, split; redaction and retraction of notes."""

from datetime import timedelta

import pytest

from ledger.verify import verify
from tests.refusals import refused
from tickets.commands import link, note
from tickets.models import Note, Ticket, TicketLink

pytestmark = pytest.mark.django_db


def test_a_duplicate_is_merged_and_comes_back_where_it_was(path, cast):
    first, second = path.signed(), path.signed()
    merged = link.merge(ticket_id=second.pk, into_id=first.pk, actor=cast.bo_actor, at=path.tick())
    assert (merged.state, merged.end_reason, merged.merged_into) == ("cancelled", "duplicate", first)
    back = link.undo_merge(ticket_id=second.pk, actor=cast.bo_actor, at=path.tick())
    assert (back.state, back.merged_into, back.owner) == ("l1", None, cast.bo)
    assert not TicketLink.objects.exists()


def test_tickets_of_two_customers_neither_merge_nor_link(path, cast):
    first, second = path.signed(), path.signed()
    Ticket.objects.filter(pk=second.pk).update(organisation=cast.other)
    with refused("other_organisation"):
        link.merge(ticket_id=first.pk, into_id=second.pk, actor=cast.bo_actor, at=path.tick())
    with refused("other_organisation"):
        link.link(ticket_id=first.pk, other_id=second.pk, relation="related", actor=cast.bo_actor, at=path.tick())


def test_a_second_matter_becomes_its_own_ticket_with_copies_of_its_notes(path, cast):
    ticket = path.signed()
    made = note.add_note(ticket_id=ticket.pk, body="The phone too", public=True, actor=cast.bo_actor, at=path.tick())
    child = link.split(
        ticket_id=ticket.pk, title="Telephone dead", note_ids=[made.pk], actor=cast.bo_actor, at=path.tick()
    )
    assert (child.state, child.organisation, child.verification) == ("triage", cast.northgate, ticket.verification)
    assert [n.body for n in child.notes.all()] == ["The phone too"] and ticket.notes.count() == 1


def test_links_are_made_once_and_taken_away(path, cast):
    first, second = path.signed(), path.signed()
    pair = {"ticket_id": first.pk, "other_id": second.pk, "actor": cast.bo_actor}
    link.link(**pair, relation="parent", at=path.tick())
    with refused("linked"):
        link.link(**pair, relation="parent", at=path.tick())
    link.unlink(**pair, at=path.tick())
    with refused("not_linked"):
        link.unlink(**pair, at=path.tick())


def test_a_note_is_taken_back_by_its_writer_within_five_minutes(path, cast):
    ticket = path.signed()
    made = note.add_note(ticket_id=ticket.pk, body="Wrong ticket", public=True, actor=cast.bo_actor, at=path.tick())
    with refused("not_yours"):
        note.retract_note(note_id=made.pk, actor=cast.cy_actor, at=path.tick())
    with refused("too_late"):
        note.retract_note(note_id=made.pk, actor=cast.bo_actor, at=made.at + timedelta(minutes=5, seconds=1))
    note.retract_note(note_id=made.pk, actor=cast.bo_actor, at=path.tick())
    assert not Note.objects.visible_to(cast.ada_actor).exists()


def test_a_note_is_blanked_by_two_people_and_the_chain_still_verifies(path, cast):
    from accounts.models import RoleGrant

    ticket = path.signed()
    made = note.add_note(ticket_id=ticket.pk, body="Her PIN is 4829", public=False, actor=cast.bo_actor, at=path.tick())
    said = {"note_id": made.pk, "reason": "Holds a secret", "actor": cast.cy_actor}
    with refused("unknown_person"):
        note.redact_note(**said, second_person_id=cast.bo.pk, at=path.tick())
    RoleGrant.objects.create(user=cast.bo, role="administrator")
    note.redact_note(**said, second_person_id=cast.bo.pk, at=path.tick())
    assert Note.objects.get(pk=made.pk).body == ""
    assert verify(at=path.now, chain=ticket.chain).holds
