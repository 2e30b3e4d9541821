"""Solved, confirmed, disputed, closed, reopened, followed up, cancelled (V-15, C-21, C-24, C-25)."""

from datetime import timedelta

import pytest

from ledger.models import Entry
from tests.refusals import refused
from tickets.commands import housekeeping, note, resolve, work
from tickets.commands.reply import reply
from tickets.models import Ticket, TicketLink
from tickets.words import State

pytestmark = pytest.mark.django_db
SOLVED = {
    "resolution_code": "fixed", "cause_code": "hardware", "cause": "Worn fibre at the port",
    "resolution": "Fibre replaced and tested", "participants_confirmed": True,
}  # fmt: skip
DECIDED = {"knowledge_decision": "none", "follow_up_decision": "none"}


@pytest.mark.rule("C-21")
@pytest.mark.rule("C-24")
@pytest.mark.parametrize(
    ("change", "code", "field"),
    [({"cause_code": ""}, "bad_code", "cause_code"), ({"resolution_code": "x"}, "bad_code", "resolution_code"),
     ({"cause": "n/a"}, "placeholder", "cause"), ({"resolution": "done"}, "placeholder", "resolution"),
     ({"participants_confirmed": False}, "participants", "participants_confirmed")],
)  # fmt: skip
def test_a_ticket_is_not_solved_without(path, cast, change, code, field):
    ticket = path.signed()
    with refused(code, field):
        resolve.resolve(ticket_id=ticket.pk, actor=cast.bo_actor, at=path.tick(), **(SOLVED | change))
    assert Ticket.objects.get(pk=ticket.pk).state == State.L1


@pytest.mark.rule("C-25")
def test_an_agent_confirms_only_after_reaching_the_customer_since_the_repair(path, cast):
    ticket = path.signed()
    work.record_contact(ticket_id=ticket.pk, outcome="reached", actor=cast.bo_actor, at=path.tick())
    resolve.resolve(ticket_id=ticket.pk, actor=cast.bo_actor, at=path.tick(), **SOLVED)
    with refused("not_reached"):
        resolve.confirm(ticket_id=ticket.pk, how="agent_call", actor=cast.bo_actor, at=path.tick())
    work.record_contact(ticket_id=ticket.pk, outcome="reached", actor=cast.bo_actor, at=path.tick())
    done = resolve.confirm(ticket_id=ticket.pk, how="agent_call", actor=cast.bo_actor, at=path.tick())
    assert done.state == State.SURVEY


@pytest.mark.rule("C-25")
def test_evidence_needs_failed_attempts_and_cleared_alarms(path, cast, nine):
    from catalogue.models import Alert

    alarm = Alert.objects.create(
        organisation=cast.northgate, service=cast.service, key="los-1", summary="Loss of signal", raised_at=nine
    )
    ticket = path.resolved()
    said = {
        "ticket_id": ticket.pk,
        "how": "evidence",
        "evidence": "Traffic is back at 03:10",
        "actor": cast.bo_actor,
    }
    with refused("no_attempts"):
        resolve.confirm(at=path.tick(), **said)
    work.record_contact(ticket_id=ticket.pk, outcome="not_reached", actor=cast.bo_actor, at=path.tick())
    with refused("alarms_active"):
        resolve.confirm(at=path.tick(), **said)
    alarm.cleared_at = path.now
    alarm.save()
    assert resolve.confirm(at=path.tick(), **said).state == State.SURVEY


def test_silence_confirms_after_some_days_and_only_by_the_clock(path, cast):
    ticket = path.resolved()
    with refused("bad_how"):
        resolve.confirm(ticket_id=ticket.pk, how="no_answer", actor=cast.bo_actor, at=path.tick())
    assert housekeeping.confirm_unanswered(at=path.now + timedelta(days=4)) == 0
    assert housekeeping.confirm_unanswered(at=path.now + timedelta(days=6)) == 1
    assert Ticket.objects.get(pk=ticket.pk).confirmed_how == "no_answer"


def test_a_dispute_goes_back_to_the_tier_and_is_signed_for_again(path, cast):
    ticket = path.resolved()
    back = resolve.dispute(ticket_id=ticket.pk, reason="It is down again", actor=cast.ada_actor, at=path.tick())
    assert (back.state, back.signed_at, back.resolved_at) == ("l1", None, None)
    assert back.first_dispatched_at == ticket.first_dispatched_at and back.run_no == 1


def test_another_organisations_contact_neither_confirms_nor_disputes(path, cast):
    ticket = path.resolved()
    with refused("unknown_ticket"):
        resolve.confirm(ticket_id=ticket.pk, how="customer", actor=cast.dee_actor, at=path.tick())


@pytest.mark.rule("V-15")
@pytest.mark.parametrize(
    ("change", "field"),
    [({"knowledge_decision": ""}, "knowledge_decision"), ({"follow_up_decision": ""}, "follow_up_decision"),
     ({"follow_up_decision": "planned"}, "follow_up_at")],
)  # fmt: skip
def test_a_ticket_does_not_close_with_something_undecided(path, cast, change, field):
    ticket = path.confirmed()
    with refused("undecided", field):
        resolve.close(ticket_id=ticket.pk, actor=cast.bo_actor, at=path.tick(), **(DECIDED | change))


@pytest.mark.rule("V-15")
def test_a_ticket_stays_open_while_the_customer_can_answer_the_survey(path, cast):
    ticket = path.confirmed()
    with refused("survey_waits"):
        resolve.close(ticket_id=ticket.pk, actor=cast.bo_actor, at=path.tick(), **DECIDED)
    assert ticket.surveys.update(answered_at=path.now, rating=5) == 1
    assert resolve.close(ticket_id=ticket.pk, actor=cast.bo_actor, at=path.tick(), **DECIDED).state == State.CLOSED


def test_a_closed_ticket_reopens_within_fourteen_days_in_a_new_run(path, cast):
    ticket = path.closed()
    edge = ticket.closed_at + timedelta(days=14)
    with refused("too_old"):
        resolve.reopen(
            ticket_id=ticket.pk, reason="It is down again", actor=cast.ada_actor, at=edge + timedelta(seconds=1)
        )
    again = resolve.reopen(ticket_id=ticket.pk, reason="It is down again", actor=cast.ada_actor, at=edge)
    assert (again.state, again.run_no, again.closed_at, again.first_dispatched_at) == ("triage", 2, None, None)


def test_a_late_reply_opens_a_linked_ticket_and_an_early_one_reopens(path, cast):
    late, early = path.closed(), path.closed()
    new = reply(
        ticket_id=late.pk, body="It is down again", actor=cast.ada_actor, at=late.closed_at + timedelta(days=20)
    )
    assert TicketLink.objects.get(ticket=new.ticket).other == late and new.ticket.state == State.TRIAGE
    same = reply(ticket_id=early.pk, body="It is down again", actor=cast.ada_actor, at=path.tick())
    assert same.ticket == early and Ticket.objects.get(pk=early.pk).state == State.TRIAGE


def test_a_reply_to_a_suspended_ticket_names_the_owner_it_wakes(path, cast):
    ticket = path.suspended()
    reply(ticket_id=ticket.pk, body="We have opened again", actor=cast.ada_actor, at=path.tick())
    fact = Entry.objects.filter(chain=ticket.chain, name="note.added").get().data
    assert (fact["wakes"], fact["state"], fact["author"]) == (str(cast.bo.uuid), "suspended", "contact")


def test_a_customer_withdraws_its_own_ticket_with_a_reason(path, cast):
    ticket = path.signed()
    with refused("no_reason"):
        resolve.cancel(ticket_id=ticket.pk, reason=" ", actor=cast.ada_actor, at=path.tick())
    done = resolve.cancel(ticket_id=ticket.pk, reason="We moved the clinic", actor=cast.ada_actor, at=path.tick())
    assert (done.state, done.end_reason) == ("cancelled", "by_customer")
    with refused("ended"):
        note.add_note(ticket_id=ticket.pk, body="One more thing", public=True, actor=cast.ada_actor, at=path.tick())
