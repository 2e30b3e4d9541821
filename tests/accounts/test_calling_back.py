"""A call-back to a stored number is a proof: started by the agent, answered later, lately, and used once."""

from datetime import timedelta

import pytest

from accounts.verification import Proof
from ledger.errors import Refused
from tests.accounts.calls import call_back, ring, try_to_verify
from tickets.commands.interaction import answer_interaction, start_interaction

MINUTE = timedelta(minutes=1)


@pytest.fixture
def call(cast, nine):
    return ring(cast, nine)


@pytest.mark.rule("V-05")
@pytest.mark.parametrize(
    "wrong",
    [
        {"number": "+61355500199"},
        {"number": "+61355500143"},
        {"answered_at": None},
        {"direction": "in"},
        {"started_at": "before"},
        {"agent": "sam"},
    ],
)
def test_only_an_answered_call_to_a_number_stored_for_that_contact_counts(cast, call, nine, wrong):
    if "started_at" in wrong:
        wrong = {"started_at": nine - MINUTE}
    if "agent" in wrong:
        wrong = {"agent": cast.sam}
    good, bad = call_back(cast, nine), call_back(cast, nine, **wrong)

    assert try_to_verify(cast, call, nine + MINUTE, Proof(method="callback")).outcome == "failed"
    for out, outcome in ((bad, "failed"), (good, "passed")):
        proof = Proof(method="callback", outbound_interaction_id=out.pk)
        assert try_to_verify(cast, call, nine + MINUTE, proof).outcome == outcome


@pytest.mark.rule("V-05")
@pytest.mark.parametrize(
    ("made", "asked"),
    [
        ({"answered_at": timedelta()}, MINUTE),  # answered at the moment of dialling: ticked by hand
        ({"disposition": "not_reached"}, MINUTE),
        ({"disposition": "hang_up"}, MINUTE),
        ({}, timedelta(seconds=5)),  # answered after it was offered as proof
        ({}, 15 * MINUTE + timedelta(seconds=1)),
        ({"verified": True}, MINUTE),  # used before
    ],
)
def test_a_call_back_counts_only_when_answered_lately_and_not_used_before(cast, call, nine, made, asked):
    if "answered_at" in made:
        made = {"answered_at": nine}
    out = call_back(cast, nine, **made)
    proof = Proof(method="callback", outbound_interaction_id=out.pk)
    assert try_to_verify(cast, call, nine + asked, proof).outcome == "failed"


@pytest.mark.rule("V-05")
def test_a_call_back_proves_once(cast, call, nine):
    out = call_back(cast, nine)
    proof = Proof(method="callback", outbound_interaction_id=out.pk)
    assert try_to_verify(cast, call, nine + 15 * MINUTE, proof, company="Wrong").outcome == "failed"
    outcomes = [try_to_verify(cast, call, nine + 15 * MINUTE, proof).outcome for _ in range(2)]
    assert outcomes == ["passed", "failed"]


@pytest.mark.rule("V-05")
def test_the_agent_starts_a_call_back_and_records_the_answer_later(cast, call, nine):
    out = start_interaction(
        channel="call", direction="out", caller_number="+61355500142", actor=cast.bo_actor, at=nine + MINUTE
    )
    for actor, at, code in (
        (cast.bo_actor, nine + MINUTE, "too_early"),
        (cast.sam_actor, nine + 2 * MINUTE, "not_yours"),
    ):
        with pytest.raises(Refused, match=code):
            answer_interaction(interaction_id=out.pk, actor=actor, at=at)
    proof = Proof(method="callback", outbound_interaction_id=out.pk)
    assert try_to_verify(cast, call, nine + 2 * MINUTE, proof).outcome == "failed"
    answer_interaction(interaction_id=out.pk, actor=cast.bo_actor, at=nine + 2 * MINUTE)
    with pytest.raises(Refused, match="answered"):
        answer_interaction(interaction_id=out.pk, actor=cast.bo_actor, at=nine + 3 * MINUTE)
    assert try_to_verify(cast, call, nine + 3 * MINUTE, proof).outcome == "passed"
