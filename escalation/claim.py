"""Claim due timers: SKIP LOCKED batches on the one index, the row alone decides every race (claim protocol)."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import NamedTuple

from django.db import connection, transaction

BACKOFF_S = (5, 15, 30, 60)

_CLAIM = """
WITH clock AS MATERIALIZED (SELECT COALESCE(%(at)s, desk_now()) AS now), due AS MATERIALIZED (
  SELECT id FROM esc_timer WHERE state = 'armed' AND wake_at <= (SELECT now FROM clock)
  ORDER BY wake_at, id LIMIT %(limit)s FOR UPDATE SKIP LOCKED
)
UPDATE esc_timer t SET state = 'fired' FROM due WHERE t.id = due.id
RETURNING t.id, t.clock_id, t.rule_id, t.occurrence, t.at_us, t.nominal_at, t.due_at, t.attempts,
          (SELECT now FROM clock)
"""
_LOOK = """
SELECT desk_now(), clock_timestamp(),
  (SELECT wake_at FROM esc_timer WHERE state = 'armed' ORDER BY wake_at LIMIT 1)
"""
_PUSH = """
UPDATE esc_timer SET state = 'armed', attempts = attempts + 1, last_error = %(error)s,
  wake_at = COALESCE(%(at)s, desk_now()) + make_interval(secs => %(wait)s)
WHERE id = %(id)s
"""
_LIMITS = (
    "SET LOCAL idle_in_transaction_session_timeout = '2s'; SET LOCAL lock_timeout = '1s';"
    "SET LOCAL statement_timeout = '5s'"
)


class Claimed(NamedTuple):
    """One timer taken by this transaction."""

    id: int
    clock_id: int
    rule_id: int
    occurrence: int
    at_us: int
    nominal_at: datetime
    due_at: datetime
    attempts: int
    now: datetime


class Look(NamedTuple):
    """One look at the database. now: desk time, what decides. server: its own clock. wake_at None = nothing armed."""

    now: datetime
    server: datetime
    wake_at: datetime | None

    @property
    def due(self) -> bool:
        """Whether a timer is due."""
        return self.wake_at is not None and self.wake_at <= self.now


def look() -> Look:
    """Return the time and the earliest armed timer's. 1 query, one index probe; what an idle engine does."""
    with connection.cursor() as cursor:
        cursor.execute(_LOOK)
        return Look._make(cursor.fetchone())


def claim(at: datetime | None, limit: int) -> list[Claimed]:
    """Take up to `limit` due timers, earliest first. `at` None = the database's clock decides (I2)."""
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, {"at": at, "limit": limit})
        rows = [Claimed._make(row) for row in cursor.fetchall()]
    return sorted(rows, key=lambda row: (row.due_at, row.id))


def push_back(timer: Claimed, *, at: datetime | None, error: str) -> None:
    """Put a timer that raised back: tried again after 5, 15, 30, then every 60 s; `due_at` never moves."""
    wait = BACKOFF_S[min(timer.attempts, len(BACKOFF_S) - 1)]
    with connection.cursor() as cursor:
        cursor.execute(_PUSH, {"id": timer.id, "at": at, "wait": wait, "error": error[:2000]})


def limit_this_transaction() -> None:
    """Set the engine's timeouts for this transaction: a frozen engine lets go of its rows in 2 s (rule c)."""
    with connection.cursor() as cursor:
        cursor.execute(_LIMITS)


@contextmanager
def short_transaction() -> Iterator[None]:
    """A transaction of the engine's own: it holds nobody for more than 2 s, whatever becomes of the process (rule c).

    Within another transaction it is a savepoint, and the limits are that one's.
    """
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost:
            limit_this_transaction()
        yield
