"""Two transactions led through their lock points one step at a time, in any order, by advisory locks."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import combinations
from typing import Any

from django.db import connection

from tests.concurrency import Elsewhere

LEADER, MOST = 81_000, 40
FIRING = re.compile(r"FOR UPDATE SKIP LOCKED|^\s*(SAVEPOINT|RELEASE)")
COMMAND = re.compile(r"FOR (NO KEY )?UPDATE|pg_advisory_xact_lock|^\s*UPDATE")
# Its own lock timeout is for what it locks, not for how long it is made to wait here.
_WAIT = """
SELECT set_config('desk.kept', current_setting('lock_timeout'), true); SET LOCAL lock_timeout = 0;
SELECT pg_advisory_xact_lock_shared(%s, %s); SELECT set_config('lock_timeout', current_setting('desk.kept'), true)
"""


class Stepped:
    """A call on a connection of its own that waits at an advisory lock before each of its lock points.

    number  1 or 2. points: which statements are its lock points. reached: how many it has come to.
    """

    def __init__(self, number: int, call: Callable[[], Any], points: re.Pattern[str]) -> None:
        self.number, self._points = number, points
        self.reached = self._opened = 0
        self._elsewhere = Elsewhere(self._led, call)

    def _led(self, call: Callable[[], Any]) -> Any:
        with connection.execute_wrapper(self._before):
            return call()

    def _before(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if self._points.search(sql):
            with connection.connection.cursor() as raw:
                raw.execute(_WAIT, [LEADER + self.number, self.reached])
            self.reached += 1
        return execute(sql, params, many, context)

    def stands(self) -> bool:
        """Return True once it stands before a lock point; False if it waits for the other one, or is over."""
        leader = connection.connection.get_backend_pid()
        with connection.cursor() as cursor:
            while not self.is_over:
                cursor.execute("SELECT pg_blocking_pids(%s), pg_sleep(0.001)", [self._elsewhere.pid])
                if blocking := cursor.fetchone()[0]:
                    return leader in blocking
        return False

    def step(self) -> None:
        """Let it pass the lock point it stands before."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [LEADER + self.number, self._opened])
        self._opened += 1

    @property
    def is_over(self) -> bool:
        """Whether it has ended."""
        return self._elsewhere.is_over

    def result(self) -> Any:
        """What the call returned, or raise what it raised: a deadlock, a lock it waited for too long."""
        return self._elsewhere.result()


@contextmanager
def leading() -> Iterator[None]:
    """Hold every lock point of both shut, and open them all at the end, whatever happened."""
    with connection.cursor() as cursor:
        shut = "SELECT pg_advisory_lock(%s + w, n) FROM generate_series(1, 2) w, generate_series(0, %s) n"
        cursor.execute(shut, [LEADER, MOST])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock_all()")


def lead(order: str, first: Callable[[], Any], second: Callable[[], Any], points: re.Pattern[str]) -> tuple[Any, Any]:
    """Take a firing and another transaction through their lock points in `order` ("1" the firing, "2" the other) and
    return both. Who waits for the other is passed over, and goes on when it can; in the end both run out.

    points  the lock points of the other.
    """
    with leading():
        both = Stepped(1, first, FIRING), Stepped(2, second, points)
        for letter in order:
            one = both[int(letter) - 1]
            if one.stands():
                one.step()
        while not all(one.is_over for one in both):
            for one in both:
                if one.stands():
                    one.step()
    return both


def every_order(one: int, two: int) -> list[str]:
    """Every order of so many lock points of the one and of the other."""
    places = combinations(range(one + two), one)
    return ["".join("1" if place in chosen else "2" for place in range(one + two)) for chosen in map(set, places)]


def one_cut(one: int, two: int) -> tuple[list[str], list[str]]:
    """The orders in which one of both runs through without a break: at every place within the one, and of the two."""
    within = ["1" * k + "2" * two + "1" * (one - k) for k in range(1, one)]
    return within, ["2" * k + "1" * one + "2" * (two - k) for k in range(1, two)]
