"""One run of a ticket in its ledger: from receipt or reopening to the next reopening, and what happened in it."""

from dataclasses import dataclass
from datetime import datetime

from ledger.actor import SYSTEM, Actor
from ledger.models import Entry
from tickets.models import Suspension, Ticket
from tickets.queries_timeline import TimelineItem, timeline

QUIET = frozenset({
    "report.drafted", "report.saved", "report.filed", "report.amended", "report.released", "survey.opened",
    "survey.answered", "survey.expired", "interaction.answered", "interaction.attached", "note.copied",
    "note.retracted", "note.redacted", "text.redacted", "ticket.intake_changed", "ticket.shared",
})  # fmt: skip
MOST_EVENTS = 300


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """A run: `since` its first instant; facts with `first_seq` <= seq <= `last_seq` are its own."""

    number: int
    since: datetime
    first_seq: int
    last_seq: int


def run_of(ticket: Ticket, number: int, *, through: int | None = None) -> Run:
    """Return run `number` of the ticket, 1 being the first. through: no fact after this one. 2 queries."""
    rows = Entry.objects.filter(chain=ticket.chain)
    reopened = list(rows.filter(name="ticket.reopened").order_by("seq").values_list("seq", "at"))
    first, since = reopened[number - 2] if number > 1 and len(reopened) >= number - 1 else (0, ticket.received_at)
    following = reopened[number - 1][0] - 1 if len(reopened) >= number else None
    last = through or following or rows.order_by("-seq").values_list("seq", flat=True).first() or 0
    return Run(number=number, since=since, first_seq=first, last_seq=last)


def first_times(ticket: Ticket, run: Run) -> dict[str, datetime]:
    """Return the first instant of each fact of the run, by name. 1 query."""
    rows = Entry.objects.filter(chain=ticket.chain, seq__gte=run.first_seq, seq__lte=run.last_seq).order_by("-seq")
    return dict(rows.values_list("name", "at"))


def last_resolved(ticket: Ticket, run: Run) -> datetime | None:
    """Return when the run was resolved for the last time, None if it never was. 1 query."""
    rows = Entry.objects.filter(chain=ticket.chain, name="ticket.resolved", seq__gte=run.first_seq)
    return rows.filter(seq__lte=run.last_seq).order_by("-seq").values_list("at", flat=True).first()


def events(ticket: Ticket, run: Run, *, inside: bool) -> list[TimelineItem]:
    """Return what happened in the run, oldest first; for outsiders only what a customer may read. At most 6 queries."""
    reader = SYSTEM if inside else _customer_of(ticket)
    items = [
        item
        for item in timeline(ticket, reader, contacts=[])
        if item.seq is not None and run.first_seq <= item.seq <= run.last_seq
        and item.name not in QUIET and not item.retracted
    ]  # fmt: skip
    return list(reversed(items))[:MOST_EVENTS]


def pauses(ticket: Ticket, run: Run) -> list[Suspension]:
    """Return the approved suspensions of the run with consent and approvers, oldest first. 2 queries."""
    rows = Suspension.objects.filter(ticket=ticket, approved_at__gte=run.since).order_by("approved_at")
    rows = rows.select_related("consent_contact", "requested_by").prefetch_related("approvals__person")
    if run.last_seq:
        until = Entry.objects.filter(chain=ticket.chain, seq=run.last_seq).values("at")
        rows = rows.filter(approved_at__lte=until)
    return list(rows)


def _customer_of(ticket: Ticket) -> Actor:
    """The ticket's customer as a reader: nobody in particular, so that a released report says the same to all."""
    own = frozenset({ticket.organisation_id}) if ticket.organisation_id else frozenset()
    return Actor(kind="contact", ref="", name="", contact_id=ticket.reporter_id, organisation_ids=own)
