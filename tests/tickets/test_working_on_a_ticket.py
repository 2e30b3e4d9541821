"""Sign for it, contact, add progress, transfer (C-18 to C-21, C-24)."""

import pytest

from ledger.models import Entry
from tests.refusals import refused
from tickets.commands import note, work
from tickets.models import Note, Participant, RoutingRule, Ticket

pytestmark = pytest.mark.django_db


@pytest.mark.rule("C-18")
def test_a_member_of_the_team_signs_once_and_nobody_else(path, cast):
    ticket = path.triaged()
    with refused("not_your_ticket"):
        work.sign_for(ticket_id=ticket.pk, actor=cast.sam_actor, at=path.tick())
    signed = work.sign_for(ticket_id=ticket.pk, actor=cast.bo_actor, at=path.tick())
    assert (signed.owner, signed.signed_at) == (cast.bo, path.now)
    with refused("taken"):
        work.sign_for(ticket_id=ticket.pk, actor=cast.cy_actor, at=path.tick())


@pytest.mark.rule("C-19")
@pytest.mark.rule("C-24")
def test_signing_engages_the_specialists_of_the_route_and_records_them(path, cast):
    rule = RoutingRule.objects.create(position=10, tier="l1", team=cast.l1)
    rule.specialists.add(cast.noc)
    ticket = path.signed()
    told = Entry.objects.get(chain=ticket.chain, name="ticket.signed_for")
    assert told.data["specialists"] == [str(cast.noc.uuid)]
    parts = set(Participant.objects.filter(ticket=ticket).values_list("part", "user__name", "team__name"))
    assert {("owner", "Bo Raman", None), ("engaged", None, "Network operations")} <= parts


@pytest.mark.rule("C-19")
def test_the_first_outcome_of_contacting_the_reporter_is_kept(path, cast):
    ticket = path.signed()
    first = work.record_contact(ticket_id=ticket.pk, outcome="not_reached", actor=cast.bo_actor, at=path.tick())
    again = work.record_contact(ticket_id=ticket.pk, outcome="reached", actor=cast.bo_actor, at=path.tick())
    assert first.contacted_at == again.contacted_at and again.answered_at == path.now
    with refused("bad_outcome", "outcome"):
        work.record_contact(ticket_id=ticket.pk, outcome="perhaps", actor=cast.bo_actor, at=path.tick())


@pytest.mark.rule("C-20")
def test_progress_is_a_fact_with_its_time(path, cast):
    ticket = path.signed()
    note.add_progress(
        ticket_id=ticket.pk, body="Loop test at the port", public=False, actor=cast.bo_actor, at=path.tick()
    )
    fact = Entry.objects.get(chain=ticket.chain, name="note.added")
    assert fact.data["progress"] is True and Ticket.objects.get(pk=ticket.pk).last_progress_at == path.now


@pytest.mark.rule("C-21")
@pytest.mark.parametrize(
    "text",
    ["", " ", ".", "...", "n/a", "N/A", "done", "Done.", "test", "asdf", "ok", "xxxxxxxxxx", "处理中", "in progress"],
)
def test_progress_that_says_nothing_is_refused_and_not_kept(path, cast, text):
    ticket = path.signed()
    code = "placeholder" if text.strip() else "no_text"
    with refused(code, "body"):
        note.add_progress(ticket_id=ticket.pk, body=text, public=False, actor=cast.bo_actor, at=path.tick())
    assert not Note.objects.filter(ticket=ticket).exists()


@pytest.mark.parametrize("text", ["Loop test at the port", "光缆已更换", "Rebooted router R2"])
def test_progress_that_says_something_is_kept(path, cast, text):
    ticket = path.signed()
    note.add_progress(ticket_id=ticket.pk, body=text, public=False, actor=cast.bo_actor, at=path.tick())
    assert Note.objects.get(ticket=ticket).body == text


def test_the_first_public_word_of_ours_is_the_first_answer_and_the_second_is_not(path, cast):
    ticket = path.signed()
    for _n in range(2):
        note.add_note(ticket_id=ticket.pk, body="We are on it", public=True, actor=cast.bo_actor, at=path.tick())
    said = Entry.objects.filter(chain=ticket.chain, name="note.added").order_by("seq").values_list("data", flat=True)
    assert [data["first_answer"] for data in said] == [True, False]


def test_a_customer_writes_public_notes_only_and_only_on_its_own_ticket(path, cast):
    ticket = path.signed()
    with refused("not_allowed"):
        note.add_note(ticket_id=ticket.pk, body="Secret", public=False, actor=cast.ada_actor, at=path.tick())
    with refused("unknown_ticket"):
        note.add_note(ticket_id=ticket.pk, body="Hello there", public=True, actor=cast.dee_actor, at=path.tick())


def test_a_transfer_dispatches_again_and_keeps_the_first_dispatch(path, cast):
    from accounts.models import Team

    beside = Team.objects.create(name="Voice L1", tier="l1", email="voice@desk.example")
    ticket = path.signed()
    moved = work.transfer(
        ticket_id=ticket.pk, team_id=beside.pk, reason="It is a voice matter", actor=cast.bo_actor, at=path.tick()
    )
    assert (moved.team, moved.owner, moved.signed_at, moved.dispatch_no) == (beside, None, None, 2)
    assert moved.first_dispatched_at == ticket.first_dispatched_at


def test_a_transfer_straight_to_a_person_is_to_one_of_that_team_who_signs_anew(path, cast):
    from accounts.models import Team

    beside = Team.objects.create(name="Voice L1", tier="l1", email="voice@desk.example")
    ticket = path.signed()
    who = {"ticket_id": ticket.pk, "team_id": beside.pk, "reason": "It is a voice matter", "actor": cast.bo_actor}
    with refused("not_in_team"):
        work.transfer(**who, user_id=cast.cy.pk, at=path.tick())
    assert Ticket.objects.get(pk=ticket.pk).team == ticket.team, "nothing is half done"

    beside.memberships.create(user=cast.cy)
    moved = work.transfer(**who, user_id=cast.cy.pk, at=path.tick())
    assert (moved.team, moved.owner, moved.signed_at) == (beside, cast.cy, None)
