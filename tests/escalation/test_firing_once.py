import pytest
from django.db import IntegrityError, transaction

from escalation.commands.fire import fire_all, fire_due
from escalation.locks import lock_clocks
from escalation.models import Firing, Notification, Timer
from ledger import clock
from tests.concurrency import Elsewhere, in_another_connection
from tests.factories.clocks import MINUTE, armed, dispatched_ticket, fired, say

RACE = pytest.mark.django_db(transaction=True)


@pytest.mark.invariant("I1")
@RACE
def test_a_timer_in_another_engines_hands_is_left_to_it(cast, rules, nine):
    dispatched_ticket(cast, nine)
    due = nine + 5 * MINUTE

    with transaction.atomic():
        assert fire_due(due) == 1
        assert in_another_connection(fire_due, due) == 0

    assert fire_due(due) == 0
    assert fired() == [("T-1", 1, "paged")]


@pytest.mark.invariant("I1")
def test_the_database_refuses_a_second_firing_of_an_occurrence(cast, rules, nine):
    dispatched_ticket(cast, nine)
    fire_all(nine + 5 * MINUTE)
    first = Firing.objects.get()
    other = Timer.objects.get(rule_code="T-4")

    with pytest.raises(IntegrityError, match="firing_once"), transaction.atomic():
        Firing.objects.create(
            timer=other, clock_id=first.clock_id, rule_id=first.rule_id, rule_code="T-1", occurrence=1,
            due_at=first.due_at, fired_at=first.fired_at, outcome="paged", cause="due", engine_id="twin",
        )  # fmt: skip


@pytest.mark.invariant("I2")
def test_nothing_fires_a_microsecond_early(cast, rules, nine):
    dispatched_ticket(cast, nine)
    due = nine + 5 * MINUTE

    assert fire_due(due - MINUTE / 60_000_000) == 0
    assert fire_due(due) == 1


@pytest.mark.invariant("I2")
def test_the_databases_clock_decides_and_stamps_the_firing(cast, rules, nine):
    clock.set_demo(demo_now=nine)
    dispatched_ticket(cast, nine)
    assert fire_due() == 0

    clock.set_demo(demo_now=nine + 6 * MINUTE)

    assert fire_due() == 1
    firing = Firing.objects.get()
    assert firing.due_at == nine + 5 * MINUTE
    assert nine + 6 * MINUTE <= firing.fired_at <= clock.database_now()


@pytest.mark.invariant("I3")
@pytest.mark.invariant("I5")
@RACE
def test_a_stop_waits_for_the_firing_under_way_and_finds_it_fired(cast, rules, nine):
    ticket = dispatched_ticket(cast, nine)

    with transaction.atomic():
        assert fire_due(nine + 5 * MINUTE) == 1
        stop = Elsewhere(say, ticket, "ticket.signed_for", nine + 5 * MINUTE)
        assert stop.is_waiting()
    stop.result()

    assert fired() == [("T-1", 1, "paged")]
    assert dict(Timer.objects.filter(rule_code__startswith="T-1").values_list("rule_code", "state")) == {
        "T-1": "fired",
        "T-1D": "cancelled",
    }


@pytest.mark.invariant("I3")
@pytest.mark.invariant("I5")
@RACE
def test_an_engine_passes_over_a_timer_that_is_being_stopped_and_never_fires_it(cast, rules, nine):
    ticket = dispatched_ticket(cast, nine)
    due = nine + 5 * MINUTE

    with transaction.atomic():
        say(ticket, "ticket.signed_for", due - MINUTE)
        assert in_another_connection(fire_due, due) == 0

    assert fire_due(due) == 0
    assert fired() == []
    assert Timer.objects.get(rule_code="T-1").state == "cancelled"


@pytest.mark.invariant("I3")
@RACE
def test_a_firing_that_arms_the_next_occurrence_leaves_none_behind_on_a_stopped_clock(cast, rules, nine):
    ticket = say(dispatched_ticket(cast, nine), "ticket.signed_for", nine + MINUTE)

    with transaction.atomic():
        fire_due(nine + 31 * MINUTE)
        stop = Elsewhere(say, ticket, "ticket.resolved", nine + 31 * MINUTE)
        assert stop.is_waiting()
    stop.result()

    assert set(armed()) == {("R-1", 1), ("R-1D", 1)}
    assert Timer.objects.get(rule_code="T-3", occurrence=2).state == "cancelled"


@pytest.mark.invariant("I3")
def test_what_was_due_but_not_fired_at_the_stop_stays_a_breach_and_pages_nobody(cast, rules, nine):
    ticket = dispatched_ticket(cast, nine)

    say(ticket, "ticket.signed_for", nine + 7 * MINUTE)
    fire_all(nine + 12 * MINUTE)

    assert fired() == [("T-1", 1, "moot")]
    assert not Notification.objects.exists()


@pytest.mark.invariant("I4")
def test_every_fired_timer_has_its_firing_and_every_page_somebody_told(cast, rules, nine):
    dispatched_ticket(cast, nine)

    fire_all(nine + 400 * MINUTE)

    assert set(Timer.objects.filter(state="fired").values_list("pk")) == set(Firing.objects.values_list("timer_id"))
    paged = Firing.objects.filter(outcome="paged")
    assert paged.count() == 10
    assert not paged.filter(notifications=None).exists()


@RACE
@pytest.mark.invariant("I4")
def test_a_command_that_holds_clocks_does_not_stop_the_engine(cast, rules, nine):
    ticket = dispatched_ticket(cast, nine)

    with transaction.atomic():
        assert lock_clocks(ticket=ticket)
        assert in_another_connection(fire_due, nine + 5 * MINUTE) == 1
        assert in_another_connection(fired) == [("T-1", 1, "paged")]
