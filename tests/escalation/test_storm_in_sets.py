from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from escalation.claim import claim, look
from escalation.commands.fire import fire_due
from escalation.drive import sleep_s
from escalation.failpoints import Failed
from escalation.firing import Batch
from escalation.models import Firing, Notification, RosterSlot, Timer
from escalation.steady import briefly, on_call
from tests.factories.clocks import MINUTE, dispatched_ticket, fired

SECOND = timedelta(seconds=1)


def on_shift(cast, user, from_at, to_at):
    RosterSlot.objects.create(role="supervisor", scope="global", user=user, during=(from_at, to_at))


def test_a_batch_takes_the_same_queries_whatever_its_size(cast, rules, nine):
    dispatched_ticket(cast, nine)
    with CaptureQueriesContext(connection) as one:
        assert fire_due(nine + 5 * MINUTE) == 1
    for _ in range(30):
        dispatched_ticket(cast, nine)

    with CaptureQueriesContext(connection) as many:
        assert fire_due(nine + 5 * MINUTE) == 30

    assert len(many) <= len(one) <= 20


def test_an_idle_tick_is_one_query(cast, rules, nine, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert fire_due() == 0


def test_an_engine_sleeps_until_the_next_due_and_never_longer_than_a_second(cast, rules):
    assert sleep_s(look()) == 1.0
    now = look().now

    dispatched_ticket(cast, now - 5 * MINUTE + timedelta(seconds=0.4))

    assert 0.0 < sleep_s(look()) <= 0.4


def test_few_tickets_are_told_by_name_and_many_once_for_each_list(cast, rules, nine):
    tickets = [dispatched_ticket(cast, nine) for _ in range(3)]
    assert {hint["chain"] for hint in _hints(nine)} == {ticket.chain for ticket in tickets}
    for _ in range(30):
        dispatched_ticket(cast, nine)
    dispatched_ticket(cast, nine, restricted=True)

    told = _hints(nine)

    assert [(hint["chain"], hint["organisation_id"], hint["restricted"]) for hint in told] == [
        ("ticket:", cast.northgate.pk, False)
    ]


def _hints(nine):
    with transaction.atomic():
        hints = Batch(claim(nine + 5 * MINUTE, 500), engine_id="test").hints()
        transaction.set_rollback(True)
    return hints


def test_within_a_storm_who_is_on_call_is_read_once_a_second(cast, rules, nine):
    with briefly():
        first = on_call(nine, [cast.northgate.pk])

        assert on_call(nine + SECOND / 2, [cast.northgate.pk]) is first
        assert on_call(nine + 2 * SECOND, [cast.northgate.pk]) is not first
        assert on_call(nine, [cast.northgate.pk, cast.other.pk]) is not first


def test_a_change_of_shift_within_that_second_is_not_missed(cast, rules, nine):
    change = nine + timedelta(seconds=30, milliseconds=400)
    on_shift(cast, cast.bo, nine, change)
    on_shift(cast, cast.cy, change, nine + 60 * MINUTE)

    with briefly():
        slots = [on_call(change + step, []).slots["supervisor", "global"] for step in (-SECOND / 5, SECOND / 5)]

    assert [[slot.user for slot in found] for found in slots] == [[cast.bo], [cast.cy]]


def test_outside_a_storm_every_firing_reads_it_anew(cast, rules, nine):
    dispatched_ticket(cast, nine)
    on_shift(cast, cast.bo, nine, nine + 60 * MINUTE)
    fire_due(nine + 5 * MINUTE)
    RosterSlot.objects.update(user=cast.cy)
    dispatched_ticket(cast, nine)

    fire_due(nine + 5 * MINUTE)

    told = Notification.objects.order_by("firing_id").values_list("user_id", flat=True)
    assert list(dict.fromkeys(told)) == [cast.bo.pk, cast.cy.pk]


@pytest.mark.invariant("I4")
@pytest.mark.parametrize("place", ["after_claim", "before_commit"])
def test_an_engine_that_fails_in_the_middle_leaves_nothing_half_done(cast, rules, nine, monkeypatch, place):
    dispatched_ticket(cast, nine)
    monkeypatch.setenv("DESK_FAILPOINT", f"{place}:raise")

    with pytest.raises(Failed):
        fire_due(nine + 5 * MINUTE)

    assert not Firing.objects.exists()
    assert not Notification.objects.exists()
    assert Timer.objects.get(rule_code="T-1").state == "armed"
    monkeypatch.delenv("DESK_FAILPOINT")
    assert fire_due(nine + 5 * MINUTE) == 1
    assert fired() == [("T-1", 1, "paged")]
