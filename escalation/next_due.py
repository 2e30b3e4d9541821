"""The ticket's earliest armed timer, kept on the ticket for the queue. Never written inside a firing (rule a)."""

from datetime import datetime

from escalation.models import Timer
from tickets.models import Ticket


def refresh_next_due(ticket_id: int) -> tuple[datetime | None, str]:
    """Write the earliest armed due time and its rule to the ticket, and return them. The caller holds its lock."""
    armed = Timer.objects.filter(clock__ticket_id=ticket_id, state=Timer.State.ARMED).order_by("due_at", "pk")
    due_at, code = armed.values_list("due_at", "rule_code").first() or (None, "")
    Ticket.objects.filter(pk=ticket_id).exclude(next_due_at=due_at, next_due_code=code).update(
        next_due_at=due_at, next_due_code=code
    )
    return due_at, code
