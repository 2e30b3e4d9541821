"""A handover of one region with a line on a ticket, signed and not accepted yet."""

from datetime import datetime, time, timedelta

from accounts.models import User
from escalation.models import Handover, HandoverLine, Shift
from tickets.models import Ticket


def plant_handover(ticket: Ticket, giver: User, words: str, at: datetime) -> str:
    """Return the public id of what was made."""
    hours = {"time_zone": "UTC", "starts": time(6), "ends": time(14), "hands_over": False,
             "region": ticket.organisation.region}  # fmt: skip
    # a shift's name is the centre's own word: every agent may filter the queue by it
    shifts = [Shift.objects.create(name=f"Wall shift {n}", **hours) for n in range(2)]
    made = Handover.objects.create(
        outgoing_shift=shifts[0], incoming_shift=shifts[1], region=ticket.organisation.region, ends_at=at, starts_at=at,
        until=at + timedelta(hours=8), outgoing=giver, opened_at=at, drafted_at=at, state="signed", giver=giver,
        signed_at=at, notes={"hot": words},
    )  # fmt: skip
    HandoverLine.objects.create(
        handover=made, part="hot", key=f"ticket:{ticket.number}", position=0, ticket=ticket, title=words, note=words,
        facts={"number": ticket.number, "priority": "P1", "organisation": words},
    )  # fmt: skip
    return str(made.uuid)
