import pytest
from django.db import transaction

from ledger.actor import SYSTEM
from ledger.models import Entry
from ledger.record import record
from ledger.verify import verify
from tests.ledger.connections import beside, from_another_connection, wait_until_blocked
from tests.ledger.tampering import write

pytestmark = pytest.mark.django_db(transaction=True)


def append(at):
    with transaction.atomic():
        return record("thing.happened", chain="ticket:SD-000001", actor=SYSTEM, at=at).seq


def test_a_second_writer_waits_for_the_first_and_continues_its_entry(nine):
    with transaction.atomic():
        write(nine, count=1)
        second = beside(lambda: append(nine))
        future = second.__enter__()
        wait_until_blocked()
    second.__exit__(None, None, None)

    assert future.result() == 2
    assert verify(at=nine).holds and Entry.objects.count() == 2


def test_writers_of_other_chains_do_not_wait(nine):
    with transaction.atomic():
        write(nine, chain="ticket:SD-000002", count=1)
        assert from_another_connection(lambda: append(nine)) == 1


def test_a_fact_outside_a_transaction_is_a_bug(nine):
    with pytest.raises(RuntimeError):
        record("thing.happened", chain="x", actor=SYSTEM, at=nine)
