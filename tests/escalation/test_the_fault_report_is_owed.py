from datetime import UTC, datetime, timedelta

import pytest

from accounts.models import RoleGrant
from catalogue.models import Entitlement
from catalogue.seed import seed_calendars
from escalation.commands.fire import fire_all
from escalation.models import Clock, Notification
from escalation.queries import clocks_of
from tests.factories.cast import staff
from tests.factories.clocks import MINUTE, armed, dispatched_ticket, fired, put, say

DAY = timedelta(days=1)
REPORT = {"rule_code__startswith": "R-"}


def solved(cast, at, **fields):
    ticket = dispatched_ticket(cast, at, owner=cast.bo, **fields)
    return say(ticket, "ticket.resolved", at + 30 * MINUTE)


@pytest.mark.rule("C-26")
def test_a_fault_solved_in_time_is_reported_within_two_working_days_on_the_customers_wall(cast, rules, nine):
    solved(cast, nine)

    assert armed(**REPORT) == {("R-1", 1): nine + DAY + 30 * MINUTE, ("R-1D", 1): nine + 2 * DAY + 30 * MINUTE}


@pytest.mark.rule("C-26")
def test_the_weekend_is_no_working_day_and_melbourne_decides_when_it_begins(cast, rules):
    friday_evening_there = datetime(2026, 6, 19, 12, 0, tzinfo=UTC)
    saturday_there = datetime(2026, 6, 19, 15, 0, tzinfo=UTC)

    first = solved(cast, friday_evening_there)
    second = solved(cast, saturday_there)

    tuesday = {("R-1D", 1): datetime(2026, 6, 23, 12, 30, tzinfo=UTC)}
    assert armed(rule_code="R-1D", clock__ticket=first) == tuesday
    assert armed(rule_code="R-1D", clock__ticket=second) == {("R-1D", 1): datetime(2026, 6, 22, 15, 30, tzinfo=UTC)}


@pytest.mark.rule("C-26")
def test_a_fault_that_ran_over_time_is_reported_within_one_and_its_owner_told_at_once(cast, rules, nine):
    RoleGrant.objects.create(user=staff("qi@desk.example", "Qi Wen"), role="quality_reviewer")
    ticket = dispatched_ticket(cast, nine, owner=cast.bo)
    late = nine + 121 * MINUTE
    say(ticket, "ticket.resolved", late)

    assert armed(**REPORT) == {("R-1", 1): late, ("R-1D", 1): late + DAY}
    fire_all(late)
    fire_all(late + DAY)

    assert fired(**REPORT) == [("R-1", 1, "paged"), ("R-1D", 1, "paged")]
    told = Notification.objects.filter(firing__rule_code="R-1D", channel="email")
    assert set(told.values_list("role", "user__name")) == {("owner", "Bo Raman"), ("quality_reviewer", "Qi Wen")}


@pytest.mark.rule("C-26")
def test_it_counts_on_the_calendar_of_the_entitlement_where_that_has_hours(cast, rules, nine):
    calendar = seed_calendars()["Business hours UTC"]
    calendar.holidays.create(on=(nine + DAY).date(), name="Regatta")
    Entitlement.objects.filter(organisation=cast.northgate).update(calendar=calendar)

    solved(cast, nine)

    assert armed(rule_code="R-1D") == {("R-1D", 1): nine + 3 * DAY + 30 * MINUTE}


@pytest.mark.rule("C-26")
def test_filing_it_stops_the_clock_and_closing_or_cancelling_does_not(cast, rules, nine):
    ticket = solved(cast, nine)
    say(ticket, "ticket.cancelled", nine + 40 * MINUTE)
    assert len(armed(**REPORT)) == 2

    say(ticket, "report.filed", nine + DAY, report="7f")

    assert armed() == {}
    assert {v.code: v.state for v in clocks_of(ticket, nine + DAY) if v.code.startswith("R")} == {
        "R-1": "met", "R-1D": "met",
    }  # fmt: skip


@pytest.mark.rule("C-26")
def test_a_dispute_ends_it_and_the_next_solution_begins_it_anew_on_the_same_clock(cast, rules, nine):
    ticket = solved(cast, nine)
    say(ticket, "ticket.disputed", nine + 50 * MINUTE)
    assert armed(**REPORT) == {}

    again = nine + 60 * MINUTE
    say(ticket, "ticket.resolved", again)

    assert armed(**REPORT) == {("R-1", 2): again + DAY, ("R-1D", 2): again + 2 * DAY}
    assert Clock.objects.filter(kind="fault_report").count() == 1


def test_reopening_ends_it_and_the_new_run_owes_its_own(cast, rules, nine):
    ticket = solved(cast, nine)
    put(ticket, run_no=2, state="triage")
    say(ticket, "ticket.reopened", nine + DAY)
    assert armed(**REPORT) == {}

    say(ticket, "ticket.resolved", nine + DAY + 10 * MINUTE)

    assert set(armed(**REPORT)) == {("R-1", 1), ("R-1D", 1)}
    runs = Clock.objects.filter(kind="fault_report").order_by("run_no")
    assert list(runs.values_list("run_no", "state", "stop_reason")) == [
        (1, "stopped", "reopened"), (2, "running", ""),
    ]  # fmt: skip


def test_a_request_owes_no_fault_report(cast, rules, nine):
    solved(cast, nine, kind="request")

    assert armed(**REPORT) == {}
