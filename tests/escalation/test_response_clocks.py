from datetime import UTC, datetime, timedelta

import pytest

from escalation.commands.fire import fire_all
from escalation.models import Clock, Timer
from tests.factories.clocks import MINUTE, armed, dispatched_ticket, fired, logged_ticket, put, say
from tickets.models import Commitment

HOUR = timedelta(hours=1)
SATURDAY = datetime(2026, 6, 20, 10, 0, tzinfo=UTC)


@pytest.fixture
def weekdays(cast):
    """Northgate without entitlement: Monday to Friday in Melbourne."""
    cast.northgate.entitlements.all().delete()
    return cast


@pytest.mark.rule("C-08")
@pytest.mark.parametrize(
    ("received", "urgent", "hours"),
    [
        (datetime(2026, 6, 15, 9, 0, tzinfo=UTC), False, 24),
        (SATURDAY, False, 48),
        (SATURDAY, True, 2),
        (datetime(2026, 6, 14, 15, 0, tzinfo=UTC), False, 24),  # Sunday in UTC, already Monday in Melbourne
    ],
)
def test_written_requests_are_answered_by_the_day_of_receipt(weekdays, rules, received, urgent, hours):
    logged_ticket(weekdays, received, channel="email", urgent=urgent, kind="request")

    assert armed(rule_code="E-1") == {("E-1", 1): received + hours * HOUR}


@pytest.mark.rule("C-08")
def test_a_call_needs_no_written_answer_and_an_answer_stops_the_clock(cast, rules, nine):
    logged_ticket(cast, nine, channel="call")
    assert armed(rule_code="E-1") == {}
    ticket = logged_ticket(cast, nine, channel="email")

    say(ticket, "note.added", nine + HOUR, public=True, progress=False, author="staff", first_answer=True)

    assert armed(rule_code="E-1") == {}
    assert Timer.objects.get(rule_code="E-1").cancel_reason == "answered"


@pytest.mark.rule("C-08")
def test_a_message_found_urgent_at_triage_is_due_two_hours_after_receipt_or_now(cast, rules, nine):
    early = logged_ticket(cast, nine, channel="email")
    put(early, priority="P2")
    say(early, "ticket.reprioritised", nine + HOUR)
    assert armed(rule_code="E-1", clock__ticket=early) == {("E-1", 1): nine + 2 * HOUR}

    late = logged_ticket(cast, nine, channel="email")
    put(late, priority="P1")
    say(late, "ticket.reprioritised", nine + 5 * HOUR)

    timer = Timer.objects.get(rule_code="E-1", clock__ticket=late)
    assert (timer.due_at, timer.nominal_at) == (nine + 5 * HOUR, nine + 2 * HOUR)


@pytest.mark.rule("C-10")
def test_ordinary_problems_are_due_in_24_hours_and_complex_ones_in_48(cast, rules, nine):
    ticket = dispatched_ticket(cast, nine)
    assert armed(rule_code="E-2") == {("E-2", 1): nine + 24 * HOUR}

    put(ticket, state="l2", tier="l2", reached_l2=True)
    say(ticket, "ticket.tier_changed", nine + HOUR)

    assert armed(rule_code="E-2") == {("E-2", 1): nine + 48 * HOUR}


@pytest.mark.rule("C-10")
def test_an_extension_told_before_the_due_time_moves_the_clock_and_a_later_triage_does_not_move_it_back(
    cast, rules, nine
):
    ticket = dispatched_ticket(cast, nine)
    new = Commitment.objects.create(ticket=ticket, kind="resolution", due_at=nine + 30 * HOUR, made_at=nine + 20 * HOUR)
    old = Commitment.objects.create(
        ticket=ticket, kind="resolution", due_at=nine + 24 * HOUR, made_at=nine, state="moved", moved_to=new
    )

    say(ticket, "commitment.moved", nine + 20 * HOUR, commitment=str(old.uuid))
    put(ticket, reached_l2=True)
    say(ticket, "ticket.reprioritised", nine + 21 * HOUR)

    assert armed(rule_code="E-2") == {("E-2", 1): nine + 30 * HOUR}


@pytest.mark.rule("C-10")
def test_an_extension_to_a_time_the_rule_also_knows_is_still_a_promise(cast, rules, nine):
    ticket = dispatched_ticket(cast, nine)
    new = Commitment.objects.create(ticket=ticket, kind="resolution", due_at=nine + 48 * HOUR, made_at=nine + 20 * HOUR)

    say(ticket, "commitment.moved", nine + 20 * HOUR, commitment=str(new.uuid))
    say(ticket, "ticket.reprioritised", nine + 21 * HOUR)

    assert armed(rule_code="E-2") == {("E-2", 1): nine + 48 * HOUR}
    assert Timer.objects.get(rule_code="E-2").promised == new.uuid


@pytest.mark.rule("C-10")
def test_after_the_due_time_an_extension_moves_nothing_and_the_breach_stays(cast, rules, nine):
    ticket = dispatched_ticket(cast, nine)
    late = Commitment.objects.create(ticket=ticket, kind="resolution", due_at=nine + 90 * HOUR, made_at=nine)

    say(ticket, "commitment.moved", nine + 25 * HOUR, commitment=str(late.uuid))
    fire_all(nine + 25 * HOUR)

    assert fired(rule_code="E-2") == [("E-2", 1, "paged")]


def test_an_unverified_caller_is_shown_after_thirty_minutes_and_verification_stops_it(cast, rules, nine):
    first, second = logged_ticket(cast, nine), logged_ticket(cast, nine)

    put(second, state="triage", verified_at=nine + 5 * MINUTE)
    say(second, "ticket.verified", nine + 5 * MINUTE, method="pin")
    fire_all(nine + 30 * MINUTE)

    assert fired(rule_code="U-1") == [("U-1", 1, "paged")]
    assert Clock.objects.get(kind="unverified", ticket=second).state == "stopped"
    assert Clock.objects.get(kind="unverified", ticket=first).state == "running"


def test_what_was_received_long_before_it_was_logged_is_due_when_it_is_logged(cast, rules, nine):
    ticket = logged_ticket(cast, nine, channel="email", received_at=nine - 60 * HOUR)

    timer = Timer.objects.get(clock__ticket=ticket, rule_code="E-1")
    assert (timer.due_at, timer.nominal_at) == (nine, nine - 36 * HOUR)
    fire_all(nine)
    assert ("E-1", 1, "paged") in fired()
