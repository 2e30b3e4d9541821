from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import transaction

from accounts.counters import hold
from accounts.models import Contact, FailureCounter, Verification
from accounts.verification import Proof, locked_until, set_pin, why
from ledger.actor import SYSTEM
from ledger.models import Entry
from tests.accounts.calls import PIN, call_back, ring, try_to_verify
from tests.ledger.connections import beside, wait_until_blocked

WRONG = Proof(method="pin", value="999111")
MINUTE = timedelta(minutes=1)


@pytest.fixture
def call(cast, nine):
    set_pin(contact_id=cast.ada.pk, pin=PIN, actor=SYSTEM, at=nine)
    set_pin(contact_id=cast.al.pk, pin=PIN, actor=SYSTEM, at=nine)
    return ring(cast, nine)


def fail(cast, call, at, times, **fields):
    return [try_to_verify(cast, call, at, WRONG, **fields).outcome for _ in range(times)]


@pytest.mark.rule("V-04")
def test_three_failures_lock_knowledge_proofs_for_fifteen_minutes_even_the_right_one(cast, call, nine):
    assert fail(cast, call, nine, 3) == ["failed"] * 3
    assert locked_until(cast.ada, nine) == nine + 15 * MINUTE

    row = try_to_verify(cast, call, nine + 14 * MINUTE)
    assert row.outcome == "locked" and "call-back" in str(why(row))
    assert try_to_verify(cast, call, nine + 15 * MINUTE).outcome == "passed"


def test_call_back_stays_open_while_knowledge_is_locked(cast, call, nine):
    fail(cast, call, nine, 3)
    out = call_back(cast, nine + MINUTE)

    row = try_to_verify(cast, call, nine + 2 * MINUTE, Proof(method="callback", outbound_interaction_id=out.pk))

    assert row.outcome == "passed" and locked_until(cast.ada, nine + 2 * MINUTE) is not None


def test_one_contact_locked_leaves_the_rest_of_the_organisation_open(cast, call, nine):
    fail(cast, call, nine, 3)

    row = try_to_verify(cast, call, nine, contact_id=cast.al.pk)

    assert row.outcome == "passed" and locked_until(cast.al, nine) is None


def test_a_pass_forgets_earlier_failures_of_the_contact(cast, call, nine):
    fail(cast, call, nine, 2)
    assert try_to_verify(cast, call, nine).outcome == "passed"
    fail(cast, call, nine, 2)
    assert locked_until(cast.ada, nine) is None


def test_five_failures_lock_the_agent_for_every_contact_and_proof_and_alert(cast, call, nine):
    for contact in (cast.ada, cast.ada, cast.al, cast.al, cast.dee):
        fail(cast, call, nine, 1, contact_id=contact.pk)

    out = call_back(cast, nine)
    row = try_to_verify(cast, call, nine + MINUTE, Proof(method="callback", outbound_interaction_id=out.pk))

    assert (row.outcome, row.checks) == ("locked", {"locked": "agent"})
    assert locked_until(cast.bo, nine) == locked_until(cast.bo_actor, nine) == nine + 15 * MINUTE
    alert = Entry.objects.get(name="verification.agent_locked")
    assert (alert.chain, alert.data) == (f"staff:{cast.bo.uuid}", {"agent": str(cast.bo.uuid)})
    assert list(alert.messages.values_list("topic", flat=True)) == ["mail.lock_notice"]
    other = try_to_verify(cast, ring(cast, nine, agent=cast.sam), nine + MINUTE, actor=cast.sam_actor)
    assert other.outcome == "passed"


@pytest.mark.rule("V-04")
def test_every_attempt_is_on_the_record_without_what_was_said(cast, call, nine):
    fail(cast, call, nine, 4)

    names = list(Entry.objects.filter(chain=f"interaction:{call.uuid}").order_by("seq").values_list("name", flat=True))
    failed = "verification.failed"
    assert names == [failed, failed, failed, "verification.locked", "verification.denied"]
    assert Verification.objects.count() == 4
    assert WRONG.value not in str(list(Entry.objects.values_list("data", flat=True))) and WRONG.value not in repr(WRONG)


def test_flushing_the_cache_resets_nothing(cast, call, nine):
    fail(cast, call, nine, 2)
    cache.clear()
    fail(cast, call, nine, 1)
    cache.clear()
    assert try_to_verify(cast, call, nine).outcome == "locked"


def test_a_right_proof_for_too_little_authority_is_no_guess(cast, call, nine):
    Contact.objects.filter(pk=cast.ada.pk).update(may_escalate=False)
    for _ in range(6):
        assert try_to_verify(cast, call, nine, authority="escalate").outcome == "failed"
    assert not FailureCounter.objects.exclude(failures=0, locked_until=None).exists()


@pytest.mark.django_db(transaction=True)
def test_attempts_at_once_are_counted_one_after_the_other(cast, call, nine):
    fail(cast, call, nine, 2)
    with transaction.atomic():
        counter = hold("contact", cast.ada.pk)
        third = beside(lambda: try_to_verify(cast, call, nine))
        future = third.__enter__()
        wait_until_blocked()
        counter.failures, counter.locked_until = 0, nine + 15 * MINUTE
        counter.save()
    third.__exit__(None, None, None)

    assert future.result().outcome == "locked"


@pytest.mark.django_db(transaction=True)
def test_no_outer_transaction_can_roll_a_guess_back(cast, call, nine):
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        try_to_verify(cast, call, nine, WRONG)
    assert fail(cast, call, nine, 3)[2] == "failed" and locked_until(cast.ada, nine) is not None
