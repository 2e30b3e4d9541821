"""What must hold of the rows whatever happened, asked of the database itself (escalation-engine design, I1 to I15).

Not here: I7 and I8 (tests/escalation/model/delivering.py), I10 and I12 (the auditor has the due time of every
occurrence), and I16 (test_model_of_trouble.py), which are about more than one moment.
"""

from django.db import connection

CHECKS = {
    "I1 an occurrence fired twice": """
SELECT min(timer_id) FROM esc_firing GROUP BY clock_id, rule_code, occurrence HAVING count(*) > 1""",
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
    "I3 due before what cancelled it": """
SELECT id FROM esc_timer WHERE state = 'cancelled' AND due_at <= cancelled_at AND cancel_reason <> 'past_skipped'""",
    "I9 nobody and no alarm": """
SELECT timer_id FROM esc_firing f WHERE outcome = 'no_recipient'
  AND NOT EXISTS (SELECT 1 FROM esc_alarm a WHERE a.timer_id = f.timer_id)""",
    "I11 waits by a rule of another version": """
SELECT t.id FROM esc_timer t JOIN esc_clock c ON c.id = t.clock_id JOIN esc_rule r ON r.id = t.rule_id
WHERE t.state IN ('armed', 'held') AND r.version_id <> c.version_id""",
    "I13 a timer that could not fire": "SELECT id FROM esc_timer WHERE attempts > 0",
    "I14 paused, and no two others approved": """
SELECT s.id FROM esc_segment s JOIN esc_clock c ON c.id = s.clock_id
WHERE NOT s.running AND s.why = 'suspended' AND NOT EXISTS (SELECT 1 FROM tickets_suspension p
  WHERE p.ticket_id = c.ticket_id AND p.approved_at <= s.from_at AND COALESCE(s.suspension_id, p.id) = p.id
    AND 2 <= (SELECT count(*) FROM tickets_suspensionapproval a
              WHERE a.suspension_id = p.id AND a.approved AND a.person_id <> p.requested_by_id))""",
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


def broken() -> list[tuple]:
    """Return which invariant does not hold, each with one row it does not hold of. 1 query."""
    with connection.cursor() as cursor:
        cursor.execute(_ALL)
        return list(cursor.fetchall())
