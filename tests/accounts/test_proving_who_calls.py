from dataclasses import replace
from datetime import timedelta

import pytest

from accounts.models import Contact, Organisation, Verification
from accounts.proofs import matches
from accounts.verification import Proof, set_answer, set_pin, why
from ledger.actor import SYSTEM
from ledger.errors import Refused
from ledger.models import Entry
from tests.accounts.calls import PIN, call_back, ring, try_to_verify
from tests.accounts.counting import work
from tickets.models import Interaction


@pytest.fixture
def call(cast, nine):
    set_pin(contact_id=cast.ada.pk, pin=PIN, actor=SYSTEM, at=nine)
    return ring(cast, nine)


@pytest.mark.rule("V-04")
@pytest.mark.rule("V-02")
def test_company_account_contact_authority_and_pin_together_pass(cast, call, nine):
    row = try_to_verify(cast, call, nine)

    assert row.outcome == "passed" and why(row) == ""
    assert row.checks == dict.fromkeys(("company", "account", "contact", "organisation", "authority"), True)
    call = Interaction.objects.get(pk=call.pk)
    assert (call.verified, call.contact, call.organisation) == (True, cast.ada, cast.northgate)
    entry = Entry.objects.get(name="verification.passed")
    assert entry.chain == f"interaction:{call.uuid}"
    assert entry.data == {"proof": "pin", "contact": str(cast.ada.uuid), "verification": str(row.uuid)}


@pytest.mark.parametrize(
    ("company", "account"),
    [("  NORTHGATE health alliance Pty. Ltd. ", "a 100001"), ("Northgate Health Alliance, Inc.", "A100001")],
)
def test_case_spacing_punctuation_and_legal_forms_do_not_count(cast, call, nine, company, account):
    assert try_to_verify(cast, call, nine, company=company, account_number=account).outcome == "passed"


@pytest.mark.rule("V-04")
@pytest.mark.parametrize(
    ("wrong", "check"),
    [
        ({"company": "Northgate Health"}, "company"),
        ({"company": ""}, "company"),
        ({"account_number": "A-100002"}, "account"),
        ({"account_number": ""}, "account"),
        ({"proof": Proof(method="pin", value="000000")}, "proof"),
        ({"proof": Proof(method="pin", value="")}, "proof"),
    ],
)
def test_one_wrong_part_fails_and_leaves_the_call_unverified(cast, call, nine, wrong, check):
    row = try_to_verify(cast, call, nine, **wrong)

    assert row.outcome == "failed"
    assert [name for name, held in row.checks.items() if not held] == ([check] if check != "proof" else [])
    assert Interaction.objects.get(pk=call.pk).verified is False


@pytest.mark.rule("V-02")
def test_a_contact_without_the_authority_fails(cast, nine):
    call = ring(cast, nine)
    out = call_back(cast, nine, number="+61355500143")
    proof = Proof(method="callback", outbound_interaction_id=out.pk)
    at = nine + timedelta(minutes=1)

    asked = {"contact_id": cast.al.pk, "proof": proof}
    assert try_to_verify(cast, call, at, **asked, authority="escalate").outcome == "failed"
    assert try_to_verify(cast, call, at, **asked, authority="report").outcome == "passed"


@pytest.mark.parametrize("status", ["suspended", "former", "prospect"])
def test_a_customer_that_is_not_active_fails_with_a_reason(cast, call, nine, status):
    Organisation.objects.filter(pk=cast.northgate.pk).update(status=status)

    row = try_to_verify(cast, call, nine)

    assert (row.outcome, row.checks["organisation"]) == ("failed", False)
    assert "no longer a customer" in str(why(row))


def test_an_inactive_contact_fails_with_a_reason(cast, call, nine):
    Contact.objects.filter(pk=cast.ada.pk).update(active=False)

    row = try_to_verify(cast, call, nine)

    assert row.outcome == "failed" and str(why(row)) == "This is not an active contact."


def test_an_answer_matches_without_case_and_punctuation(cast, call, nine):
    asked = set_answer(contact_id=cast.ada.pk, question="First pet?", answer="Mr. Biscuit", actor=SYSTEM, at=nine)

    wrong = try_to_verify(cast, call, nine, Proof(method="question", value="Rex", question_id=asked.uuid))
    right = try_to_verify(cast, call, nine, Proof(method="question", value="mr biscuit ", question_id=asked.uuid))

    assert (wrong.outcome, right.outcome) == ("failed", "passed")
    assert "biscuit" not in asked.answer_hash.lower() and asked.answer_hash.startswith("argon2")


def test_a_question_of_another_contact_proves_nothing(cast, call, nine):
    asked = set_answer(contact_id=cast.dee.pk, question="First pet?", answer="Biscuit", actor=SYSTEM, at=nine)

    row = try_to_verify(cast, call, nine, Proof(method="question", value="Biscuit", question_id=asked.uuid))

    assert row.outcome == "failed"


def test_bad_shape_is_refused_and_nothing_is_written(cast, call, nine):
    before = Entry.objects.count()
    for wrong in ({"proof": Proof(method="trust")}, {"authority": "all"}, {"interaction_id": 0}, {"ticket_id": 0}):
        with pytest.raises(Refused):
            try_to_verify(cast, call, nine, **wrong)

    assert (Verification.objects.count(), Entry.objects.count()) == (0, before)


@pytest.mark.rule("C-16")
def test_an_unknown_contact_is_written_down_as_a_failure(cast, call, nine):
    elsewhere = replace(cast.bo_actor, regions=frozenset({"eu"}))

    unknown = try_to_verify(cast, call, nine, contact_id=0)
    foreign = try_to_verify(cast, call, nine, actor=elsewhere)

    assert [(row.outcome, row.contact) for row in (unknown, foreign)] == [("failed", None)] * 2
    assert unknown.checks == foreign.checks


@pytest.mark.rule("V-04")
def test_an_unknown_contact_costs_as_much_as_a_known_one(cast, call, nine, settings):
    settings.PASSWORD_HASHERS = ["tests.accounts.counting.CountingArgon2"]
    matches("warm", "")
    for contact_id, method in ((cast.ada.pk, "pin"), (cast.al.pk, "pin"), (0, "pin"), (0, "question"), (0, "code")):
        work.clear()
        try_to_verify(cast, call, nine, Proof(method=method, value="918273"), contact_id=contact_id)
        assert work == ["verify"]
