"""The storm in raw SQL: the same rows, written by four statements a batch, nothing decided. The floor of firing."""

import time

from django.db import connection, transaction

BATCH = 500
_STEPS = (
    """CREATE TEMP TABLE taken ON COMMIT DROP AS WITH due AS MATERIALIZED (
         SELECT id FROM esc_timer WHERE state = 'armed' AND wake_at <= now() ORDER BY wake_at, id LIMIT %(n)s
         FOR UPDATE SKIP LOCKED)
       , fired AS (UPDATE esc_timer t SET state = 'fired' FROM due WHERE t.id = due.id RETURNING t.*)
       SELECT * FROM fired""",
    """INSERT INTO esc_firing (timer_id, uuid, clock_id, rule_id, rule_code, occurrence, due_at, fired_at, outcome,
         cause, engine_id, collapsed)
       SELECT id, gen_random_uuid(), clock_id, rule_id, rule_code, occurrence, due_at, now(), 'paged',
         'due', 'floor', 0 FROM taken""",
    "INSERT INTO esc_unsealed (firing_id) SELECT id FROM taken",
    """INSERT INTO esc_timer (clock_id, rule_id, rule_code, occurrence, state, at_us, nominal_at, due_at, wake_at,
         attempts, last_error, cancel_reason) SELECT clock_id, rule_id, rule_code, occurrence + 1, 'armed', at_us * 2,
         nominal_at + interval '1 day', due_at + interval '1 day', wake_at + interval '1 day', 0, '', '' FROM taken""",
    """INSERT INTO esc_notification (uuid, firing_id, ticket_id, role, why, user_id, address, channel, kind, idem_key,
         severity, state, created_at, next_at, attempts, last_error)
       SELECT gen_random_uuid(), t.id, c.ticket_id, 'owner', '', u.id, '', w.channel, 'page', gen_random_uuid(), 2,
         'pending', now(), now(), 0, '' FROM taken t JOIN esc_clock c ON c.id = t.clock_id,
         (SELECT id FROM accounts_user ORDER BY id LIMIT %(people)s) u, (VALUES ('email'), ('web')) w(channel)""",
)


def fire_raw(people: int) -> tuple[int, float]:
    """Fire all that is due with two pages for each of `people` a firing; return (firings, seconds)."""
    began, total = time.perf_counter(), 0
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            for step in _STEPS:
                cursor.execute(step, {"n": BATCH, "people": people})
                if step is _STEPS[0]:
                    cursor.execute("SELECT count(*) FROM taken")
                    taken = cursor.fetchone()[0]
        if not taken:
            return total, time.perf_counter() - began
        total += taken
