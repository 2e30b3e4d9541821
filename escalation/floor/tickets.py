"""Tickets about to miss a promise, without progress (C-20), without news to the customer (X-06)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from escalation.board_filters import Filters
from escalation.board_rungs import SOON
from escalation.floor.shapes import MOST, SHOWN, Watched, Watchlist
from escalation.models import Firing, Timer
from ledger.actor import Actor
from tickets import words
from tickets.models import Ticket

NEWS = timedelta(minutes=30)
NEWS_PRIORITIES = ("P1", "P2")


def watched(actor: Actor, filters: Filters) -> QuerySet[Ticket]:
    """Return the tickets the floor may name to everybody of the reader's scope: never restricted ones."""
    return Ticket.objects.visible_to(actor).filter(filters.tickets(), restricted=False)


def breaching(actor: Actor, filters: Filters, at: datetime) -> Watchlist:
    """Return the promises that fall due within five minutes, soonest first. 1 query.

    Pages and warnings are no promise; what stands on a lane of the board is left out.
    """
    timers = Timer.objects.filter(state=Timer.State.ARMED, wake_at__lte=at + SOON, rule__breach=True)
    timers = timers.filter(clock__ticket__in=watched(actor, filters)).exclude(clock__subject_kind="escalation")
    rows = timers.select_related("rule", *(f"clock__ticket__{name}" for name in ("organisation", "team", "owner")))
    found = list(rows.order_by("wake_at", "pk")[: MOST + 1])
    return _listed([_row(t.clock.ticket, due_at=t.due_at, rule=_(t.rule.label)) for t in found if t.clock.ticket])


def quiet(actor: Actor, filters: Filters, at: datetime) -> tuple[Watchlist, Watchlist]:
    """Return (no progress, no news), quiet longest first. 1 query.

    No progress: a rule that progress begins anew has fired since the last of it, whatever calendar it counts on.
    No news: a P1 or P2 in work whose customer has heard nothing for half an hour.
    """
    since = Coalesce("last_progress_at", "first_dispatched_at", "received_at")
    heard = Coalesce("last_public_at", "received_at")
    fired = Firing.objects.filter(
        clock__ticket=OuterRef("pk"), clock__run_no=OuterRef("run_no"), clock__subject_kind="ticket",
        rule__restart_on__contains=["progress"], due_at__gt=OuterRef("worked_at"),
    )  # fmt: skip
    rows = watched(actor, filters).filter(state__in=words.TIERS).annotate(worked_at=since, heard_at=heard)
    rows = rows.annotate(silent=Exists(fired))
    unheard = Q(priority__in=NEWS_PRIORITIES, heard_at__lt=at - NEWS)
    rows = rows.filter(Q(silent=True) | unheard).select_related("organisation", "team", "owner")
    found: list[Any] = list(rows.order_by(F("worked_at").asc(), "pk")[: MOST + 1])
    late = [row for row in found if row.priority in NEWS_PRIORITIES and row.heard_at < at - NEWS]
    late.sort(key=lambda row: (row.heard_at, row.pk))
    more = len(found) > MOST
    return (
        _listed([_row(row, since=row.worked_at) for row in found if row.silent], more=more),
        _listed([_row(row, since=row.heard_at) for row in late], more=more),
    )


def _row(ticket: Ticket, **more: Any) -> Watched:
    customer, team, owner = (thing.name if thing else "" for thing in (ticket.organisation, ticket.team, ticket.owner))
    return Watched(
        number=ticket.number, title=ticket.title, priority=ticket.priority, organisation=customer, team=team,
        owner=owner, **more,
    )  # fmt: skip


def _listed(rows: Sequence[Watched], *, more: bool = False) -> Watchlist:
    more = more or len(rows) > MOST
    return Watchlist(rows=rows[:SHOWN], count=min(len(rows), MOST), more=more and bool(rows))
