"""What a replayed log says of every rule: how many incidents broke it, when, and who was called."""

from collections import Counter

from django.db import connection

from tickets.replay_map import LOG_ZONE

_BROKEN = """
SELECT f.rule_code, count(DISTINCT c.ticket_id), count(*) FROM esc_firing f
JOIN esc_clock c ON c.id = f.clock_id JOIN esc_rule r ON r.id = f.rule_id
WHERE r.breach GROUP BY f.rule_code
"""
_WHEN = """
SELECT f.rule_code, EXTRACT(hour FROM f.due_at AT TIME ZONE %s)::int, count(*) FROM esc_firing f
JOIN esc_rule r ON r.id = f.rule_id WHERE r.breach GROUP BY 1, 2
"""
_WAITED = """
SELECT rule_code, count(*), count(*) FILTER (WHERE waited < interval '1 hour'),
  count(*) FILTER (WHERE waited < interval '1 day')
FROM (SELECT f.rule_code, c.ticket_id, min(f.due_at - c.started_at) AS waited FROM esc_firing f
  JOIN esc_clock c ON c.id = f.clock_id JOIN esc_rule r ON r.id = f.rule_id
  WHERE r.breach GROUP BY 1, 2) first GROUP BY 1
"""
_CALLED = """
SELECT f.rule_code, n.role, count(DISTINCT f.timer_id), count(DISTINCT n.user_id) FROM esc_notification n
JOIN esc_firing f ON f.timer_id = n.firing_id WHERE n.kind = 'page' GROUP BY 1, 2
"""


def read_findings() -> dict[str, Counter]:
    """Return the findings of the connected database as counters that add up over parts of a log.

    breached  rule → incidents; "rule firings" → firings; "rule 1 h", "rule 1 d" → incidents whose first came so soon.
    hours     "rule HH" → firings, on the log's own wall clock. called: "rule role" → firings that told somebody of it.
    """
    found = {"breached": Counter(), "hours": Counter(), "called": Counter()}
    with connection.cursor() as cursor:
        cursor.execute(_BROKEN)
        for code, incidents, firings in cursor.fetchall():
            found["breached"][code], found["breached"][f"{code} firings"] = incidents, firings
        cursor.execute(_WAITED)
        for code, _all, hour, day in cursor.fetchall():
            found["breached"][f"{code} 1 h"], found["breached"][f"{code} 1 d"] = hour, day
        cursor.execute(_WHEN, [str(LOG_ZONE)])
        for code, hour, number in cursor.fetchall():
            found["hours"][f"{code} {hour:02d}"] = number
        cursor.execute(_CALLED)
        for code, role, firings, _people in cursor.fetchall():
            found["called"][f"{code} {role}"] = firings
    return found
