from datetime import timedelta

import pytest
from django.db import connection

from ledger.actor import SYSTEM
from ledger.errors import Refused
from ledger.idempotency import Answer, expire, once, request_hash
from ledger.models import Entry, IdempotencyKey
from ledger.record import record
from tests.ledger.connections import from_another_connection

DIGEST = request_hash("POST", "/api/v1/tickets/", {"title": "Line down"})


def logged(at, status=201):
    def run():
        entry = record("thing.happened", chain="thing:1", actor=SYSTEM, at=at)
        return Answer(status=status, body={"seq": entry.seq}, headers={"Location": "/x/"})

    return run


def ask(at, run, **fields):
    return once(**({"client": "bo", "key": "k-1", "digest": DIGEST, "at": at, "run": run} | fields))


@pytest.mark.django_db
def test_a_repeat_gets_the_same_answer_and_no_second_effect(nine):
    first, second = ask(nine, logged(nine)), ask(nine + timedelta(hours=23), logged(nine))

    assert (first.status, first.body, first.headers, first.replayed) == (201, {"seq": 1}, {"Location": "/x/"}, False)
    assert (second.status, second.body, second.headers, second.replayed) == (201, {"seq": 1}, {"Location": "/x/"}, True)
    assert Entry.objects.count() == 1


@pytest.mark.django_db
def test_another_client_with_the_same_key_is_another_request(nine):
    ask(nine, logged(nine))
    assert ask(nine, logged(nine), client="cy").body == {"seq": 2}


@pytest.mark.django_db
def test_the_same_key_with_another_payload_is_refused(nine):
    ask(nine, logged(nine))
    with pytest.raises(Refused) as refusal:
        ask(nine, logged(nine), digest=request_hash("POST", "/api/v1/tickets/", {"title": "Other"}))

    assert (refusal.value.code, refusal.value.details) == ("key_reused", {"status": 422})
    assert Entry.objects.count() == 1


@pytest.mark.django_db
def test_a_key_is_forgotten_after_a_day(nine):
    ask(nine, logged(nine))
    assert ask(nine + timedelta(hours=24, seconds=1), logged(nine)).body == {"seq": 2}
    assert expire(nine + timedelta(hours=49)) == 1
    assert not IdempotencyKey.objects.exists()


@pytest.mark.django_db
def test_a_refused_or_failed_run_frees_the_key_and_leaves_nothing(nine):
    def refuse():
        logged(nine)()
        raise Refused("stale", "No.")

    with pytest.raises(Refused):
        ask(nine, refuse)
    assert ask(nine, logged(nine, status=503)).status == 503
    assert (Entry.objects.count(), IdempotencyKey.objects.count()) == (0, 0)
    assert ask(nine, logged(nine)).body == {"seq": 1}


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["", "  ", "a\x00b", "x" * 201, "a\nb"])
def test_a_key_that_is_no_key_is_refused(nine, key):
    with pytest.raises(Refused) as refusal:
        ask(nine, logged(nine), key=key)
    assert refusal.value.code == "bad_key" and not Entry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_twin_that_comes_while_the_first_runs_is_told_so(nine):
    twin = []

    def run():
        twin.append(from_another_connection(lambda: ask(nine, logged(nine))))
        return logged(nine)()

    assert ask(nine, run).status == 201
    assert isinstance(twin[0], Refused) and twin[0].code == "in_progress" and twin[0].details == {"status": 409}
    assert Entry.objects.count() == 1
    assert not connection.in_atomic_block
