"""What screens read: the timeline, what is next; each within its budget of queries."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tickets import queries
from tickets.commands import note
from tickets.models import Ticket
from tickets.words import State

pytestmark = pytest.mark.django_db


def _queries(act) -> int:
    with CaptureQueriesContext(
        connection,
    ) as told:
        act()
    return len(told)


def _notes(path, cast, ticket, many: int) -> None:
    for n in range(many):
        note.add_note(
            ticket_id=ticket.pk, body=f"Note number {n}", public=n % 2 == 0, actor=cast.bo_actor, at=path.tick()
        )


def test_the_timeline_costs_the_same_for_five_notes_and_for_forty(path, cast):
    ticket = path.signed()
    _notes(path, cast, ticket, 5)
    few = _queries(lambda: queries.timeline(ticket, cast.bo_actor))
    _notes(path, cast, ticket, 35)
    ticket = Ticket.objects.get(pk=ticket.pk)
    actor = cast.bo_actor
    assert _queries(lambda: queries.timeline(ticket, actor)) <= min(few, 9)


def test_the_timeline_names_people_and_shows_words_newest_first(path, cast):
    ticket = path.signed()
    note.add_note(ticket_id=ticket.pk, body="Loop test at the port", public=False, actor=cast.bo_actor, at=path.tick())
    items = queries.timeline(ticket, cast.bo_actor)
    assert items[0].name == "interaction.live"
    assert (items[1].kind, items[1].body, items[1].who) == ("internal", "Loop test at the port", "Bo Raman")
    assert "Bo Raman signed for the ticket" in [item.label for item in items]
    assert [item.seq for item in items[1:]] == sorted((item.seq for item in items[1:]), reverse=True)


@pytest.mark.rule("A-08")
def test_a_customer_reads_public_notes_and_no_inner_words(path, cast):
    ticket = path.signed()
    _notes(path, cast, ticket, 4)
    bodies = {item.body for item in queries.timeline(ticket, cast.ada_actor) if item.body}
    assert bodies == {"Note number 0", "Note number 2"}
    assert {i.kind for i in queries.timeline(ticket, cast.ada_actor)} <= {"public", "system", "clock"}


@pytest.mark.parametrize(
    ("state", "step"),
    [(State.INTAKE, "begin_verification"), (State.AUTH, "verify"), (State.TRIAGE, "triage"),
     (State.L1, "record_contact"), (State.SUSPENDED, "resume"), (State.CLOSURE, "confirm"), (State.SURVEY, "close")],
)  # fmt: skip
def test_every_open_state_says_what_is_next(path, cast, state, step):
    ticket = path.to(state)
    assert queries.what_next(ticket, cast.bo_actor, path.now).step == step


def test_an_ended_ticket_waits_for_nothing(path, cast):
    assert queries.what_next(path.closed(), cast.bo_actor, path.now) is None
