"""Undo takes back one's own assignment, tags or snooze, by an entry of its own, and only while nothing came between."""

from datetime import timedelta

import pytest

from ledger.errors import Refused
from ledger.models import Entry
from tickets.commands.note import add_note
from tickets.commands.snooze import snooze_ticket, wake_ticket
from tickets.commands.tag import tag_ticket
from tickets.commands.undo import undo
from tickets.commands.work import assign
from tickets.models import Snooze, Ticket


def last(ticket: Ticket) -> Entry:
    return Entry.objects.filter(chain=ticket.chain).latest("seq")


def act(path, command, ticket, **more) -> Entry:
    command(ticket_id=ticket.pk, actor=path.cast.bo_actor, at=path.tick(), **more)
    return last(ticket)


def back(path, ticket, entry, actor=None):
    return undo(ticket_id=ticket.pk, seq=entry.seq, actor=actor or path.cast.bo_actor, at=path.tick())


def test_an_assignment_is_undone_with_the_signature_it_cost(path):
    ticket = path.signed()
    done = act(path, assign, ticket, user_id=None)

    restored = back(path, ticket, done)

    assert (restored.owner, restored.signed_at) == (path.cast.bo, ticket.signed_at)
    told = last(ticket)
    assert (told.name, told.data["undid"], told.data["before"]) == ("ticket.assigned", done.seq, None)


def test_tags_are_undone_and_their_words_stand_beside_the_chain(path):
    ticket = path.signed()
    act(path, tag_ticket, ticket, tags=["VIP", "on-site", "vip"])
    done = act(path, tag_ticket, ticket, tags=["billing"])
    assert "billing" not in str({k: v for k, v in done.data.items() if k != "texts"})

    assert back(path, ticket, done).tags == ["on-site", "vip"]


def test_a_snooze_is_undone(path):
    ticket = path.signed()
    Ticket.objects.filter(pk=ticket.pk).update(next_due_at=None)
    done = act(path, snooze_ticket, ticket, until=path.now + timedelta(hours=2))

    back(path, ticket, done)

    assert not Snooze.objects.exists() and last(ticket).name == "ticket.woken"


def test_nothing_is_undone_after_something_else_happened(path):
    ticket = path.signed()
    done = act(path, assign, ticket, user_id=None)
    assign(ticket_id=ticket.pk, user_id=path.cast.bo.pk, actor=path.cast.cy_actor, at=path.tick())

    with pytest.raises(Refused, match="moved_on"):
        back(path, ticket, done)
    assert Ticket.objects.get(pk=ticket.pk).owner == path.cast.bo


@pytest.mark.parametrize(("who", "minutes", "code"), [("cy_actor", 1, "unknown_fact"), ("bo_actor", 30, "too_late")])
def test_only_ones_own_act_and_only_for_minutes(path, who, minutes, code):
    ticket = path.signed()
    done = act(path, tag_ticket, ticket, tags=["vip"])
    path.tick(minutes)

    with pytest.raises(Refused, match=code):
        back(path, ticket, done, getattr(path.cast, who))
    assert Ticket.objects.get(pk=ticket.pk).tags == ["vip"]


def test_an_undone_act_is_not_undone_twice(path):
    ticket = path.signed()
    done = act(path, tag_ticket, ticket, tags=["vip"])
    back(path, ticket, done)

    for entry in (done, last(ticket)):
        with pytest.raises(Refused, match="moved_on|unknown_fact"):
            back(path, ticket, entry)


@pytest.mark.parametrize("tags", [["a b"], ["x" * 41], [f"t{n}" for n in range(11)], ["<b>"]])
def test_a_tag_is_a_short_word(path, tags):
    ticket = path.signed()
    with pytest.raises(Refused, match="bad_tag|too_many"):
        tag_ticket(ticket_id=ticket.pk, tags=tags, actor=path.cast.bo_actor, at=path.tick())
    assert Ticket.objects.get(pk=ticket.pk).tags == []


def test_a_snooze_never_sleeps_over_a_deadline_and_ends_when_the_customer_writes(path):
    ticket = path.signed()
    Ticket.objects.filter(pk=ticket.pk).update(next_due_at=path.now + timedelta(hours=1))
    for until, code in ((2, "due_before"), (-1, "past"), (24 * 15, "too_long")):
        with pytest.raises(Refused, match=code):
            act(path, snooze_ticket, ticket, until=path.now + timedelta(hours=until))

    act(path, snooze_ticket, ticket, until=path.now + timedelta(minutes=30))
    assert Snooze.objects.get().user == path.cast.bo
    add_note(ticket_id=ticket.pk, body="Any news?", public=True, actor=path.cast.ada_actor, at=path.tick())
    assert not Snooze.objects.exists()
    with pytest.raises(Refused, match="not_snoozed"):
        wake_ticket(ticket_id=ticket.pk, actor=path.cast.bo_actor, at=path.now)
