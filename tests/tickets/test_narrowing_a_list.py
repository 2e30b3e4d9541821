"""A list is narrowed by every dimension work is seen by (A-01): several values mean any, several filters mean all."""

from datetime import time, timedelta

import pytest

from ledger.ids import uuid7
from tests.short import some
from tickets.models import Ticket
from tickets.queries import queue
from tickets.queue_filters import Hours

pytestmark = [pytest.mark.django_db, pytest.mark.rule("A-01")]


@pytest.fixture
def listed(cast, nine):
    """Return a function: filters → the numbers' last digits of what Cy sees; five tickets that differ in everything."""
    common = {"channel": "call", "state": "l1", "tier": "l1", "verified_at": nine, "received_at": nine}
    rows = [
        {"organisation": cast.northgate, "team": cast.l1, "owner": cast.bo, "priority": "P1", "critical": True,
         "category": "cloud", "tags": ["vip", "move"], "next_due_at": nine - timedelta(minutes=1), "signed_at": nine},
        {"organisation": cast.other, "team": cast.l2, "kind": "billing", "channel": "email", "tags": ["vip"],
         "next_due_at": nine + timedelta(minutes=10), "impact": "high", "service": cast.other_service},
        {"organisation": cast.northgate, "team": cast.l1, "urgent": True, "scope": "network", "owner": cast.cy,
         "next_due_at": nine + timedelta(hours=3), "last_public_at": nine - timedelta(minutes=5)},
        {"organisation": cast.other, "team": cast.l2, "state": "l2", "tier": "l2", "run_no": 2, "urgency": "low",
         "next_due_at": nine + timedelta(days=3), "received_at": nine - timedelta(hours=12)},
        {"organisation": None, "team": None, "state": "intake", "tier": "", "prospect": True, "verified_at": None},
    ]  # fmt: skip
    made = Ticket.objects.bulk_create(
        Ticket(number=f"SD-91000{n}", uuid=uuid7(), title=f"Ticket {n}", **(common | row)) for n, row in enumerate(rows)
    )
    made[2].watchers.add(cast.cy)

    def seen(**filters) -> str:
        page = queue(cast.cy_actor, view="all", filters=filters, at=nine)
        return "".join(sorted(row.number[-1] for row in page.rows))

    return seen


CASES = [
    ({"priority": ["P1"]}, "0"), ({"kind": ["billing", "request"]}, "1"), ({"channel": ["email"]}, "1"),
    ({"category": ["cloud"]}, "0"), ({"state": ["l2", "intake"]}, "34"), ({"state": ["closed"]}, ""),
    ({"tier": ["l2"]}, "3"), ({"scope": ["network"]}, "2"), ({"impact": ["high"]}, "1"), ({"urgency": ["low"]}, "3"),
    ({"segment": ["premium"]}, "02"), ({"region": ["au", "eu"]}, "0123"), ({"service_category": ["enterprise"]}, "13"),
    ({"language": ["en"]}, "0123"), ({"team": ["none"]}, "4"), ({"owner": ["me"]}, "2"), ({"owner": ["none"]}, "134"),
    ({"owner": ["me", "none"]}, "1234"), ({"tag": ["vip"]}, "01"), ({"tag": ["move", "other"]}, "0"),
    ({"due": ["overdue"]}, "0"), ({"due": ["soon"]}, "1"), ({"due": ["today"]}, "12"), ({"due": ["later"]}, "3"),
    ({"due": ["none", "overdue"]}, "04"), ({"mark": ["critical"]}, "0"), ({"mark": ["urgent"]}, "2"),
    ({"mark": ["unsigned"]}, "123"), ({"mark": ["watched"]}, "2"), ({"mark": ["production"]}, "02"),
    ({"mark": ["prospect"]}, "4"), ({"mark": ["reopened"]}, "3"), ({"mark": ["critical", "urgent"]}, ""),
    ({"mark": ["escalated"]}, ""), ({"mark": ["restricted"]}, ""), ({"quiet": "4"}, "23"), ({"quiet": "10"}, "3"),
    ({"service": "epl-3027"}, "1"), ({"q": "ticket 3"}, "3"), ({"q": "sd-910001"}, "1"), ({"unknown": "x"}, "01234"),
    ({"priority": ["P1"], "segment": ["general"]}, ""), ({"priority": [], "kind": ""}, "01234"),
]  # fmt: skip


@pytest.mark.parametrize(("filters", "expected"), some(CASES, __name__, 43))
def test_a_list_is_narrowed_by(listed, filters, expected):
    assert listed(**filters) == expected


def test_people_teams_customers_and_instants_narrow_by_their_own_names(listed, cast, nine):
    assert listed(owner=[str(cast.bo.uuid)]) == "0"
    assert listed(team=[str(cast.l2.uuid), "none"]) == "134"
    assert listed(organisation=cast.other.uuid) == "13"
    assert listed(received_from=nine) == "0124"
    assert listed(received_before=nine) == "3"


def test_a_shift_is_its_wall_hours_wherever_it_is_and_over_midnight_too(listed, nine):
    day, night = Hours("UTC", time(8), time(20)), Hours("UTC", time(20), time(8))
    assert nine.hour == 9
    assert (listed(shift=[day]), listed(shift=[night]), listed(shift=[day, night])) == ("0124", "3", "01234")
    assert listed(shift=[Hours("Asia/Tokyo", time(17), time(19))]) == "0124"  # nine in London is six in the evening
