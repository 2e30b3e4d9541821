"""300 parallel requests through the shipped server: no error, and no more connections than threads."""

import asyncio

import pytest

from tests.factories.cast import make_cast
from tests.live.servers import connections_of

THREADS, LIVE_THREADS = 8, 4


async def fetch(port: int, cookie: str, path: str) -> int:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: {cookie}\r\nConnection: close\r\n\r\n"
    writer.write(request.encode())
    head = await asyncio.wait_for(reader.readline(), 60)
    await reader.read()
    writer.close()
    return int(head.split()[1])


def test_300_parallel_requests_meet_no_error_and_a_bounded_number_of_connections(web, sign_in):
    cookie, port = sign_in(make_cast().bo), int(web.rpartition(":")[2])

    async def storm() -> list[int]:
        return await asyncio.gather(*(fetch(port, cookie, "/accounts/sessions/") for _n in range(300)))

    statuses = asyncio.run(storm())

    assert statuses == [200] * 300
    assert 1 <= connections_of() <= THREADS + LIVE_THREADS


def test_a_second_round_reuses_the_connections_of_the_first(web, sign_in):
    cookie, port = sign_in(make_cast().bo), int(web.rpartition(":")[2])

    async def storm(times: int) -> list[int]:
        return await asyncio.gather(*(fetch(port, cookie, "/accounts/sessions/") for _n in range(times)))

    asyncio.run(storm(40))
    first = connections_of()
    asyncio.run(storm(40))

    assert connections_of() <= max(first, THREADS)
    assert first <= THREADS


@pytest.mark.parametrize("path", ["/livez?q=%ff%fe", "/livez?q=a[]=b", "/api/v1/events/?topics=a"])
def test_odd_queries_and_strangers_get_an_answer_never_a_broken_line(web, path):
    status = asyncio.run(fetch(int(web.rpartition(":")[2]), "", path))
    assert status == (401 if "events" in path else 200)
