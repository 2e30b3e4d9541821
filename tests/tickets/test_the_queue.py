"""The queue: earliest deadline first, paged by key, narrowed by what work is seen by (A-01), within its budget."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ledger.ids import uuid7
from tests.refusals import refused
from tickets.models import Ticket
from tickets.queries import counts, queue, view_counts
from tickets.queries_queue import COUNTED

pytestmark = pytest.mark.django_db


@pytest.fixture
def many(cast, nine):
    """Twelve open tickets in L1, every third without a deadline, two with the same one; one closed."""
    rows = []
    for n in range(12):
        due = None if n % 3 == 0 else nine + timedelta(minutes=100 - 10 * (n // 2))
        rows.append(
            Ticket(
                number=f"SD-9{n:05d}", uuid=uuid7(), title=f"Ticket {n}", channel="call", state="l1", tier="l1",
                team=cast.l1 if n % 2 else cast.l2, organisation=cast.northgate if n % 4 else cast.other,
                priority="P1" if n == 5 else "P3", verified_at=nine, received_at=nine, next_due_at=due,
            )
        )  # fmt: skip
    rows.append(
        Ticket(number="SD-990099", title="Old", channel="call", state="closed", closed_at=nine, verified_at=nine,
               received_at=nine, organisation=cast.northgate)
    )  # fmt: skip
    return Ticket.objects.bulk_create(rows)


def test_pages_follow_each_other_without_gap_or_repeat_earliest_deadline_first(cast, many):
    seen, after = [], ""
    for _page in range(10):
        page = queue(cast.cy_actor, view="all", after=after, limit=5)
        seen += page.rows
        after = page.after
        if not after:
            break
    assert len(seen) == len({row.number for row in seen}) == 12
    due = [row.next_due_at for row in seen if row.next_due_at]
    assert due == sorted(due) and all(row.next_due_at is None for row in seen[len(due) :])


def test_a_page_costs_at_most_two_queries_whatever_it_shows(cast, many):
    actor = cast.cy_actor
    with CaptureQueriesContext(connection) as told:
        queue(actor, view="all", filters={"region": "au"}, limit=50)
    assert len(told) <= 2


@pytest.mark.rule("A-01")
@pytest.mark.parametrize(
    ("filters", "expected"),
    [({"state": "l1"}, 12), ({"state": "l2"}, 0), ({"priority": "P1"}, 1), ({"region": "au"}, 9),
     ({"segment": "premium"}, 9), ({"kind": "fault"}, 12), ({"q": "ticket 1"}, 3), ({"q": "sd-900005"}, 1)],
)  # fmt: skip
def test_the_queue_is_narrowed_by(cast, many, filters, expected):
    assert len(queue(cast.cy_actor, view="all", filters=filters).rows) == expected


def test_the_queue_is_narrowed_to_a_team_and_to_a_customer(cast, many):
    assert len(queue(cast.cy_actor, view="all", filters={"team": cast.l1}).rows) == 6
    assert len(queue(cast.cy_actor, view="all", filters={"organisation": cast.other.uuid}).rows) == 3


@pytest.mark.parametrize("after", ["@@@", "eA", "W10", "WyIiLCAiU0QtMSJd", "eyJhIjogMX0"])
def test_a_page_that_nobody_named_is_refused_in_words(cast, many, after):
    with refused("bad_cursor"):
        queue(cast.cy_actor, after=after)


def test_a_view_that_is_none_is_refused_in_words(cast):
    with refused("bad_view"):
        queue(cast.cy_actor, view="theirs")


def test_views_are_own_and_team_work(cast, many):
    Ticket.objects.filter(number="SD-900003").update(owner=cast.bo)
    assert [row.number for row in queue(cast.bo_actor, view="mine").rows] == ["SD-900003"]
    assert len(queue(cast.bo_actor, view="teams").rows) == 6
    assert counts(cast.bo_actor) == {"queue": 6, "my_tickets": 1}
    assert counts(cast.ada_actor) == {}


def test_every_view_holds_as_many_as_it_says(cast, many):
    Ticket.objects.filter(number="SD-900003").update(owner=cast.bo)
    said = view_counts(cast.bo_actor)
    assert said == {view: len(queue(cast.bo_actor, view=view).rows) for view in COUNTED}
    assert said["all"] == 12 and said["mine"] == 1


def test_a_customer_sees_its_own_organisation_only(cast, many):
    assert {row.organisation for row in queue(cast.ada_actor, view="all").rows} == {"Northgate Health Alliance"}
