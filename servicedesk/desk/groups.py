"""Rows of the queue under their next due time."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from tickets.models import Ticket

SOON = timedelta(minutes=15)


def grouped(tickets: Iterable[Ticket], at: datetime) -> list[tuple[str, list[Ticket]]]:
    """Return the rows of a page under overdue, within 15 minutes, today, later, no time; empty groups left out."""
    names = [_("Overdue"), _("Due within 15 minutes"), _("Due today"), _("Later"), _("No due time")]
    parts: list[list[Ticket]] = [[] for _name in names]
    for ticket in tickets:
        parts[_place(ticket.next_due_at, at)].append(ticket)
    return [(name, rows) for name, rows in zip(names, parts, strict=True) if rows]


def _place(due: datetime | None, at: datetime) -> int:
    if due is None:
        return 4
    if due <= at:
        return 0
    if due - at <= SOON:
        return 1
    return 2 if timezone.localtime(due).date() == timezone.localtime(at).date() else 3
