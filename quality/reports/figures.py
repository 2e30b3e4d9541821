"""The figures of a report: how long, how soon, every clock. Counted while it is a draft, frozen with the filed one."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ledger.models import Entry
from quality.reports import clocks, runs
from quality.reports.clocks import Line
from quality.reports.models import Edition
from tickets.models import Ticket


@dataclass(frozen=True, kw_only=True, slots=True)
class Figures:
    """sign_s, contact_s: seconds from the first dispatch to signing and reaching the reporter, None = it never was.

    due_at   by when the report was due, None = no clock counted. in_time: whether it was filed by then, None = no clock
             or not filed. through_seq: last fact it speaks of.
    """

    clocks: tuple[Line, ...]
    sign_s: int | None
    contact_s: int | None
    due_at: datetime | None
    in_time: bool | None
    through_seq: int

    def as_json(self) -> dict[str, Any]:
        """Return them as they are frozen."""
        return {
            "clocks": [line.as_json() for line in self.clocks], "sign_s": self.sign_s, "contact_s": self.contact_s,
            "due_at": self.due_at.isoformat() if self.due_at else None,
        }  # fmt: skip


def freeze(ticket: Ticket, edition: Edition, *, at: datetime) -> Figures:
    """Return the figures of a version filed at `at`. About 8 queries."""
    first = edition.report.editions.filter(filed_at__isnull=False).order_by("number").first()
    filed_at = first.filed_at if first is not None and not _resolved_since(ticket, first) else at
    return _count(ticket, edition, filed_at=filed_at or at)


def of(edition: Edition, ticket: Ticket) -> Figures:
    """Return the figures of any version: the frozen ones, or those of this moment for a draft."""
    if not edition.filed:
        return _count(ticket, edition, filed_at=None)
    kept = edition.figures
    return Figures(
        clocks=tuple(clocks.from_json(row) for row in kept["clocks"]), sign_s=kept["sign_s"],
        contact_s=kept["contact_s"], due_at=datetime.fromisoformat(kept["due_at"]) if kept["due_at"] else None,
        in_time=edition.in_time, through_seq=edition.through_seq or 0,
    )  # fmt: skip


def _count(ticket: Ticket, edition: Edition, *, filed_at: datetime | None) -> Figures:
    run = runs.run_of(ticket, edition.report.run_no)
    times = runs.first_times(ticket, run)
    begun = times.get("ticket.triaged")
    due = clocks.report_due(ticket, run.number)
    return Figures(
        clocks=tuple(clocks.lines(ticket, run)),
        sign_s=_between(begun, times.get("ticket.signed_for")),
        contact_s=_between(begun, times.get("ticket.contact_recorded")),
        due_at=due, in_time=None if due is None or filed_at is None else filed_at <= due, through_seq=run.last_seq,
    )  # fmt: skip


def _between(start: datetime | None, end: datetime | None) -> int | None:
    return int((end - start).total_seconds()) if start is not None and end is not None else None


def _resolved_since(ticket: Ticket, edition: Edition) -> bool:
    """Whether the fault was solved once more after that version: then a report is owed anew."""
    rows = Entry.objects.filter(chain=ticket.chain, name="ticket.resolved", seq__gt=edition.through_seq or 0)
    return rows.exists()
