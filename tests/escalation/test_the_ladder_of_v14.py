import pytest

from escalation.commands.fire import fire_all
from escalation.models import Clock, Notification
from tests.factories.clocks import MINUTE, armed, dispatched_ticket, fired, logged_ticket, put, say

LADDER = {"rule_code__startswith": "M-"}
STEPS = {("M-1", 1): 15, ("M-2", 1): 30, ("M-3", 1): 45, ("M-4", 1): 60, ("M-5", 1): 90}


def due_from(at):
    return {key: at + minutes * MINUTE for key, minutes in STEPS.items()}


@pytest.mark.rule("V-14")
def test_a_p1_ticket_walks_the_customers_own_ladder_rung_by_rung(cast, rules, nine):
    logged_ticket(cast, nine, priority="P1")
    assert armed(**LADDER) == due_from(nine)

    for minutes in range(0, 100, 5):
        fire_all(nine + minutes * MINUTE)

    assert fired(**LADDER) == [(f"M-{n}", 1, "paged") for n in (1, 2, 3, 4, 5)]
    told = Notification.objects.filter(firing__rule_code__startswith="M-", channel="email")
    assert list(told.order_by("firing__due_at").values_list("firing__rule_code", "user__name")) == [
        ("M-1", "Daniel Hartley"), ("M-2", "Sena Dlamini"), ("M-3", "Tara Moss"), ("M-4", "Rui Gomes"),
        ("M-5", "Eve Stone"),
    ]  # fmt: skip


@pytest.mark.rule("V-14")
def test_it_counts_from_receipt_at_any_hour_and_only_the_solution_ends_it(cast, rules, nine):
    sunday_night = nine.replace(day=14, hour=2)
    ticket = logged_ticket(cast, sunday_night + 10 * MINUTE, priority="P2", received_at=sunday_night)
    assert armed(**LADDER) == due_from(sunday_night)

    say(ticket, "ticket.signed_for", sunday_night + 16 * MINUTE)
    assert len(armed(**LADDER)) == 5
    say(ticket, "ticket.resolved", sunday_night + 20 * MINUTE)

    assert armed(**LADDER) == {}


@pytest.mark.rule("V-14")
def test_a_ticket_raised_to_p2_climbs_from_that_instant_and_one_lowered_climbs_no_more(cast, rules, nine):
    ticket = dispatched_ticket(cast, nine, priority="P3")
    assert armed(**LADDER) == {}

    put(ticket, priority="P2")
    raised = nine + 40 * MINUTE
    say(ticket, "ticket.reprioritised", raised, before="P3", after="P2")
    assert armed(**LADDER) == due_from(raised)
    fire_all(raised + 15 * MINUTE)

    put(ticket, priority="P4")
    say(ticket, "ticket.reprioritised", raised + 20 * MINUTE, before="P2", after="P4")

    assert armed(**LADDER) == {}
    assert fired(**LADDER) == [("M-1", 1, "paged")]
    assert Clock.objects.get(kind="management_ladder").stop_reason == "no_longer_applies"


@pytest.mark.rule("V-14")
def test_a_rung_nobody_holds_is_passed_to_the_duty_manager_and_says_so(cast, rules, nine):
    logged_ticket(cast, nine, priority="P1", organisation=cast.other)

    fire_all(nine + 15 * MINUTE)

    told = Notification.objects.get(firing__rule_code="M-1", channel="email")
    assert (told.role, told.user, told.why) == ("account_manager", cast.mo, "fallback")
