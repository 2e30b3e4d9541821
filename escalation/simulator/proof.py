"""What became of every page of a ticket, person by person: sent, delivered, seen, acknowledged, held by bundling."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import CharField, Value

from escalation.models import Ack, Duty, Notification
from tickets.models import Ticket

WAITING, SENT, DELIVERED, SEEN, ACKNOWLEDGED, BUNDLED, FAILED = (
    "waiting", "sent", "delivered", "seen", "acknowledged", "bundled", "failed",
)  # fmt: skip
ARRIVED = frozenset({"delivered", "answered", "read"})


@dataclass(frozen=True, slots=True)
class Told:
    """One link of the chain of proof. what: one of the words above; code: of the rule, "" for news; channel: "" for a
    person's own act."""

    at: datetime
    code: str
    what: str
    channel: str = ""


def people_of(ticket: Ticket, pages: Iterable[Notification], first: datetime, last: datetime) -> dict[str, list[Told]]:
    """Return who was told of this ticket in [first, last], by name, each in order of time. 1 query.

    pages  `pages_of` the ticket.
    """
    found: dict[str, list[Told]] = defaultdict(list)
    for name, told in [*_pages(pages), *_acts(ticket)]:
        if first <= told.at <= last:
            found[name].append(told)
    return {name: sorted(rows, key=lambda one: one.at) for name, rows in found.items()}


def pages_of(ticket: Ticket) -> list[Notification]:
    """Return what people were sent about the ticket, with the people and the firings, in order. 1 query."""
    rows = Notification.objects.filter(ticket=ticket, user__isnull=False).select_related("user", "firing")
    return list(rows.order_by("created_at", "pk"))


def _pages(pages: Iterable[Notification]) -> Iterator[tuple[str, Told]]:
    for page in pages:
        code = page.firing.rule_code if page.firing else ""
        name = page.user.name if page.user else ""
        for at, what in _links(page):
            yield name, Told(at, code, what, page.channel)


def _links(page: Notification) -> Iterator[tuple[datetime, str]]:
    if page.held_at:
        yield page.held_at, BUNDLED
    if page.sent_at:
        yield page.sent_at, SENT
    elif not page.held_at and page.state != Notification.State.SUPERSEDED:
        yield page.created_at, FAILED if page.state == Notification.State.FAILED else WAITING
    if page.receipt_at and page.receipt in ARRIVED:
        yield page.receipt_at, DELIVERED
    elif page.receipt_at:
        yield page.receipt_at, FAILED
    if page.seen_at:
        yield page.seen_at, SEEN


def _acts(ticket: Ticket) -> Iterator[tuple[str, Told]]:
    acks = Ack.objects.filter(clock__ticket=ticket).values_list("user__name", "at", "firing__rule_code")
    none = Value(None, output_field=CharField())
    duties = Duty.objects.filter(escalation__ticket=ticket, confirmed_at__isnull=False)
    confirmed: Any = duties.values_list("confirmed_by__name", "confirmed_at", none)
    for name, at, code in acks.union(confirmed, all=True):
        yield name, Told(at, code or "", ACKNOWLEDGED)
