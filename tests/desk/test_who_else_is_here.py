"""Two at one ticket see each other, and who writes; Redis away costs nothing but that."""

import pytest
from django.core.cache import cache
from django.urls import reverse

from servicedesk.desk import presence
from servicedesk.web import cache as forgiving


@pytest.fixture
def ticket(path, now):
    found = path.to("l1")
    now()
    return found


def at(client, ticket, act: str = "") -> str:
    return client.post(reverse("desk:ticket-here", args=[ticket.number]), {"act": act}).content.decode()


def test_two_see_each_other_and_who_writes_and_nobody_sees_oneself(bo, agent_of, cast, ticket):
    sam = agent_of(cast.sam)

    assert cast.bo.name not in at(bo, ticket)
    assert f"{cast.bo.name} is here" in at(sam, ticket, "write")
    assert f"{cast.sam.name} writes" in at(bo, ticket)


def test_whoever_left_or_fell_silent_is_gone(bo, agent_of, cast, ticket, monkeypatch):
    sam = agent_of(cast.sam)
    at(sam, ticket)
    at(sam, ticket, "leave")
    assert cast.sam.name not in at(bo, ticket)

    at(sam, ticket)
    monkeypatch.setattr(presence, "GONE_S", 0)
    assert cast.sam.name not in at(bo, ticket)


def test_who_may_not_see_the_ticket_learns_of_nobody_there(bo, agent_of, cast, ticket):
    type(ticket).objects.filter(pk=ticket.pk).update(restricted=True, owner=cast.bo)
    at(bo, ticket)

    answer = agent_of(cast.sam).post(reverse("desk:ticket-here", args=[ticket.number]))

    assert answer.status_code == 404 and cast.bo.name not in answer.content.decode()


def test_without_redis_one_is_alone_and_works_on(bo, ticket, cast, monkeypatch):
    def away(*_args, **_kwargs):
        raise ConnectionError

    monkeypatch.setattr(forgiving, "_open_until", 0.0)
    monkeypatch.setattr(type(cache._cache), "get_client", away)

    assert at(bo, ticket).strip() == ""
    assert bo.get(reverse("desk:ticket", args=[ticket.number])).status_code == 200
