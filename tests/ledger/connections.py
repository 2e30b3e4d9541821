"""Forced races: hold rows open in this connection and act from another one (house.md, tests)."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from django.db import connection


def from_another_connection(act: Callable[[], Any]) -> Any:
    """Run `act` to its end in a thread with a connection of its own; return its result, or what it raised."""
    with beside(act) as future:
        return future.exception() or future.result()


@contextmanager
def beside(act: Callable[[], Any]) -> Iterator[Future]:
    """Start `act` in another connection and yield its future; waits for it on leaving."""

    def run() -> Any:
        try:
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        yield pool.submit(run)


def wait_until_blocked() -> None:
    """Return as soon as some session of this database waits for a lock; AssertionError after 1.8 s without."""
    with connection.cursor() as cursor:
        for _ in range(180):
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
            if cursor.fetchone()[0]:
                return
            cursor.execute("SELECT pg_sleep(0.01), pg_stat_clear_snapshot()")
    raise AssertionError("nobody waits")
