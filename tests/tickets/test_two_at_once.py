"""Races made to happen with a second connection: one winner, nothing lost, nothing doubled."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, connections, transaction

from ledger.errors import Refused
from ledger.models import Entry
from tests.refusals import refused
from tests.tickets.test_ending_a_ticket import SOLVED
from tickets.commands import note, resolve, work
from tickets.models import Note, Ticket

racing = pytest.mark.django_db(transaction=True)


def _together(*acts) -> list[str]:
    """Run each act in a connection of its own, all at once; return "done" or the code of its refusal."""
    gate = Barrier(len(acts))

    def run(act) -> str:
        try:
            gate.wait(timeout=10)
            act()
            return "done"
        except Refused as refusal:
            return refusal.code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return sorted(pool.map(run, acts))


@racing
def test_two_agents_sign_for_one_ticket_and_one_wins(path, cast):
    ticket, at, actors = path.triaged(), path.tick(), (cast.bo_actor, cast.cy_actor)
    said = _together(*(lambda a=actor: work.sign_for(ticket_id=ticket.pk, actor=a, at=at) for actor in actors))
    assert said == ["done", "taken"]
    assert Entry.objects.filter(chain=ticket.chain, name="ticket.signed_for").count() == 1


@racing
def test_a_double_click_on_resolve_resolves_once(path, cast):
    ticket, at, actor = path.signed(), path.tick(), cast.bo_actor
    act = lambda: resolve.resolve(ticket_id=ticket.pk, actor=actor, at=at, **SOLVED)  # noqa: E731
    assert _together(act, act, act) == ["done", "wrong_state", "wrong_state"]
    assert Entry.objects.filter(chain=ticket.chain, name="ticket.resolved").count() == 1


@racing
def test_two_assignments_of_one_version_leave_one_and_tell_the_other_what_stands(path, cast):
    ticket, at = path.signed(), path.tick()
    cy, seen = cast.cy_actor, ticket.version
    acts = [
        lambda u=user: work.assign(ticket_id=ticket.pk, user_id=u.pk, version=seen, actor=cy, at=at)
        for user in (cast.bo, cast.cy)
    ]
    assert _together(*acts) == ["done", "stale"]
    assert Ticket.objects.get(pk=ticket.pk).version == ticket.version + 1


@racing
def test_notes_written_at_once_are_all_kept_in_one_unbroken_chain(path, cast):
    from ledger.verify import verify

    ticket, at, actor = path.signed(), path.tick(), cast.bo_actor
    acts = [
        lambda n=n: note.add_note(ticket_id=ticket.pk, body=f"Note {n}", public=False, actor=actor, at=at)
        for n in range(8)
    ]
    assert _together(*acts) == ["done"] * 8
    assert Note.objects.filter(ticket=ticket).count() == 8
    assert verify(at=at, chain=ticket.chain).holds
    assert Ticket.objects.get(pk=ticket.pk).version == ticket.version


@pytest.mark.django_db
def test_a_command_on_an_old_version_is_refused_with_the_current_one(path, cast):
    ticket = path.signed()
    work.assign(ticket_id=ticket.pk, user_id=cast.cy.pk, actor=cast.cy_actor, at=path.tick())
    with pytest.raises(Refused) as refusal:
        resolve.resolve(ticket_id=ticket.pk, version=ticket.version, actor=cast.bo_actor, at=path.tick(), **SOLVED)
    assert (refusal.value.code, refusal.value.details) == ("stale", {"version": ticket.version + 1})


@racing
def test_a_ticket_in_another_hand_waits_its_turn_and_gives_up_with_an_error_not_a_lost_write(path, cast):
    from django.db import OperationalError

    ticket, at, actor = path.signed(), path.tick(), cast.bo_actor

    def hurried() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '100ms'")
        with pytest.raises(OperationalError):
            resolve.resolve(ticket_id=ticket.pk, actor=actor, at=at, **SOLVED)

    with transaction.atomic():
        Ticket.objects.select_for_update().get(pk=ticket.pk)
        assert _together(hurried) == ["done"]
    assert Ticket.objects.get(pk=ticket.pk).state == "l1"


@pytest.mark.django_db
def test_a_refused_command_leaves_no_trace(path, cast):
    ticket = path.signed()
    before = Entry.objects.count()
    with refused("participants"):
        resolve.resolve(
            ticket_id=ticket.pk, actor=cast.bo_actor, at=path.tick(), **(SOLVED | {"participants_confirmed": False})
        )
    assert Entry.objects.count() == before and Ticket.objects.get(pk=ticket.pk).version == ticket.version
