"""Planned work as others meet it: around a call, on a ticket, in a window (C-29)."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import F, Q, QuerySet

from ledger.actor import Actor
from tickets import words
from tickets.models import Maintenance, Ticket

SOON = timedelta(days=14)
State = Maintenance.State
TOLD = (State.NOTICED, State.RUNNING)


def holding(service_id: int, at: datetime) -> Maintenance | None:
    """Return the running work that holds pages of this service back at `at`, the one that ends last. 1 query."""
    rows = Maintenance.objects.filter(state=State.RUNNING, ends_at__gt=at)
    rows = rows.filter(impacts__service_id=service_id, impacts__left_out=False)
    return rows.order_by("-ends_at", "pk").first()


def tickets_inside(window: Maintenance) -> QuerySet[Ticket]:
    """Return the open fault tickets on what the window touches, and all that alarms opened there."""
    touched = window.impacts.filter(left_out=False).values("service_id")
    born = Q(kind=words.Kind.FAULT) | Q(channel=words.Channel.ALARM)
    return Ticket.objects.open().filter(born, service_id__in=touched)


def around(service_ids: Collection[int], at: datetime) -> list[Maintenance]:
    """Return work that customers were told of on these services, running or in fourteen days. 1 query, 0 for none."""
    if not service_ids:
        return []
    rows = Maintenance.objects.filter(state__in=TOLD, ends_at__gt=at, starts_at__lt=at + SOON)
    rows = rows.filter(impacts__service_id__in=service_ids, impacts__left_out=False)
    return list(rows.order_by("starts_at", "pk").distinct())


def window_of(ticket: Ticket) -> Maintenance | None:
    """Return the work inside whose window the ticket came in: its mark. 1 query, 0 without a service."""
    if ticket.service_id is None:
        return None
    return windows_of([ticket]).get(ticket.pk)


def windows_of(tickets: Collection[Ticket]) -> dict[int, Maintenance]:
    """Return by ticket the work inside whose window it came in. 1 query, 0 where no ticket names a service."""
    services = {ticket.service_id for ticket in tickets if ticket.service_id is not None}
    if not services:
        return {}
    first = min(ticket.received_at for ticket in tickets)
    last = max(ticket.received_at for ticket in tickets)
    ran = Maintenance.objects.filter(
        state__in=[*TOLD, State.DONE, State.FAILED], starts_at__lte=last, ends_at__gte=first
    )
    ran = ran.filter(impacts__service_id__in=services, impacts__left_out=False)
    rows = list(ran.annotate(service_id=F("impacts__service_id")).order_by("starts_at"))
    found: dict[int, Maintenance] = {}
    for ticket in tickets:
        for row in rows:
            until = min(row.ends_at, row.ended_at or row.ends_at)
            if row.service_id == ticket.service_id and row.starts_at <= ticket.received_at < until:
                found[ticket.pk] = row
    return found


def waiting(actor: Actor) -> QuerySet[Maintenance]:
    """Return requests that wait for a decision and that `actor` may learn of, the earliest window first."""
    rows = Maintenance.objects.visible_to(actor).filter(state=State.REQUESTED)
    return (
        rows.select_related("owner", "requested_by").prefetch_related("approvals__person").order_by("starts_at", "pk")
    )
