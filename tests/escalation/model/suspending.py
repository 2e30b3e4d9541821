"""Suspensions as rows: asked for by one person, approved by two others (C-22)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from accounts.models import User
from tickets.models import Suspension, SuspensionApproval, Ticket

OPEN = ("requested", "approved")


def asked(ticket: Ticket, people: Sequence[User], at: datetime, state: str) -> Suspension:
    """Ask for a suspension, or decline or withdraw the one that is asked for."""
    found = Suspension.objects.filter(ticket=ticket, state="requested").first()
    row = found or Suspension(
        ticket=ticket, reason_code="customer_request", reason="Nobody on site", until=at + timedelta(hours=1),
        requested_by=people[0], requested_at=at,
    )  # fmt: skip
    row.state = state
    row.save()
    return row


def approved(ticket: Ticket, people: Sequence[User], at: datetime, until: datetime) -> UUID:
    """Approve one, asked for before or now, by two others; return its public id."""
    row = asked(ticket, people, at, "requested")
    row.state, row.until, row.consent, row.approved_at = "approved", until, True, at
    row.save()
    SuspensionApproval.objects.bulk_create(
        SuspensionApproval(suspension=row, function=function, person=person, approved=True, at=at)
        for function, person in zip(SuspensionApproval.FUNCTIONS, people[1:3], strict=True)
    )
    return row.uuid


def ended(ticket: Ticket, at: datetime) -> None:
    """The suspension is over."""
    Suspension.objects.filter(ticket=ticket, state="approved").update(state="ended", ended_at=at)
