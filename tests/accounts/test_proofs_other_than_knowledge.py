from datetime import timedelta

import pytest
from django.db import InternalError, ProgrammingError, transaction

from accounts import codes
from accounts.models import OneTimeCode, Verification
from accounts.verification import Proof, send_code
from ledger.actor import SYSTEM
from ledger.errors import Refused
from ledger.models import Entry, OutboxMessage
from tests.accounts.calls import ring, try_to_verify
from tests.ledger.connections import from_another_connection

MINUTE = timedelta(minutes=1)


@pytest.fixture
def call(cast, nine):
    return ring(cast, nine)


def sent_digits(cast, call, at):
    send_code(interaction_id=call.pk, contact_id=cast.ada.pk, actor=cast.bo_actor, at=at)
    return codes.open_code(OutboxMessage.objects.order_by("-pk").first().payload)


def by_code(cast, call, at, digits, **fields):
    return try_to_verify(cast, call, at, Proof(method="code", value=digits), **fields).outcome


def test_a_code_passes_once_within_ten_minutes_in_its_own_call(cast, call, nine):
    digits = sent_digits(cast, call, nine)
    other = ring(cast, nine)

    assert by_code(cast, other, nine, digits) == "failed"
    assert by_code(cast, call, nine + 10 * MINUTE - timedelta(seconds=1), digits) == "passed"
    assert by_code(cast, call, nine + MINUTE, digits) == "failed"


def test_a_code_is_dead_after_ten_minutes_and_after_a_newer_one(cast, call, nine):
    first = sent_digits(cast, call, nine)
    second = sent_digits(cast, call, nine + MINUTE)

    assert first == second or by_code(cast, call, nine + MINUTE, first) == "failed"
    assert by_code(cast, call, nine + 11 * MINUTE, second) == "failed"


def test_three_wrong_tries_burn_a_code(cast, call, nine):
    digits = sent_digits(cast, call, nine)
    wrong = "000000" if digits != "000000" else "111111"

    assert [by_code(cast, call, nine, wrong) for _ in range(3)] == ["failed"] * 3
    assert by_code(cast, call, nine, digits) == "failed"


def test_the_code_stands_nowhere_readable(cast, call, nine):
    digits = sent_digits(cast, call, nine)
    message, code = OutboxMessage.objects.get(), OneTimeCode.objects.get()

    assert len(digits) == 6 and digits.isdigit() and code.code_hash.startswith("argon2")
    assert digits not in str(message.payload["code"]) and digits not in str(Entry.objects.get().data)
    codes.blank(message.pk)
    assert codes.open_code(OutboxMessage.objects.get().payload) is None


def test_a_fourth_code_in_a_quarter_of_an_hour_is_refused(cast, call, nine):
    for _ in range(3):
        sent_digits(cast, call, nine)
    with pytest.raises(Refused) as refusal:
        sent_digits(cast, call, nine + 14 * MINUTE)
    assert refusal.value.code == "too_many_codes" and OneTimeCode.objects.count() == 3


def test_a_portal_session_proves_its_own_contact_only(cast, nine):
    visit = ring(cast, nine, channel="portal", agent=None)
    proof = Proof(method="portal")

    assert try_to_verify(cast, visit, nine, proof, actor=cast.dee_actor).outcome == "failed"
    assert try_to_verify(cast, visit, nine, proof, actor=cast.bo_actor).outcome == "failed"
    assert try_to_verify(cast, visit, nine, proof, actor=cast.ada_actor).outcome == "passed"


def test_an_aligned_sender_counts_only_from_the_desk_itself(cast, nine):
    mail = ring(cast, nine, channel="email", agent=None)
    hers, other = (Proof(method="sender", value=a) for a in ("Ada@Northgate.example", "eve@northgate.example"))

    assert try_to_verify(cast, mail, nine, hers, actor=cast.bo_actor).outcome == "failed"
    assert try_to_verify(cast, mail, nine, other, actor=SYSTEM).outcome == "failed"
    assert try_to_verify(cast, mail, nine, hers, actor=SYSTEM).outcome == "passed"


@pytest.mark.rule("C-16")
def test_a_verification_is_never_changed_or_deleted(cast, call, nine):
    row = try_to_verify(cast, call, nine, Proof(method="callback"))
    for change in (lambda: Verification.objects.update(outcome="passed"), row.delete):
        with pytest.raises((InternalError, ProgrammingError), match="append-only"), transaction.atomic():
            change()


@pytest.mark.django_db(transaction=True)
def test_a_code_used_in_two_connections_at_once_passes_once(cast, call, nine):
    digits = sent_digits(cast, call, nine)
    taken = from_another_connection(lambda: by_code(cast, call, nine, digits))
    assert [taken, by_code(cast, call, nine, digits)] == ["passed", "failed"]
