"""The ticket's earliest armed timer, kept on the ticket for the queue. Never written inside a firing (rule a)."""

from datetime import datetime

from django.db import connection

from ledger.unwatched import is_unwatched

_REFRESH = """
UPDATE tickets_ticket t SET next_due_at = n.due_at, next_due_code = COALESCE(n.rule_code, '')
FROM unnest(%s::bigint[]) AS wanted(id) LEFT JOIN LATERAL (
  SELECT m.due_at, m.rule_code FROM esc_clock c JOIN esc_timer m ON m.clock_id = c.id
  WHERE c.ticket_id = wanted.id AND m.state = 'armed' ORDER BY m.due_at, m.id LIMIT 1
) n ON true
WHERE t.id = wanted.id AND (t.next_due_at, t.next_due_code) IS DISTINCT FROM (n.due_at, COALESCE(n.rule_code, ''))
"""

_ONE = """
WITH n AS MATERIALIZED (
  SELECT m.due_at, m.rule_code FROM esc_clock c JOIN esc_timer m ON m.clock_id = c.id
  WHERE c.ticket_id = %s AND m.state = 'armed' ORDER BY m.due_at, m.id LIMIT 1
), kept AS (
  UPDATE tickets_ticket t SET next_due_at = w.due_at, next_due_code = COALESCE(w.rule_code, '')
  FROM (SELECT 1) one LEFT JOIN n w ON true
  WHERE t.id = %s AND (t.next_due_at, t.next_due_code) IS DISTINCT FROM (w.due_at, COALESCE(w.rule_code, ''))
)
SELECT due_at, rule_code FROM n
"""


def refresh_many(ticket_ids: list[int]) -> None:
    """Keep the next due time of many locked tickets. 1 statement; unwatched none: `refresh_all` follows."""
    if is_unwatched():
        return
    with connection.cursor() as cursor:
        cursor.execute(_REFRESH, [ticket_ids])


def refresh_next_due(ticket_id: int) -> tuple[datetime | None, str]:
    """Write the earliest armed due time and its rule to the ticket, and return them. The caller holds its lock.

    Unwatched: nothing is written and nothing returned; only lists are sorted by it, and `refresh_all` follows.
    """
    if is_unwatched():
        return None, ""
    with connection.cursor() as cursor:
        cursor.execute(_ONE, [ticket_id, ticket_id])
        row: tuple[datetime | None, str] | None = cursor.fetchone()
    return row or (None, "")


def refresh_all() -> None:
    """Keep the next due time of every ticket: the end of an unwatched run, alone in its database. 1 statement."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT array_agg(id) FROM tickets_ticket")
        (ticket_ids,) = cursor.fetchone()
        cursor.execute(_REFRESH, [ticket_ids or []])
