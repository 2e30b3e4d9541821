from datetime import timedelta

import pytest

from ledger.verify import verify
from tests.ledger.tampering import past_the_triggers, write

pytestmark = pytest.mark.django_db


def fire(timer, at, sealed_by=None):
    """A firing as the engine writes it; what it points at does not matter here."""
    past_the_triggers(
        "INSERT INTO esc_firing (timer_id, uuid, clock_id, rule_id, rule_code, occurrence, due_at, fired_at, outcome, "
        "cause, engine_id, collapsed) VALUES (%s, gen_random_uuid(), 1, 1, 'F-1', %s, %s, %s, 'paged', 'due', 'e', 0)",
        timer, timer, at, at,
    )  # fmt: skip
    if sealed_by:
        past_the_triggers("INSERT INTO esc_sealed (firing_id, entry_id) VALUES (%s, %s)", timer, sealed_by.pk)


def test_a_firing_older_than_ten_seconds_without_an_entry_breaks_the_ledger(nine):
    entry = write(nine, count=1)[0]
    fire(1, nine, sealed_by=entry)
    fire(2, nine)

    assert verify(at=nine + timedelta(seconds=10)).holds
    (finding,) = verify(at=nine + timedelta(seconds=11)).broken
    assert "of F-1 at 2026-06-15 09:00:00 has no entry" in finding.problem
    assert verify(at=nine + timedelta(seconds=11), chain=entry.chain).holds
