"""What a draft changes against the version in force, over stored tickets. Kept with the version that is published."""

from datetime import datetime, timedelta
from typing import Any

from escalation.shapes import Shape
from escalation.simulator.stored import SIMULATED, compare_stored
from tickets.models import Ticket

DAYS = 90
MOST = 1_500


def compare_shapes(before: Shape | None, after: Shape, *, at: datetime) -> dict[str, Any]:
    """Return the comparison as JSON-able data, whole numbers only: the newest 1,500 tickets of 90 days at most.

    before  None = no version is in force. `days`, `simulated`: whether clocks on this subject can be run again at all.
    """
    newest = Ticket.objects.filter(received_at__lt=at).order_by("-received_at")[:MOST]
    found = compare_stored(before, after, first=at - timedelta(days=DAYS), last=at, tickets=newest)
    return found.as_dict() | {"days": DAYS, "simulated": after["subject"] in SIMULATED}
