"""SSE: hints to those who may learn of them, to nobody else, and an end when the session ends."""

import asyncio
import json

import pytest

from servicedesk.wiring import hint
from tests.channels.parts import make_ticket
from tests.factories.cast import make_cast
from tests.live.browsers import Page
from tests.live.servers import connections_of


class Fact:
    """What `wiring.hint` reads of an entry."""

    def __init__(self, ticket, name: str, **data) -> None:
        self.chain, self.name, self.data = ticket.chain, name, data


def say(own_redis, ticket, name: str, **data) -> None:
    own_redis.client.publish("desk:hints", json.dumps(hint(Fact(ticket, name, **data), ticket)))


@pytest.fixture
def people(web):
    return make_cast()


def watch(address: str, cookies: list[str], then, **options):
    """Open one page per cookie, run `then(pages)`, close them."""

    async def run():
        pages = [await Page(address, cookie, **options).open() for cookie in cookies]
        try:
            return await then(pages)
        finally:
            for page in pages:
                await page.close()

    return asyncio.run(run())


@pytest.mark.rule("V-03")
def test_a_customer_hears_of_its_own_tickets_and_of_no_other(web, people, own_redis, sign_in):
    own, foreign = make_ticket(people), make_ticket(people, "SD-000202", organisation=people.other, reporter=people.dee)

    async def then(pages):
        ada, bo = pages
        say(own_redis, foreign, "note.added", public=True)
        say(own_redis, own, "note.added", public=False)
        say(own_redis, own, "note.added", public=True)
        await ada.until(lambda page: page.events)
        await bo.until(lambda page: "ticket:SD-000202" in page.topics_heard())
        return ada, bo

    ada, bo = watch(web, [sign_in(people.ada.user), sign_in(people.bo)], then)
    assert ada.topics_heard() == {"ticket:SD-000101", "tickets"}
    assert {"ticket:SD-000101", "ticket:SD-000202", "note.added", "queue", "board"} <= bo.topics_heard()
    assert "text/event-stream" in ada.headers and "x-accel-buffering: no" in ada.headers
    assert "cache-control: no-cache" in ada.headers


def test_a_restricted_ticket_is_heard_of_only_by_those_who_may_know_it(web, people, own_redis, sign_in):
    ticket = make_ticket(people, restricted=True, owner=people.bo)

    plain = {"chain": "ticket:SD-000999", "name": "ticket.resolved", "organisation_id": people.northgate.pk}

    async def then(pages):
        say(own_redis, ticket, "ticket.resolved")
        own_redis.client.publish("desk:hints", json.dumps(plain))
        for page in pages:
            await page.until(lambda one: "ticket:SD-000999" in one.topics_heard())
        return pages

    owner, supervisor, contact = watch(web, [sign_in(who) for who in (people.bo, people.cy, people.al.user)], then)
    assert ticket.chain in owner.topics_heard()
    assert ticket.chain not in supervisor.topics_heard() | contact.topics_heard()


def test_fifty_streams_hold_one_subscription_and_no_connection_each(web, people, own_redis, sign_in):
    ticket, cookie = make_ticket(people), sign_in(people.bo)

    async def then(pages):
        say(own_redis, ticket, "note.added", public=True)
        for page in pages:
            await page.until(lambda one: one.events)
        return own_redis.client.pubsub_numsub("desk:hints")[0][1]

    assert watch(web, [cookie] * 50, then) == 1
    assert connections_of() <= 12


def test_a_deactivated_user_loses_the_stream(web, people, sign_in):
    async def then(pages):
        await asyncio.to_thread(lambda: type(people.bo).objects.filter(pk=people.bo.pk).update(is_active=False))
        await pages[0].until(lambda page: page.closed, 10)
        return pages[0].closed

    assert watch(web, [sign_in(people.bo)], then) is True


def test_who_comes_back_is_told_what_was_missed(web, people, own_redis, sign_in):
    ticket, other, cookie = make_ticket(people), make_ticket(people, "SD-000303"), sign_in(people.bo)

    async def first(pages):
        say(own_redis, ticket, "note.added", public=True)
        await pages[0].until(lambda page: page.events)
        say(own_redis, other, "note.added", public=True)
        await pages[1].until(lambda page: other.chain in page.topics_heard())
        return pages[0].events[0][0]

    async def then(pages):
        await pages[0].until(lambda page: page.events)
        return pages[0].topics_heard()

    last = watch(web, [cookie, cookie], first)
    assert other.chain in watch(web, [cookie], then, last_id=last)
    assert watch(web, [cookie], then, last_id="long-ago", topics="board,ticket:*") == {"board", "ticket:*"}


def test_without_redis_the_page_is_told_and_asks_again_by_itself(web, people, own_redis, sign_in):
    async def then(pages):
        await asyncio.to_thread(own_redis.stop)
        await pages[0].until(lambda page: any(kind == "sse-down" for _id, kind, _data in page.events))
        await asyncio.to_thread(own_redis.start)
        await pages[0].until(lambda page: page.events[-2:-1] and page.events[-2][1] == "sse-up", 20)
        return pages[0].events[-1][1:]

    assert watch(web, [sign_in(people.bo)], then, topics="board") == ("hint", {"topics": ["board"]})
