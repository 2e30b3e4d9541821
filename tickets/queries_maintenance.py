"""Planned work as others meet it: around a call, on a ticket, in a window (C-29)."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject

from ledger.actor import Actor
from tickets import words
from tickets.models import Maintenance, Ticket

SOON = timedelta(days=14)
State = Maintenance.State
TOLD = (State.NOTICED, State.RUNNING)
RAN = (*TOLD, State.DONE, State.FAILED)


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


def ahead(actor: Actor) -> QuerySet[Maintenance]:
    """Return work that is not over and that `actor` may learn of."""
    return Maintenance.objects.visible_to(actor).exclude(state__in=Maintenance.OVER)


def around(service_ids: Collection[int], at: datetime) -> list[Maintenance]:
    """Return work that customers were told of on these services, running or in fourteen days. 1 query, 0 for none."""
    if not service_ids:
        return []
    rows = Maintenance.objects.filter(state__in=TOLD, ends_at__gt=at, starts_at__lt=at + SOON)
    rows = rows.filter(impacts__service_id__in=service_ids, impacts__left_out=False)
    return list(rows.order_by("starts_at", "pk").distinct())


def worked_on(service_ids: Collection[int], at: datetime) -> dict[int, str]:
    """Return by service the number of the work that runs on it now: the mark of its alerts. 1 query, 0 for none."""
    if not service_ids:
        return {}
    rows = Maintenance.objects.filter(state=State.RUNNING, ends_at__gt=at, impacts__left_out=False)
    rows = rows.filter(impacts__service__in=service_ids)
    return dict(rows.values_list("impacts__service_id", "number"))


def mark_of_window() -> Subquery:
    """Return, for an annotation on tickets, the work inside whose window each came in: {number, uuid} or None."""
    rows = Maintenance.objects.filter(
        state__in=RAN, starts_at__lte=OuterRef("received_at"), ends_at__gt=OuterRef("received_at"),
        impacts__service=OuterRef("service"), impacts__left_out=False,
    )  # fmt: skip
    rows = rows.filter(Q(ended_at=None) | Q(ended_at__gt=OuterRef("received_at")))
    return Subquery(rows.order_by("-starts_at").values(found=JSONObject(number="number", uuid="uuid"))[:1])


def waiting(actor: Actor) -> QuerySet[Maintenance]:
    """Return requests that wait for a decision and that `actor` may learn of, the earliest window first."""
    rows = Maintenance.objects.visible_to(actor).filter(state=State.REQUESTED)
    return (
        rows.select_related("owner", "requested_by").prefetch_related("approvals__person").order_by("starts_at", "pk")
    )
