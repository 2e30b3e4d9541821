"""A list as CSV that a spreadsheet shows and never runs."""

import csv
import io
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from servicedesk.portal import words
from tickets.words import State

MOST = 10_000
BOM = "\ufeff"
_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


def harmless(value: object) -> str:
    """Return `value` as a cell that no spreadsheet takes for a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.lstrip(" ").startswith(_STARTS) else text


def as_csv(tickets: Iterable[Any], zone: str) -> str:
    """Return the tickets of `lists.tickets` as CSV with a byte order mark, times in `zone`, which the heading names."""
    sheet = io.StringIO()
    sheet.write(BOM)
    writer = csv.writer(sheet)
    writer.writerow([
        _("Ticket"), _("Title"), _("State"), _("Priority"), _("Service"), _("Raised by"),
        _with_zone(_("Raised"), zone), _with_zone(_("Solved"), zone),
        _with_zone(str(words.STANDINGS[State.CLOSED].text), zone),
    ])  # fmt: skip
    clock = ZoneInfo(zone)
    for ticket in tickets:
        cells = [
            ticket.number, ticket.title, words.standing(ticket, escalated=ticket.escalated).text, ticket.priority,
            ticket.service, ticket.reporter.name if ticket.reporter else "", _when(ticket.received_at, clock),
            _when(ticket.resolved_at, clock), _when(ticket.closed_at, clock),
        ]  # fmt: skip
        writer.writerow([harmless(cell) for cell in cells])
    return sheet.getvalue()


def _with_zone(name: str, zone: str) -> str:
    return f"{name} ({zone})"


def _when(at: datetime | None, zone: ZoneInfo) -> str:
    return at.astimezone(zone).strftime("%Y-%m-%d %H:%M") if at else ""
