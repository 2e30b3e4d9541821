from datetime import UTC, datetime, timedelta

import pytest

from catalogue.models import Entitlement
from catalogue.seed import seed_calendars
from escalation import arithmetic
from escalation.models import Clock
from tests.factories.clocks import MINUTE, armed, dispatched_ticket, put, say


def business_customer(cast):
    calendar = seed_calendars()["Business hours UTC"]
    Entitlement.objects.filter(organisation=cast.northgate).update(calendar=calendar)
    return calendar


def test_a_p3_fault_counts_on_the_entitlements_calendar_and_a_p1_at_any_hour(cast, rules, nine):
    business_customer(cast)
    evening = nine + timedelta(hours=7, minutes=30)

    dispatched_ticket(cast, evening, priority="P3")
    assert armed(rule_code="T-4") == {("T-4", 1): nine + timedelta(hours=25, minutes=30)}

    urgent = dispatched_ticket(cast, evening, priority="P1")
    assert armed(rule_code="T-4", clock__ticket=urgent) == {("T-4", 1): evening + 120 * MINUTE}


def test_reprioritised_to_p1_what_is_counted_stays_and_the_rest_runs_at_any_hour(cast, rules, nine):
    business_customer(cast)
    evening = nine + timedelta(hours=7, minutes=30)
    ticket = dispatched_ticket(cast, evening, priority="P3")
    say(ticket, "ticket.signed_for", evening + MINUTE)

    night = nine + timedelta(hours=12)
    put(ticket, priority="P1")
    say(ticket, "ticket.reprioritised", night, before="P3", after="P1")

    assert armed(rule_code="T-4") == {("T-4", 1): night + 90 * MINUTE}
    assert Clock.objects.get(kind="fault_handling").calendar is None


@pytest.mark.invariant("I12")
def test_elapsed_rules_know_no_zone_and_no_clock_change(cast, rules):
    start = datetime(2026, 10, 3, 14, 30, tzinfo=UTC)  # an hour before Lord Howe moves its clocks by 30 minutes
    cast.northgate.time_zone = "Australia/Lord_Howe"
    cast.northgate.save(update_fields=["time_zone"])

    dispatched_ticket(cast, start)

    assert armed(rule_code="T-5") == {("T-5", 1): start + timedelta(hours=3)}
    assert arithmetic.due_at(running_since=start, accrued_us=0, at_us=10, hours=None) == start + timedelta(
        microseconds=10
    )
