"""The ticket's earliest armed timer, kept on the ticket for the queue. Never written inside a firing (rule a)."""

from datetime import datetime

from django.db import connection

from escalation.models import Timer
from tickets.models import Ticket

_REFRESH = """
UPDATE tickets_ticket t SET next_due_at = n.due_at, next_due_code = COALESCE(n.rule_code, '')
FROM unnest(%s::bigint[]) AS wanted(id) LEFT JOIN LATERAL (
  SELECT m.due_at, m.rule_code FROM esc_clock c JOIN esc_timer m ON m.clock_id = c.id
  WHERE c.ticket_id = wanted.id AND m.state = 'armed' ORDER BY m.due_at, m.id LIMIT 1
) n ON true
WHERE t.id = wanted.id AND (t.next_due_at, t.next_due_code) IS DISTINCT FROM (n.due_at, COALESCE(n.rule_code, ''))
"""


def refresh_many(ticket_ids: list[int]) -> None:
    """Keep the next due time of many locked tickets. 1 statement."""
    with connection.cursor() as cursor:
        cursor.execute(_REFRESH, [ticket_ids])


def refresh_next_due(ticket_id: int) -> tuple[datetime | None, str]:
    """Write the earliest armed due time and its rule to the ticket, and return them. The caller holds its lock."""
    armed = Timer.objects.filter(clock__ticket_id=ticket_id, state=Timer.State.ARMED).order_by("due_at", "pk")
    due_at, code = armed.values_list("due_at", "rule_code").first() or (None, "")
    Ticket.objects.filter(pk=ticket_id).exclude(next_due_at=due_at, next_due_code=code).update(
        next_due_at=due_at, next_due_code=code
    )
    return due_at, code
