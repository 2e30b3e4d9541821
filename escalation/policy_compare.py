"""What a draft changes against the version in force, over stored tickets. Kept with the version that is published."""

from datetime import datetime, timedelta
from typing import Any

from escalation.policy import matches
from escalation.promises import calendar_for, facts_of
from escalation.shapes import Shape, difference
from tickets.models import Ticket

DAYS = 90
MOST = 2000


def compare_shapes(before: Shape | None, after: Shape, *, at: datetime) -> dict[str, Any]:
    """Return the comparison as JSON-able data, without floats."""
    rows = Ticket.objects.filter(received_at__gte=at - timedelta(days=DAYS)).select_related("organisation")
    facts = [facts_of(ticket, calendar_for(ticket.organisation_id, at)) for ticket in rows[:MOST]]
    return {
        "tickets": len(facts),
        "applied_before": sum(matches(before["conditions"], one) for one in facts) if before else 0,
        "applied_after": sum(matches(after["conditions"], one) for one in facts),
        "changes": [[one.code, one.field, one.before, one.after] for one in difference(before, after)],
    }
