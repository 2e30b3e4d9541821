"""How many questions a page asks the database, warm: budgets that hold however much stands on it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from servicedesk.web import shell_facts
from tests.desk.test_a_call_at_the_door import TRIAGE, said
from tests.desk.test_what_stands_around_a_call import call, proved  # noqa: F401 (fixtures)
from tickets.models import RoutingRule


@pytest.fixture(autouse=True)
def _kept_as_long_as_the_test_takes(monkeypatch):
    """The frame's facts are kept ten seconds; a slow machine must not turn a warm page into a cold one."""
    monkeypatch.setattr(shell_facts, "KEEP_SECONDS", 600)


MOST = 15  # three of them are the session, the user, and what the user may do
BUDGETS = {"queue": 15, "my-tickets": 15, "my-day": 15, "inbox": 15, "customers": 15, "search": 15,
           "queue-filters": 15, "queue-layout": 15, "queue-keep": 15}  # fmt: skip


@pytest.mark.parametrize("name", BUDGETS)
def test_a_list_stays_within_its_budget(bo, path, now, name, django_assert_max_num_queries):
    for _ in range(3):
        path.to("l1")
    now()
    address = reverse(f"desk:{name}") + ("?q=Line" if name == "search" else "")
    bo.get(address)

    with django_assert_max_num_queries(BUDGETS[name]):
        assert bo.get(address).status_code == 200


def test_a_ticket_asks_the_same_however_much_happened_to_it(bo, path, now):
    ticket, _pause = path.asked_to_suspend()
    now()
    address = reverse("desk:ticket", args=[ticket.number])
    bo.get(address)

    assert asked(lambda: bo.get(address)) <= MOST


def asked(get) -> int:
    """Questions of a page; only a demonstration asks for its clock."""
    with CaptureQueriesContext(connection) as seen:
        assert get().status_code == 200
    return sum("ledger_democlock" not in query["sql"] for query in seen)


@pytest.mark.parametrize("act", ["", "keep", "follow"])
def test_a_call_verified_and_triaged_asks_no_more_than_any_page(bo, proved, cast, act):  # noqa: F811
    RoutingRule.objects.create(position=10, category="network_interruption", tier="l1", team=cast.l1)
    typed = said(cast, act="follow", service=str(cast.service.uuid), **TRIAGE)
    bo.post(proved, typed, headers={"HX-Request": "true"})
    bo.get(proved)

    if act:
        count = asked(lambda: bo.post(proved, typed | {"act": act}, headers={"HX-Request": "true"}))
    else:
        count = asked(lambda: bo.get(proved))
    assert count <= MOST


def test_a_late_page_of_a_narrowed_and_grouped_queue_asks_no_more(
    bo, path, now, monkeypatch, django_assert_max_num_queries
):
    monkeypatch.setattr("servicedesk.desk.views.queue.PER_PAGE", 1)
    for _ in range(3):
        path.to("l1")
    now()
    address = reverse("desk:queue") + "?view=all&group=team&priority=P3&organisation=" + str(path.cast.northgate.uuid)
    late = f"{address}&after={bo.get(address).context['page'].after}"
    bo.get(late)

    with django_assert_max_num_queries(15):
        assert bo.get(late).status_code == 200


def test_a_preview_asks_the_same_however_much_happened(bo, path, now, django_assert_max_num_queries):
    ticket, _pause = path.asked_to_suspend()
    now()
    address = reverse("desk:ticket-preview", args=[ticket.number])
    bo.get(address)

    with django_assert_max_num_queries(15):
        assert bo.get(address, headers={"HX-Request": "true"}).status_code == 200
