import pytest
from django.db import transaction

from ledger.actor import SYSTEM
from ledger.models import Entry
from ledger.record import Fact, record, record_plain
from ledger.verify import verify


def fired(chain: str, at, n: int) -> Fact:
    return Fact(name="timer.fired", chain=chain, at=at, data={"rule": "T-3", "occurrence": n})


@pytest.mark.django_db
def test_many_facts_append_to_several_chains_in_order_and_the_chains_hold(nine, django_assert_num_queries):
    record("ticket.plain", chain="ticket:SD-1", actor=SYSTEM, at=nine)
    facts = [fired(chain, nine, n) for n in range(3) for chain in ("ticket:SD-2", "ticket:SD-1")]

    with django_assert_num_queries(3):
        entries = record_plain(facts, actor=SYSTEM)

    seqs = [(entry.chain, entry.seq) for entry in entries]
    assert seqs == [(f"ticket:SD-{n}", seq) for first in (1, 2, 3) for n, seq in ((2, first), (1, first + 1))]
    assert verify(at=nine).holds


@pytest.mark.django_db
def test_a_fact_that_somebody_hears_of_is_not_written_silently(nine):
    with pytest.raises(RuntimeError, match=r"note\.added"):
        record_plain([Fact(name="note.added", chain="ticket:SD-1", at=nine, data={})], actor=SYSTEM)

    assert not Entry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_nothing_is_written(nine):
    with pytest.raises(RuntimeError, match="inside the transaction"):
        record_plain([fired("ticket:SD-1", nine, 1)], actor=SYSTEM)

    with transaction.atomic():
        record_plain([fired("ticket:SD-1", nine, 1)], actor=SYSTEM)
    assert Entry.objects.count() == 1
