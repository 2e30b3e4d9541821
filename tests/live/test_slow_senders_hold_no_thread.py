"""Bodies: whole, large and refused ones; and a crowd of slow senders that must not stop the desk."""

import asyncio
import urllib.error
import urllib.request

import pytest

from tests.live.servers import OwnRedis, web_process

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def small_web(transactional_db, tmp_path):
    """Two threads, bodies up to 1 MB; Redis is not needed."""
    redis = OwnRedis(tmp_path)
    with web_process(redis.url, tmp_path, DESK_WEB_THREADS="2", DESK_MAX_BODY_MB="1") as address:
        yield address


def post(address: str, size: int) -> int:
    request = urllib.request.Request(f"{address}/livez", data=b"x" * size, method="POST")
    try:
        return urllib.request.urlopen(request, timeout=20).status
    except urllib.error.HTTPError as error:
        return error.code


def test_bodies_pass_whole_up_to_the_limit_and_not_beyond(small_web):
    assert [post(small_web, size) for size in (0, 1, 900_000)] == [200, 200, 200]
    assert post(small_web, 1_100_000) == 413


def test_twenty_slow_senders_do_not_hold_up_two_threads(small_web):
    port = int(small_web.rpartition(":")[2])

    async def run() -> bytes:
        head = f"POST /livez HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Length: 100\r\n\r\nx".encode()
        slow = [await asyncio.open_connection("127.0.0.1", port) for _n in range(20)]
        for _reader, writer in slow:
            writer.write(head)
            await writer.drain()
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(f"GET /livez HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n".encode())
        answer = await asyncio.wait_for(reader.readline(), 5)
        for _reader, writer in slow:
            writer.close()
        return answer

    assert b"200" in asyncio.run(run())
