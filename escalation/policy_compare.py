"""What a draft changes against the version in force, over stored tickets. Kept with the version that is published."""

from datetime import datetime, timedelta
from typing import Any

from escalation.models import Escalation
from escalation.shapes import Shape
from escalation.simulator.compare import Comparison
from escalation.simulator.history import between
from escalation.simulator.off_tickets import how_many_beside
from escalation.simulator.stored import BESIDE, SIMULATED, Progress, compare_stored
from tickets.models import Commitment, Ticket, WorkItem

DAYS = 90
MOST = 20_000


def compare_shapes(
    before: Shape | None, after: Shape, *, at: datetime, progress: Progress | None = None
) -> dict[str, Any]:
    """Return the comparison as JSON-able data, whole numbers only: 20,000 tickets or calls of 90 days at most.

    before    None = no version is in force. `simulated` says whether clocks on this subject can be run again at all.
    progress  called with the number of cases done, every 100; what it raises ends the work.
    """
    again = after["subject"] in SIMULATED
    found = Comparison()
    if again:
        found = compare_stored(
            before, after, first=_first(at), last=at, tickets=_newest(at), progress=progress, most=MOST
        )
    return found.as_dict() | {"days": DAYS, "simulated": again}


def how_many(shape: Shape, at: datetime) -> int:
    """Return how many cases a comparison will run; 0 where clocks of this kind are not run again. 1 query."""
    if shape["subject"] not in SIMULATED:
        return 0
    tickets = between(_first(at), at).filter(pk__in=_newest(at).values("pk"))
    if shape["subject"] in BESIDE:
        return min(how_many_beside(shape["subject"], _first(at), at), MOST)
    if shape["subject"] == "ticket":
        return tickets.count()
    model = {"escalation": Escalation, "commitment": Commitment, "work_item": WorkItem}[shape["subject"]]
    return model._default_manager.filter(ticket__in=tickets.order_by().values("pk")).count()


def _first(at: datetime) -> datetime:
    return at - timedelta(days=DAYS)


def _newest(at: datetime) -> Any:
    return Ticket.objects.filter(received_at__lt=at).order_by("-received_at")[:MOST]
