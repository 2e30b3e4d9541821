"""Pages of a list: on and back in every order, stable while rows move, as cheap at the end as at the beginning."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ledger.ids import uuid7
from tests.refusals import refused
from tests.short import some
from tickets.models import Ticket
from tickets.queries import every_row, queue
from tickets.queue_order import GROUPS, ORDERS

pytestmark = pytest.mark.django_db
SORTS = [(order, group) for order in ORDERS for group in ("", *GROUPS)]


@pytest.fixture
def many(cast, nine):
    """Twenty-three open tickets: every third without a due time, some at the same instant, of mixed dimensions."""
    return Ticket.objects.bulk_create(
        Ticket(
            number=f"SD-92{n:04d}", uuid=uuid7(), title=f"Ticket {n}", channel=("call", "email", "portal")[n % 3],
            state=("l1", "l2", "intake")[n % 3], tier="l1", team=(cast.l1, cast.l2, None)[n % 3],
            owner=cast.bo if n % 4 == 0 else None, organisation=cast.northgate if n % 2 else None,
            priority=f"P{1 + n % 4}", verified_at=nine, received_at=nine - timedelta(minutes=n % 5),
            next_due_at=None if n % 3 == 0 else nine + timedelta(minutes=n // 2),
            last_public_at=nine - timedelta(minutes=n) if n % 2 else None,
        )
        for n in range(23)
    )  # fmt: skip


def walk(actor, **asked) -> list[list[str]]:
    """The numbers of every page, on to the end."""
    pages, after = [], ""
    while True:
        page = queue(actor, view="all", after=after, limit=5, **asked)
        pages.append([row.number for row in page.rows])
        if not (after := page.after):
            return pages


@pytest.mark.parametrize(("order", "group"), some(SORTS, __name__, 16))
def test_pages_join_on_and_back_without_a_gap_or_a_double(cast, many, order, group):
    actor, asked = cast.cy_actor, {"order": order, "group": group}
    on = walk(actor, **asked)
    whole = [row.number for row in queue(actor, view="all", limit=100, **asked).rows]
    assert [number for page in on for number in page] == whole and len(set(whole)) == 23

    last = queue(actor, view="all", limit=5, after=_cursor_of(actor, on, asked), **asked)
    back, before = [[row.number for row in last.rows]], last.before
    while before:
        page = queue(actor, view="all", before=before, limit=5, **asked)
        back.insert(0, [row.number for row in page.rows])
        assert page.after
        before = page.before
    assert [number for page in back for number in page] == whole


def _cursor_of(actor, pages, asked) -> str:
    """The word that leads to the last page."""
    after = ""
    for _page in pages[:-1]:
        after = queue(actor, view="all", after=after, limit=5, **asked).after
    return after


def test_a_page_goes_on_where_it_was_though_its_last_row_has_moved_away(cast, many):
    first = queue(cast.cy_actor, view="all", limit=5)
    expected = [row.number for row in queue(cast.cy_actor, view="all", limit=10).rows][5:]
    Ticket.objects.filter(number=first.rows[-1].number).update(next_due_at=None, state="cancelled")

    assert [row.number for row in queue(cast.cy_actor, view="all", after=first.after, limit=5).rows] == expected


@pytest.mark.parametrize(("order", "group"), [("due", ""), ("newest", ""), ("due", "priority")])
def test_a_late_page_is_entered_at_its_place_by_an_index(cast, many, order, group):
    """The condition is one an index can seek to, so the cost of page 1,000 is that of page 1."""
    actor, asked = cast.cy_actor, {"view": "all", "order": order, "group": group, "limit": 5}
    after = _cursor_of(actor, walk(actor, order=order, group=group)[:3], {"order": order, "group": group})
    with CaptureQueriesContext(connection) as told:
        queue(actor, after=after, **asked)
    wanted = next(q["sql"] for q in told if "LIMIT" in q["sql"] and "IN (SELECT" in q["sql"])
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off; SET LOCAL enable_sort = off")
        cursor.execute("EXPLAIN " + wanted.replace("%", "%%"), ())
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert any("Index Cond" in line and (">" in line or "<" in line) for line in plan.splitlines()), plan


def test_a_cursor_of_another_order_is_refused(cast, many):
    after = queue(cast.cy_actor, view="all", limit=5).after
    with refused("bad_cursor"):
        queue(cast.cy_actor, view="all", after=after, order="newest")
    with refused("bad_order"):
        queue(cast.cy_actor, view="all", order="owner__password")


def test_every_row_is_read_once_and_no_more_than_asked(cast, many):
    assert len({row.number for row in every_row(cast.cy_actor, most=100, view="all")}) == 23
    assert len(list(every_row(cast.cy_actor, most=7, view="all"))) == 7


def test_what_has_ended_is_a_list_of_its_own(cast, many, nine):
    Ticket.objects.filter(number__in=["SD-920001", "SD-920002"]).update(state="cancelled")

    ended = queue(cast.cy_actor, view="ended", order="newest")

    assert [row.number for row in ended.rows] == ["SD-920001", "SD-920002"]
