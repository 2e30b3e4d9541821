"""The storm in one raw SQL statement: claim, firings, their marks, next occurrences, notifications. Nothing decided.

The limit of what firing can be on this schema: no Python, no recipients to look up, one plan, one commit.
"""

import time
from dataclasses import dataclass

from django.db import connection

from bench.processors import backend_s

_ALL = """
WITH due AS MATERIALIZED (
  SELECT id FROM esc_timer WHERE state = 'armed' AND wake_at <= now() ORDER BY wake_at, id FOR UPDATE SKIP LOCKED
), taken AS (
  UPDATE esc_timer t SET state = 'fired' FROM due WHERE t.id = due.id RETURNING t.*
), fired AS (
  INSERT INTO esc_firing (timer_id, uuid, clock_id, rule_id, rule_code, occurrence, due_at, fired_at, outcome, cause,
    engine_id, collapsed)
  SELECT id, gen_random_uuid(), clock_id, rule_id, rule_code, occurrence, due_at, clock_timestamp(), 'paged', 'due',
    'floor', 0 FROM taken RETURNING timer_id, clock_id
), marked AS (
  INSERT INTO esc_unsealed (firing_id) SELECT timer_id FROM fired
), following AS (
  INSERT INTO esc_timer (clock_id, rule_id, rule_code, occurrence, state, at_us, nominal_at, due_at, wake_at, attempts,
    last_error, cancel_reason)
  SELECT clock_id, rule_id, rule_code, occurrence + 1, 'armed', at_us * 2, nominal_at + interval '1 day',
    due_at + interval '1 day', wake_at + interval '1 day', 0, '', '' FROM taken
), told AS (
  INSERT INTO esc_notification (uuid, firing_id, ticket_id, role, why, user_id, address, channel, kind, idem_key,
    severity, state, created_at, next_at, attempts, last_error)
  SELECT gen_random_uuid(), f.timer_id, c.ticket_id, 'supervisor', 'rotation', t.owner_id, '', w.channel, 'page',
    gen_random_uuid(), 2, 'pending', now(), now(), 0, ''
  FROM fired f JOIN esc_clock c ON c.id = f.clock_id JOIN tickets_ticket t ON t.id = c.ticket_id,
    unnest(%s::text[]) w(channel)
)
SELECT count(*) FROM fired
"""
CHANNELS = ("web", "email", "chat")


@dataclass(frozen=True, slots=True)
class Floor:
    """What the raw statement took. processor_s: of its server process; None = the server is on another machine."""

    fired: int
    seconds: float
    processor_s: float | None


def fire_raw() -> Floor:
    """Fire all that is due with three notifications a firing, in one statement and one commit."""
    before, began = backend_s(), time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute(_ALL, [list(CHANNELS)])
        fired = cursor.fetchone()[0]
    seconds, after = time.perf_counter() - began, backend_s()
    used = after - before if after is not None and before is not None else None
    return Floor(fired, seconds, used)
