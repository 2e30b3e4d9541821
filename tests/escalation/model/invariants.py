"""What must hold of the rows whatever happened, asked of the database itself (escalation-engine design, I1 to I15)."""

from django.db import connection

CHECKS = {
    "I4 fired timer without firing, or the other way round": """
SELECT t.id FROM esc_timer t LEFT JOIN esc_firing f ON f.timer_id = t.id
WHERE (t.state = 'fired') <> (f.timer_id IS NOT NULL)""",
    "I4 paged, and nobody to be told": """
SELECT timer_id FROM esc_firing f WHERE outcome = 'paged'
  AND NOT EXISTS (SELECT 1 FROM esc_notification n WHERE n.firing_id = f.timer_id)""",
    "I2 fired early": "SELECT timer_id FROM esc_firing WHERE fired_at < due_at",
    "I5 cancelled and fired": """
SELECT t.id FROM esc_timer t JOIN esc_firing f ON f.timer_id = t.id WHERE t.state = 'cancelled'""",
    "I6 armed on a paused clock": """
SELECT t.id FROM esc_timer t JOIN esc_clock c ON c.id = t.clock_id JOIN esc_rule r ON r.id = t.rule_id
WHERE c.state = 'paused' AND t.state = 'armed' AND r.pausable AND t.due_at >
  (SELECT max(s.from_at) FROM esc_segment s WHERE s.clock_id = c.id AND NOT s.running AND s.to_at IS NULL)""",
    "I6 held on a clock that runs": """
SELECT t.id FROM esc_timer t JOIN esc_clock c ON c.id = t.clock_id WHERE t.state = 'held' AND c.state <> 'paused'""",
    "I3 live on a stopped clock": """
SELECT t.id FROM esc_timer t JOIN esc_clock c ON c.id = t.clock_id
WHERE t.state IN ('armed', 'held') AND c.state = 'stopped'""",
    "I9 nobody and no alarm": """
SELECT timer_id FROM esc_firing f WHERE outcome = 'no_recipient'
  AND NOT EXISTS (SELECT 1 FROM esc_alarm a WHERE a.timer_id = f.timer_id)""",
    "I13 a timer that could not fire": "SELECT id FROM esc_timer WHERE attempts > 0",
    "I15 segments do not sum to what is accrued": """
SELECT c.id FROM esc_clock c WHERE c.accrued_us <>
  (SELECT COALESCE(sum(s.counted_us), 0) FROM esc_segment s WHERE s.clock_id = c.id AND s.running)""",
    "I15 segments overlap or leave a hole": """
SELECT s.id FROM (SELECT id, from_at, lag(to_at) OVER w AS before, lag(id) OVER w AS earlier
  FROM esc_segment WINDOW w AS (PARTITION BY clock_id ORDER BY seq)) s
WHERE s.earlier IS NOT NULL AND (s.before IS NULL OR s.from_at < s.before)""",
}
_ALL = " UNION ALL ".join(
    f"(SELECT '{name}', x.* FROM ({query.strip()} LIMIT 1) x)" for name, query in CHECKS.items()
)  # fmt: skip


def broken() -> list[tuple[str, int]]:
    """Return which invariant does not hold, each with one row it does not hold of. 1 query."""
    with connection.cursor() as cursor:
        cursor.execute(_ALL)
        return list(cursor.fetchall())
