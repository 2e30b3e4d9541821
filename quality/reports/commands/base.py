"""What every command of a report does first: lock its ticket and its edition, check who acts and what was read."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from ledger.actor import Actor
from ledger.errors import Refused
from ledger.models import Entry
from ledger.record import record
from quality.reports.models import Edition, sees_inside
from tickets.access import require_may_work
from tickets.commands.base import take
from tickets.models import Ticket
from tickets.words import Kind, State

SOLVED = (State.CLOSURE, State.SURVEY, State.CLOSED)
RELEASERS = ("supervisor", "duty_manager", "quality_reviewer")


def require_may_write(ticket: Ticket, actor: Actor) -> None:
    """Raise Refused("not_your_ticket") unless `actor` may work on the ticket or reviews quality; never a customer."""
    if not sees_inside(actor):
        raise Refused("not_your_ticket", _("We write the report. Read it once it is released."))
    if actor.is_staff and actor.has_role("quality_reviewer"):
        return
    require_may_work(ticket, actor)


def require_reportable(ticket: Ticket) -> None:
    """Raise Refused("not_a_fault"), Refused("not_resolved") for a ticket no report is due on (C-26)."""
    if ticket.kind != Kind.FAULT:
        raise Refused("not_a_fault", _("Only a fault gets a fault report."))
    if ticket.state not in SOLVED or ticket.resolved_at is None:
        raise Refused("not_resolved", _("Resolve the fault first, then report on it."))


def unknown_report() -> Refused:
    """Return the refusal for a report that is not there, or not for this actor to know of (doors: 404)."""
    return Refused("unknown_report", _("We do not know that report."))


def take_edition(edition_id: int, actor: Actor, version: int | None = None) -> tuple[Ticket, Edition]:
    """Lock and return ticket and edition, in this order, for this transaction.

    Raises Refused("unknown_report"), ("not_your_ticket"), and ("stale", version=current) when `version` is given and
    the draft has moved on since it was read (decisions 19).
    """
    rows = Edition.objects.visible_to(actor)
    ticket_id = rows.filter(pk=edition_id).values_list("report__ticket_id", flat=True).first()
    if ticket_id is None:
        raise unknown_report()
    ticket = take(ticket_id, actor)
    require_may_write(ticket, actor)
    edition = Edition.objects.select_for_update(no_key=True, of=("self",)).select_related("report").get(pk=edition_id)
    if version is not None and version != edition.version:
        message = _("Somebody changed this report while you wrote. Look at the change, then save again.")
        raise Refused("stale", message, version=edition.version)
    return ticket, edition


def require_draft(edition: Edition) -> None:
    """Raise Refused("filed") for a version that is final (C-26)."""
    if edition.filed:
        raise Refused("filed", _("A filed report is never changed. Begin a new version of it."))


def tell(name: str, ticket: Ticket, edition: Edition, *, actor: Actor, at: datetime, **data: Any) -> Entry:
    """Record one fact about the report on its ticket's chain."""
    report = edition.report
    return record(
        name, chain=ticket.chain, actor=actor, at=at, about=ticket,
        report=str(report.uuid), edition=edition.number, run_no=report.run_no, **data,
    )  # fmt: skip
