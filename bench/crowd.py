"""Three hundred requests at once: errors, and how many database connections they take."""

import asyncio
import time
from collections.abc import Iterator

from asgiref.sync import sync_to_async

from bench.report import Figure, spread
from bench.rows import Desk, cookie_of
from bench.web import connections

MANY, POOL = 300, 16 + 4


async def _fetch(port: int, cookie: str, path: str, taken: list[float]) -> int:
    began = time.perf_counter()
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        head = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: {cookie}\r\nConnection: close\r\n\r\n"
        writer.write(head.encode())
        line = await asyncio.wait_for(reader.readline(), 60)
        await reader.read()
        writer.close()
    except (OSError, TimeoutError):
        return 0
    taken.append((time.perf_counter() - began) * 1000)
    return int(line.split()[1])


async def _crowd(port: int, cookie: str, taken: list[float]) -> tuple[list[int], int]:
    """Ask for the queue 300 times at once; return the statuses and the most connections seen."""
    tasks = [asyncio.create_task(_fetch(port, cookie, "/desk/", taken)) for _n in range(MANY)]
    most = 0
    while not all(task.done() for task in tasks):
        most = max(most, await sync_to_async(connections)())
        await asyncio.wait(tasks, timeout=0.2)
    return [task.result() for task in tasks], most


def measure(desk: Desk, port: int) -> Iterator[Figure]:
    """Yield errors, connections and the time of the slowest twentieth."""
    taken: list[float] = []
    statuses, most = asyncio.run(_crowd(port, cookie_of(desk.agents[0]), taken))
    bad = [status for status in statuses if status != 200]
    yield Figure(name="errors of 300 at once", value=len(bad), unit="answers", target=1, note=f"{sorted(set(bad))}")
    yield Figure(name="connections of 300 at once", value=most, unit="connections", target=POOL + 1)
    yield spread("300 at once, the queue", taken or [0.0], target=None, note="waiting included")
