from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from escalation.policy import matches, wall
from escalation.policy_matched import WEEKS, Matched, matched
from escalation.promises import facts_of, zone_of
from tests.factories.clocks import MINUTE, dispatched_ticket, put
from tickets.models import Ticket

HOUR = 60 * MINUTE


@pytest.fixture
def tickets(cast, rules, nine):
    """Six tickets of two customers: P1 and P3, by day and by night, one of them long ago."""
    made = []
    for number, (priority, hours) in enumerate((("P1", 1), ("P1", 14), ("P3", 1), ("P3", 30), ("P2", 60))):
        ticket = dispatched_ticket(cast, nine - hours * HOUR)
        put(ticket, priority=priority, received_at=nine - hours * HOUR, reached_l2=number % 2 == 0,
            organisation=cast.other if number == 3 else cast.northgate)  # fmt: skip
        made.append(ticket)
    put(dispatched_ticket(cast, nine - HOUR), received_at=nine - timedelta(weeks=WEEKS, hours=1))
    return made


ASKED = (
    {}, {"priority": ["P1", "P3"]}, {"segment": ["premium"]}, {"region": ["au"], "production": True},
    {"production": False}, {"urgent": True}, {"urgent": False}, {"complex": True}, {"kind": "fault"},
    {"local_time": {"from": "18:00", "to": "06:00"}}, {"local_time": {"from": "06:00", "to": "18:00"}},
    {"weekday": [0, 1]}, {"weekday": [5, 6], "priority": "P2"}, {"service_category": ["enterprise"]},
    {"channel": ["chat"]}, {"critical": False},
)  # fmt: skip


def test_a_policy_matches_as_many_tickets_as_the_engine_says(cast, tickets, nine):
    known = Ticket.objects.filter(pk__in=[ticket.pk for ticket in tickets]).select_related("organisation")
    facts = [facts_of(one, None) | wall(one.received_at, zone_of(one.organisation)) for one in known]

    found = {str(asked): matched({"subject": "ticket", "conditions": asked}, nine) for asked in ASKED}

    assert found == {
        str(asked): Matched(matched=sum(matches(asked, one) for one in facts), cases=5) for asked in ASKED
    }  # fmt: skip
    assert {one.matched for one in found.values()} >= {0, 1, 2, 3, 4, 5}


def test_what_the_rows_cannot_tell_is_not_counted(cast, tickets, nine):
    for conditions in ({"working_day": True}, {"overdue": True}, {"team": "x"}):
        assert matched({"subject": "ticket", "conditions": conditions}, nine) is None
    assert matched({"subject": "handover", "conditions": {}}, nine) is None


def test_a_policy_that_starts_on_the_solution_matches_only_what_was_solved(cast, tickets, nine):
    put(tickets[0], resolved_at=nine)

    found = matched({"subject": "ticket", "conditions": {"starts_on": "resolved"}}, nine)

    assert found == Matched(matched=1, cases=5)


def test_every_other_kind_is_counted_in_one_question(rules, nine, django_assert_num_queries):
    said = {"local_time": {"from": "18:00", "to": "06:00"}, "weekday": [1], "region": ["au"], "production": True}

    for subject in ("escalation", "commitment", "work_item", "interaction"):
        with django_assert_num_queries(1):
            assert matched({"subject": subject, "conditions": said}, nine) == Matched(matched=0, cases=0)


def test_the_wall_is_the_customers(cast, tickets, nine):
    local = tickets[0].received_at.astimezone(ZoneInfo(cast.northgate.time_zone))
    hours = {"from": f"{local:%H:%M}", "to": f"{local + MINUTE:%H:%M}"}

    assert matched({"subject": "ticket", "conditions": {"local_time": hours}}, nine).matched == 2  # two customers, 9:00
