"""A Redis that takes connections and answers nothing is worse than none: the pages must still be told."""

import asyncio
import time
import urllib.request

import pytest

from tests.factories.cast import make_cast
from tests.live.browsers import Page

pytestmark = pytest.mark.django_db(transaction=True)


def test_streams_are_told_and_pages_stay_quick_while_redis_hangs(web, own_redis, sign_in):
    cookie = sign_in(make_cast().bo)

    async def run() -> None:
        page = await Page(web, cookie, topics="queue").open()
        own_redis.hang()
        try:
            await page.until(lambda one: any(kind == "sse-down" for _id, kind, _data in one.events), 20)
        finally:
            own_redis.go_on()
        await page.until(lambda one: any(kind == "sse-up" for _id, kind, _data in one.events), 20)
        await page.close()

    asyncio.run(run())


def test_a_page_costs_at_most_the_short_timeout_while_redis_hangs(web, own_redis, sign_in):
    request = urllib.request.Request(f"{web}/accounts/sessions/", headers={"Cookie": sign_in(make_cast().bo)})
    urllib.request.urlopen(request, timeout=10).read()
    own_redis.hang()
    try:
        start = time.perf_counter()
        assert urllib.request.urlopen(request, timeout=10).status == 200
        assert time.perf_counter() - start < 1.5
    finally:
        own_redis.go_on()
