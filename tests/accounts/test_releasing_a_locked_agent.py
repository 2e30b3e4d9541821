"""Five failures lock an agent's verifying; a supervisor releases it with a reason, nobody releases themselves."""

from dataclasses import replace
from datetime import timedelta

import pytest

from accounts.commands.release import release_agent
from accounts.models import FailureCounter
from accounts.verification import Proof, locked_until, set_pin
from ledger.actor import SYSTEM
from ledger.errors import Refused
from ledger.models import Entry, EntryText
from tests.accounts.calls import PIN, ring, try_to_verify

MINUTE = timedelta(minutes=1)
WRONG = Proof(method="pin", value="000111")


@pytest.fixture
def locked(cast, nine):
    """Bo failed five times on two contacts."""
    set_pin(contact_id=cast.al.pk, pin=PIN, actor=SYSTEM, at=nine)
    call = ring(cast, nine)
    for contact in [cast.ada] * 2 + [cast.al] * 3:
        try_to_verify(cast, call, nine, WRONG, contact_id=contact.pk)
    assert locked_until(cast.bo, nine) == nine + 15 * MINUTE
    return call


def supervisor(cast, **fields):
    return replace(cast.sam_actor, **({"roles": frozenset({"supervisor"})} | fields))


@pytest.mark.rule("V-04")
def test_a_released_agent_verifies_again_and_the_reason_is_kept(cast, locked, nine):
    at = nine + MINUTE
    set_pin(contact_id=cast.ada.pk, pin=PIN, actor=SYSTEM, at=nine)
    assert try_to_verify(cast, locked, at).outcome == "locked"

    release_agent(user_id=cast.bo.pk, reason="Training call, line was bad", actor=supervisor(cast), at=at)

    assert locked_until(cast.bo, at) is None and try_to_verify(cast, locked, at).outcome == "passed"
    entry = Entry.objects.get(name="verification.agent_released")
    assert (entry.chain, entry.actor_ref) == (f"staff:{cast.bo.uuid}", cast.sam_actor.ref)
    assert EntryText.objects.get(pk=entry.data["texts"]["reason"]["id"]).body == "Training call, line was bad"


def test_the_contacts_lock_outlives_the_agents_release(cast, locked, nine):
    release_agent(user_id=cast.bo.pk, reason="Bad line", actor=supervisor(cast), at=nine)
    assert locked_until(cast.al, nine) == nine + 15 * MINUTE
    assert try_to_verify(cast, locked, nine, contact_id=cast.al.pk).outcome == "locked"


@pytest.mark.rule("V-04")
@pytest.mark.parametrize("code", ["not_allowed", "own_lock", "unknown_person", "no_reason", "not_locked"])
def test_a_release_is_refused_and_nothing_is_written(cast, locked, nine, code):
    asked = {"user_id": cast.bo.pk, "reason": "Bad line", "actor": supervisor(cast), "at": nine + MINUTE}
    asked |= {
        "not_allowed": {"actor": replace(cast.sam_actor, roles=frozenset({"agent"}))},
        "own_lock": {"actor": supervisor(cast, user_id=cast.bo.pk)},
        "unknown_person": {"user_id": 0},
        "no_reason": {"reason": "  "},
        "not_locked": {"at": nine + 15 * MINUTE},
    }[code]
    with pytest.raises(Refused) as refusal:
        release_agent(**asked)
    assert refusal.value.code == code
    assert FailureCounter.objects.get(kind="agent", subject_id=cast.bo.pk).locked_until is not None
    assert not Entry.objects.filter(name="verification.agent_released").exists()
