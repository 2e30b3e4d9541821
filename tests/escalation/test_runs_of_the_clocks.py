from datetime import timedelta

import pytest

from escalation.commands.fire import fire_all
from escalation.models import Clock
from ledger import clock
from tests.factories.clocks import MINUTE, armed, dispatched_ticket, fired, put, say

HOUR = timedelta(hours=1)


@pytest.mark.parametrize("fact", ["ticket.rejected", "ticket.cancelled", "ticket.merged"])
def test_an_ended_ticket_stops_every_clock(cast, rules, nine, fact):
    ticket = dispatched_ticket(cast, nine, channel="email")

    say(ticket, fact, nine + MINUTE, reason="spam")

    assert armed() == {}
    assert set(Clock.objects.values_list("state", flat=True)) == {"stopped"}


def test_a_reopened_ticket_starts_a_new_run_and_the_old_firings_stay(cast, rules, nine):
    ticket = dispatched_ticket(cast, nine)
    fire_all(nine + 5 * MINUTE)
    say(ticket, "ticket.resolved", nine + HOUR / 2)

    put(ticket, state="triage", run_no=2)
    ticket = say(ticket, "ticket.reopened", nine + 3 * HOUR, run_no=2)
    put(ticket, state="l1")
    say(ticket, "ticket.triaged", nine + 4 * HOUR, dispatch_no=2)

    assert armed(rule_code="T-4") == {("T-4", 1): nine + 6 * HOUR}
    assert fired(rule_code="T-1") == [("T-1", 1, "paged")]


def test_a_fault_that_becomes_a_request_drops_the_fault_clock_and_back_again_goes_on(cast, rules, nine):
    ticket = dispatched_ticket(cast, nine)

    put(ticket, kind="request")
    say(ticket, "ticket.reclassified", nine + MINUTE)
    assert armed(clock__kind="fault_handling") == {}
    assert Clock.objects.get(kind="fault_handling").stop_reason == "no_longer_applies"
    put(ticket, kind="fault")
    say(ticket, "ticket.reclassified", nine + 2 * MINUTE)

    assert armed(rule_code="T-4") == {("T-4", 1): nine + 120 * MINUTE}


@pytest.mark.rule("C-23")
@pytest.mark.invariant("I2")
def test_a_ladder_of_180_minutes_is_watched_through_the_demonstration_clock(cast, rules, nine):
    clock.set_demo(demo_now=nine)
    dispatched_ticket(cast, nine)

    for _quarter in range(12):
        clock.advance(15 * MINUTE)
        fire_all()

    faults = fired(rule_code__startswith="T-")
    assert [code for code, _, outcome in faults if outcome == "paged"] == [
        "T-1", "T-1D", "T-3", "T-3", "T-3", "T-3", "T-4", "T-3", "T-3", "T-5",
    ]  # fmt: skip
