from datetime import timedelta

import pytest

from escalation.commands.fire import fire_all
from escalation.models import Notification
from escalation.queries import clocks_of
from tests.factories.clocks import MINUTE, armed, dispatched_ticket, fired, say

HALF_HOUR = 30 * MINUTE


def watch(until, start, step=MINUTE):
    """Look every minute, as the engine would."""
    at = start
    while at <= until:
        fire_all(at)
        at += step


@pytest.mark.rule("C-18")
def test_a_fault_nobody_signs_for_warns_at_five_minutes_and_breaches_at_ten(cast, rules, nine):
    dispatched_ticket(cast, nine)

    watch(nine + 10 * MINUTE, nine)

    assert fired() == [("T-1", 1, "paged"), ("T-1D", 1, "paged")]
    told = set(Notification.objects.values_list("firing__rule_code", "user__name"))
    assert told == {("T-1", "Cy Lindqvist"), ("T-1D", "Mo Tan")}


@pytest.mark.rule("C-18")
def test_signing_in_time_stops_both_and_the_next_dispatch_arms_them_again(cast, rules, nine):
    ticket = dispatched_ticket(cast, nine)

    say(ticket, "ticket.signed_for", nine + 4 * MINUTE, owner=str(cast.bo.uuid))
    fire_all(nine + 12 * MINUTE)
    say(ticket, "ticket.transferred", nine + 15 * MINUTE, team=str(cast.l2.uuid), dispatch_no=2)

    assert fired() == []
    assert armed(rule_code__in=["T-1", "T-1D"]) == {
        ("T-1", 2): nine + 20 * MINUTE,
        ("T-1D", 2): nine + 25 * MINUTE,
    }


@pytest.mark.rule("C-19")
def test_the_reporter_is_contacted_within_fifteen_minutes_of_the_sign_for(cast, rules, nine):
    ticket = dispatched_ticket(cast, nine)
    say(ticket, "ticket.signed_for", nine + 4 * MINUTE)
    assert armed(rule_code="T-2") == {("T-2", 1): nine + 19 * MINUTE}

    say(ticket, "ticket.contact_recorded", nine + 18 * MINUTE, outcome="reached")
    fire_all(nine + 20 * MINUTE)

    assert fired(rule_code__startswith="T-") == []


@pytest.mark.rule("C-20")
def test_progress_is_asked_for_every_thirty_minutes_and_a_note_starts_the_wait_again(cast, rules, nine):
    ticket = dispatched_ticket(cast, nine)
    say(ticket, "ticket.signed_for", nine + MINUTE)
    say(ticket, "ticket.contact_recorded", nine + 2 * MINUTE, outcome="reached")

    say(ticket, "note.added", nine + 20 * MINUTE, progress=True, public=True, author="staff")
    assert armed(rule_code="T-3") == {("T-3", 1): nine + 50 * MINUTE}
    watch(nine + 110 * MINUTE, nine)

    assert fired(rule_code__startswith="T-") == [("T-3", n, "paged") for n in (1, 2, 3)]
    assert armed(rule_code="T-3") == {("T-3", 4): nine + 140 * MINUTE}


@pytest.mark.rule("C-23")
def test_the_director_hears_at_120_minutes_and_the_deputy_general_manager_at_180(cast, rules, nine):
    ticket = dispatched_ticket(cast, nine)
    say(ticket, "ticket.signed_for", nine + MINUTE)
    say(ticket, "ticket.contact_recorded", nine + 2 * MINUTE, outcome="reached")

    watch(nine + 180 * MINUTE, nine, step=HALF_HOUR / 6)

    assert fired(rule_code__in=["T-4", "T-5"]) == [("T-4", 1, "paged"), ("T-5", 1, "paged")]
    told = Notification.objects.filter(firing__rule_code__in=["T-4", "T-5"], channel="email")
    assert set(told.values_list("firing__rule_code", "user__name", "severity")) == {
        ("T-4", "Ivan Petrov", 1),
        ("T-5", "Grace Muir", 1),
    }


@pytest.mark.rule("C-23")
def test_moves_and_disputes_keep_the_clock_and_what_passed_in_closure_fires_at_once(cast, rules, nine):
    ticket = dispatched_ticket(cast, nine)
    say(ticket, "ticket.signed_for", nine + MINUTE)
    say(ticket, "ticket.tier_changed", nine + 60 * MINUTE, team=str(cast.l2.uuid), dispatch_no=2)
    assert armed(rule_code="T-4") == {("T-4", 1): nine + 120 * MINUTE}

    say(ticket, "ticket.resolved", nine + 100 * MINUTE)
    fire_all(nine + 150 * MINUTE)
    assert fired(rule_code__in=["T-4", "T-5"]) == []
    disputed = nine + 150 * MINUTE
    say(ticket, "ticket.disputed", disputed)

    assert armed(rule_code__in=["T-4", "T-5"]) == {("T-4", 1): disputed, ("T-5", 1): nine + 180 * MINUTE}
    fire_all(disputed)
    assert fired(rule_code__in=["T-4", "T-5"]) == [("T-4", 1, "paged")]


def test_the_clocks_of_a_ticket_say_what_runs_and_why(cast, rules, nine):
    ticket = dispatched_ticket(cast, nine)
    ticket = say(ticket, "ticket.signed_for", nine + 4 * MINUTE)

    views = {view.code: view for view in clocks_of(ticket, nine + 100 * MINUTE)}

    assert views["T-1"].state == "met"
    assert views["T-2"].state == "breached"
    assert views["T-4"].state == "soon"
    assert views["T-4"].share == round(100 / 120, 4)
    assert views["T-5"].due_at == nine + timedelta(hours=3)
    assert views["T-5"].why == "Counts at any hour."
    assert views["M-1"].state == "soon"
    assert (ticket.next_due_at, ticket.next_due_code) == (nine + 15 * MINUTE, "M-1")
