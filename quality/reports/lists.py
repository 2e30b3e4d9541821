"""Lists of reports: owed, overdue, one's own, filed, waiting for a reader (C-26)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from escalation.models import Clock, Timer
from escalation.queries import NOT_MET
from ledger.actor import Actor
from quality.reports.clocks import REPORT
from quality.reports.models import Edition
from tickets.models import Ticket
from tickets.words import Kind

VIEWS: dict[str, Any] = {
    "due": _("Owed"),
    "overdue": _("Overdue"),
    "mine": _("Mine"),
    "unreleased": _("To read and release"),
    "filed": _("Filed"),
}
OWED = ("due", "overdue", "mine")


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One report as a list shows it. edition: of its newest version, None before a draft. due_at None = no clock.

    state  owed, overdue, filed or late (filed after its time).
    """

    number: str
    title: str
    customer: str
    priority: str
    restricted: bool
    owner: str
    resolved_at: datetime | None
    due_at: datetime | None
    state: str
    edition: UUID | None
    version: int | None
    filed_at: datetime | None
    filed_by: str
    released_at: datetime | None


def owed(actor: Actor) -> QuerySet[Ticket]:
    """Return visible solved faults whose report is owed or being written, due soonest first."""
    live = Clock.objects.filter(kind=REPORT, subject_kind="ticket").exclude(state=Clock.State.STOPPED)
    drafts = Edition.objects.filter(filed_at=None, report__ticket=OuterRef("pk"), report__run_no=OuterRef("run_no"))
    newest = Edition.objects.filter(report__ticket=OuterRef("pk"), report__run_no=OuterRef("run_no"))
    timers = Timer.objects.filter(
        clock__ticket=OuterRef("pk"), clock__run_no=OuterRef("run_no"), clock__kind=REPORT,
        clock__subject_kind="ticket", rule__breach=True,
    ).exclude(cancel_reason__in=NOT_MET)  # fmt: skip
    rows = Ticket.objects.visible_to(actor).filter(kind=Kind.FAULT, resolved_at__isnull=False)
    rows = rows.filter(Q(pk__in=live.values("ticket_id")) | Exists(drafts))
    return rows.annotate(
        report_due=Subquery(timers.order_by("-pk").values("nominal_at")[:1]),
        edition=Subquery(newest.order_by("-number").values("uuid")[:1]),
        edition_no=Subquery(newest.order_by("-number").values("number")[:1]),
        first_filed=Exists(newest.filter(filed_at__isnull=False)),
    ).order_by(F("report_due").asc(nulls_last=True), "-pk")


def filed(actor: Actor) -> QuerySet[Edition]:
    """Return visible filed versions, the last filed first."""
    rows = Edition.objects.visible_to(actor).filter(filed_at__isnull=False)
    return rows.order_by("-filed_at", "-pk")


def chosen(
    view: str, actor: Actor, *, at: datetime, q: str = "", priority: str = "", team: Any = None
) -> QuerySet[Any]:
    """Return the rows of one of VIEWS, narrowed: q = begin of number, title or customer. Draw them with `as_rows`."""
    if view in OWED:
        rows: QuerySet[Any] = owed(actor)
        if view == "overdue":
            rows = rows.filter(report_due__lte=at, first_filed=False)
        if view == "mine":
            rows = rows.filter(owner_id=actor.user_id or 0)
        return _narrowed(rows, "", q, priority, team)
    rows = filed(actor)
    if view == "unreleased":
        rows = rows.filter(released_at=None).exclude(filed_by_id=actor.user_id or 0)
    return _narrowed(rows, "report__ticket__", q, priority, team)


def counts(actor: Actor, *, at: datetime) -> dict[str, int]:
    """Return how many stand in each view that asks for work. 4 queries."""
    return {view: chosen(view, actor, at=at).count() for view in VIEWS if view != "filed"}


def as_rows(found: Iterable[Any], *, at: datetime) -> list[Row]:
    """Return what was found as rows of a list."""
    return [_of_ticket(one, at) if isinstance(one, Ticket) else _of_edition(one) for one in found]


def with_names(rows: QuerySet[Any], view: str) -> QuerySet[Any]:
    """Return rows with the names a list shows."""
    if view in OWED:
        return rows.select_related("organisation", "owner")
    return rows.select_related("report__ticket__organisation", "report__ticket__owner", "filed_by")


def _narrowed(rows: QuerySet[Any], prefix: str, q: str, priority: str, team: Any) -> QuerySet[Any]:
    if q:
        names = ("number__istartswith", "title__icontains", "organisation__name__icontains")
        wanted = Q()
        for name in names:
            wanted |= Q(**{prefix + name: q})
        rows = rows.filter(wanted)
    if priority:
        rows = rows.filter(**{f"{prefix}priority": priority})
    return rows.filter(**{f"{prefix}team": team}) if team else rows


def _of_ticket(ticket: Any, at: datetime) -> Row:
    late = ticket.report_due is not None and ticket.report_due <= at and not ticket.first_filed
    return _row(
        ticket, due_at=ticket.report_due, state="overdue" if late else "owed", edition=ticket.edition,
        version=ticket.edition_no, filed_at=None, filed_by="", released_at=None,
    )  # fmt: skip


def _of_edition(edition: Edition) -> Row:
    due = edition.figures.get("due_at")
    return _row(
        edition.report.ticket, due_at=datetime.fromisoformat(due) if due else None,
        state="late" if edition.in_time is False else "filed", edition=edition.uuid, version=edition.number,
        filed_at=edition.filed_at, filed_by=edition.filed_by.name if edition.filed_by else "",
        released_at=edition.released_at,
    )  # fmt: skip


def _row(ticket: Ticket, **fields: Any) -> Row:
    return Row(
        number=ticket.number, title=ticket.title, priority=ticket.priority, restricted=ticket.restricted,
        customer=ticket.organisation.name if ticket.organisation else "",
        owner=ticket.owner.name if ticket.owner else "", resolved_at=ticket.resolved_at, **fields,
    )  # fmt: skip
