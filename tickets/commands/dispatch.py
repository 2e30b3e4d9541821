"""Sending a ticket to a team, and the playbook that goes with its category."""

from datetime import datetime, timedelta

from accounts.models import Team
from tickets.models import Playbook, Ticket, WorkItem


def dispatch(ticket: Ticket, team: Team, *, at: datetime) -> None:
    """Hand the ticket to `team`: nobody has signed for it, nobody has contacted the reporter. Does not save.

    The first dispatch of a run is kept: the 120 and 180 minutes count from it (decisions 15).
    """
    ticket.team, ticket.owner = team, None
    ticket.dispatch_no += 1
    ticket.dispatched_at = at
    ticket.first_dispatched_at = ticket.first_dispatched_at or at
    ticket.signed_at = ticket.contacted_at = None
    if ticket.restricted:
        ticket.need_to_know.add(*team.memberships.values_list("user_id", flat=True))


def attach_playbook(ticket: Ticket, *, at: datetime) -> None:
    """Add the steps of the newest active playbook of the ticket's category, once; owned by the ticket's team.

    A running playbook keeps its version (domain.md, "Notes, plan, work").
    """
    book = Playbook.objects.filter(category=ticket.category, active=True).order_by("-version", "pk").first()
    if book is None or ticket.work_items.filter(source="playbook").exists():
        return
    WorkItem.objects.bulk_create(
        WorkItem(
            ticket=ticket,
            source="playbook",
            title=step.title,
            owner_team=ticket.team,
            due_at=at + timedelta(minutes=step.due_minutes) if step.due_minutes else None,
            mandatory=step.mandatory,
            public=step.public,
            position=step.position,
            created_at=at,
        )
        for step in book.steps.all()
    )
