"""Who passes the gate, and with what (V-05, P-03, P-02)."""

import pytest

from accounts.models import Contact, Verification
from ledger.errors import Refused
from tests.refusals import refused
from tickets.commands import log, triage, verify, work
from tickets.models import Ticket
from tickets.words import State

pytestmark = pytest.mark.django_db


@pytest.mark.rule("P-03")
@pytest.mark.parametrize("field", ["caller_name", "caller_organisation", "caller_email", "caller_phone"])
def test_verification_begins_only_with_all_four_fields(path, cast, field):
    ticket = path.logged(**{field: ""})
    with refused("incomplete_intake"):
        log.begin_verification(ticket_id=ticket.pk, actor=cast.bo_actor, at=path.tick())
    log.update_intake(ticket_id=ticket.pk, actor=cast.bo_actor, at=path.tick(), **{field: "Ada Lund"})
    assert log.begin_verification(ticket_id=ticket.pk, actor=cast.bo_actor, at=path.tick()).state == State.AUTH


@pytest.mark.rule("P-03")
def test_verification_begins_only_with_a_description(path, cast):
    ticket = path.logged(description="")
    with refused("no_description"):
        log.begin_verification(ticket_id=ticket.pk, actor=cast.bo_actor, at=path.tick())


@pytest.mark.rule("A-11")
def test_the_trouble_is_kept_in_five_answers_and_can_be_completed_at_intake(path, cast):
    ticket = path.logged(problem_what="No link", problem_since="09:00")
    changed = log.update_intake(
        ticket_id=ticket.pk, problem_where="Sunbury", problem_impact="No patient records", problem_changed="Nothing",
        actor=cast.bo_actor, at=path.tick(),
    )  # fmt: skip
    said = [getattr(changed, f"problem_{w}") for w in ("what", "since", "where", "impact", "changed")]
    assert said == ["No link", "09:00", "Sunbury", "No patient records", "Nothing"]


@pytest.mark.rule("V-05")
@pytest.mark.parametrize(
    ("number", "confirmed", "code"),
    [("0355500142", True, "bad_number"), ("", True, "bad_number"), ("+61355500142", False, "no_callback")],
)
def test_nobody_leaves_verification_without_a_confirmed_number(path, cast, number, confirmed, code):
    ticket = path.in_auth()
    path.attempt(ticket)
    with refused(code):
        verify.verify(
            ticket_id=ticket.pk,
            callback_number=number,
            callback_confirmed=confirmed,
            actor=cast.bo_actor,
            at=path.tick(),
        )
    assert Ticket.objects.get(pk=ticket.pk).state == State.AUTH


@pytest.mark.rule("P-02")
def test_a_failed_proof_is_kept_and_opens_nothing(path, cast):
    ticket = path.in_auth()
    assert path.attempt(ticket, "000000").outcome == "failed"
    with refused("not_verified"):
        verify.verify(
            ticket_id=ticket.pk, callback_number="+61355500142", callback_confirmed=True, actor=cast.bo_actor,
            at=path.tick(),
        )  # fmt: skip
    assert Verification.objects.get(ticket=ticket).outcome == "failed"


@pytest.mark.rule("P-02")
def test_a_proof_of_another_ticket_does_not_open_this_one(path, cast):
    first = path.in_auth()
    passed = path.attempt(first)
    second = path.in_auth()
    with refused("not_verified"):
        verify.verify(
            ticket_id=second.pk, callback_number="+61355500142", callback_confirmed=True, verification_id=passed.pk,
            actor=cast.bo_actor, at=path.tick(),
        )  # fmt: skip


def test_a_contact_who_lost_the_authority_to_report_opens_nothing(path, cast):
    ticket = path.in_auth()
    path.attempt(ticket)
    Contact.objects.filter(pk=cast.ada.pk).update(may_report=False)
    with refused("no_authority"):
        verify.verify(
            ticket_id=ticket.pk, callback_number="+61355500142", callback_confirmed=True, actor=cast.bo_actor,
            at=path.tick(),
        )  # fmt: skip


def test_work_with_a_caller_behind_it_does_not_pass_as_internal(path, cast):
    with refused("has_caller"):
        verify.verify_without_caller(
            ticket_id=path.in_auth().pk, method="internal", actor=cast.bo_actor, at=path.tick()
        )


@pytest.mark.rule("P-02")
def test_a_corrected_customer_voids_the_verification_until_the_right_caller_is_verified(path, cast):
    ticket = path.signed()
    triage.correct_customer(
        ticket_id=ticket.pk, organisation_id=cast.northgate.pk, contact_id=cast.al.pk, reason="It was Al who rang",
        actor=cast.bo_actor, at=path.tick(),
    )  # fmt: skip
    with refused("not_verified"):
        work.record_contact(ticket_id=ticket.pk, outcome="reached", actor=cast.bo_actor, at=path.tick())
    with refused("not_verified"):
        verify.verify(
            ticket_id=ticket.pk, callback_number="+61355500143", callback_confirmed=True, actor=cast.bo_actor,
            at=path.tick(),
        )  # fmt: skip
    path.attempt(ticket)
    again = verify.verify(
        ticket_id=ticket.pk,
        callback_number="+61355500142",
        callback_confirmed=True,
        actor=cast.bo_actor,
        at=path.tick(),
    )
    assert again.state == State.L1 and again.verification is not None


def test_a_prospect_passes_without_account_data(path, cast):
    ticket = path.logged(kind="inquiry", prospect=True)
    log.begin_verification(ticket_id=ticket.pk, actor=cast.bo_actor, at=path.tick())
    opened = verify.verify_prospect(
        ticket_id=ticket.pk,
        callback_number="+61355500199",
        callback_confirmed=True,
        actor=cast.bo_actor,
        at=path.tick(),
    )
    assert opened.state == State.TRIAGE and opened.organisation is None and opened.verification.contact is None


def test_a_refusal_says_what_stopped_it_in_a_sentence(path, cast):
    with pytest.raises(Refused) as refusal:
        work.sign_for(ticket_id=path.in_auth().pk, actor=cast.bo_actor, at=path.tick())
    assert str(refusal.value.message).endswith(".") and "Verify the caller" in str(refusal.value.message)
