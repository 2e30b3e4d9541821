"""The queue: which tickets, in which order, from where on. Due next first; keyset pages, no counting past the page."""

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from ledger.actor import Actor
from ledger.errors import Refused
from tickets import words
from tickets.models import Suspension, Ticket

VIEWS: Final = ("due", "mine", "teams", "unassigned", "waiting", "suspended", "closure", "all")
_COLUMNS = (
    "number", "title", "kind", "state", "priority", "organisation__name", "caller_organisation",
    "service__service_id", "team__name", "owner__name", "next_due_at", "next_due_code", "received_at", "last_public_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One line of the queue. Names are None where there is nobody; times are aware, None where there is none."""

    number: str
    title: str
    kind: str
    state: str
    priority: str
    organisation: str | None
    caller_organisation: str
    service: str | None
    team: str | None
    owner: str | None
    next_due_at: datetime | None
    next_due_code: str
    received_at: datetime
    last_public_at: datetime | None

    @property
    def customer(self) -> str:
        """The organisation, or who the caller is said to be until it is identified."""
        return self.organisation or self.caller_organisation


@dataclass(frozen=True, slots=True)
class QueuePage:
    """One page of the queue. `after` continues, "" = this is the last."""

    rows: tuple[QueueRow, ...]
    after: str


def queue(
    actor: Actor, *, view: str = "due", filters: dict[str, Any] | None = None, after: str = "", limit: int = 50
) -> QueuePage:
    """Return a page of a view: due soonest first, without a due time last. 1 query (2 at the seam, 1 for a cursor).

    view     one of VIEWS, else Refused("bad_view").
    filters  what narrows, see `narrowed`.
    after    of the page before; one that nobody gave is Refused("bad_cursor").
    """
    rows = narrowed(tickets_of(view, actor), filters or {})
    due, key = _read(after)
    found: list[QueueRow] = []
    if not after or due is not None:
        dated = rows.filter(next_due_at__isnull=False).order_by("next_due_at", "pk")
        if due is not None:
            dated = dated.filter(Q(next_due_at__gt=due) | Q(next_due_at=due, pk__gt=key))
        found = _read_rows(dated, limit + 1)
    if len(found) <= limit:
        rest = rows.filter(next_due_at=None).order_by("pk")
        if after and due is None:
            rest = rest.filter(pk__gt=key)
        found += _read_rows(rest, limit + 1 - len(found))
    return QueuePage(tuple(found[:limit]), _write(found[limit - 1]) if len(found) > limit else "")


def _read_rows(ordered: QuerySet[Ticket], many: int) -> list[QueueRow]:
    """Read the first `many`. Chosen before anything is joined: PostgreSQL expects few and would join all it finds."""
    chosen = Ticket.objects.filter(pk__in=ordered.values("pk")[:many]).order_by(*ordered.query.order_by)
    return [QueueRow(*values) for values in chosen.values_list(*_COLUMNS)]


def rows_of(tickets: QuerySet[Ticket]) -> Iterator[QueueRow]:
    """Read tickets as rows, 500 at a time. 1 query."""
    for values in tickets.values_list(*_COLUMNS).iterator(chunk_size=500):
        yield QueueRow(*values)


def tickets_of(view: str, actor: Actor) -> QuerySet[Ticket]:
    """Return the tickets of a view, unordered. Raises Refused("bad_view").

    One condition on the state, never two: PostgreSQL multiplies their shares, expects a handful of rows and sorts all.
    """
    views = _views(actor)
    if view not in views:
        raise Refused("bad_view", _("Choose a view from the list."), "view")
    states, narrow = views[view]
    return Ticket.objects.visible_to(actor).filter(narrow, state__in=states)


def view_counts(actor: Actor) -> dict[str, int]:
    """Return how many tickets stand in each view. 1 query."""
    figures = {name: Count("pk", filter=Q(state__in=held) & q) for name, (held, q) in _views(actor).items()}
    return Ticket.objects.visible_to(actor).filter(state__in=words.OPEN).aggregate(**figures)


def counts(actor: Actor) -> dict[str, int]:
    """Return the figures beside the links of staff: queue (open, of own teams or of none), my_tickets. 1 query."""
    if not actor.is_staff:
        return {}
    visible = Ticket.objects.visible_to(actor).open()
    waiting = Q(team_id__in=actor.team_ids) | Q(team=None)
    found = visible.aggregate(
        queue=Count("pk", filter=waiting, distinct=True), my_tickets=Count("pk", filter=Q(owner_id=actor.user_id))
    )
    return {"queue": found["queue"], "my_tickets": found["my_tickets"]}


def narrowed(rows: QuerySet[Ticket], filters: dict[str, Any]) -> QuerySet[Ticket]:
    """Apply what is given of: state, priority, kind, category, team (a row), segment, region, organisation (a uuid), q.

    In `q` a number finds exactly, words find beginnings of titles, customers and services.
    """
    for name in ("state", "priority", "kind", "category", "team"):
        if filters.get(name):
            rows = rows.filter(**{name: filters[name]})
    for name in ("segment", "region"):
        if filters.get(name):
            rows = rows.filter(**{f"organisation__{name}": filters[name]})
    if filters.get("organisation"):
        rows = rows.filter(organisation__uuid=filters["organisation"])
    if text := filters.get("q", ""):
        start = Q(title__istartswith=text) | Q(organisation__name__istartswith=text)
        rows = rows.filter(Q(number__iexact=text) | start | Q(service__service_id__istartswith=text))
    return rows


def _views(actor: Actor) -> dict[str, tuple[tuple[str, ...], Q]]:
    """Return for each view the states it holds and what else narrows it."""
    at_work = (*words.UNVERIFIED, words.State.TRIAGE, *words.TIERS)
    mine = Q(team_id__in=actor.team_ids) | Q(team=None) | Q(owner_id=actor.user_id)
    everything = actor.has_role("supervisor", "duty_manager") or not actor.has_role("agent")
    asked = Suspension.objects.filter(state="requested").values("ticket_id")
    return {
        "due": (at_work, Q() if everything else mine),
        "mine": (words.OPEN, Q(owner_id=actor.user_id)),
        "teams": (words.OPEN, Q(team_id__in=actor.team_ids)),
        "unassigned": (words.TIERS, Q(signed_at=None)),
        "waiting": (words.OPEN, Q(pk__in=asked)),
        "suspended": ((words.State.SUSPENDED,), Q()),
        "closure": ((words.State.CLOSURE, words.State.SURVEY), Q()),
        "all": (words.OPEN, Q()),
    }


def _write(row: QueueRow) -> str:
    due = row.next_due_at.isoformat() if row.next_due_at else ""
    return base64.urlsafe_b64encode(json.dumps([due, row.number]).encode()).decode().rstrip("=")


def _read(after: str) -> tuple[datetime | None, int]:
    """Return (due, key) of a cursor; it holds the number, because integer keys never leave the database."""
    if not after:
        return None, 0
    try:
        due, number = json.loads(base64.urlsafe_b64decode(after + "=" * (-len(after) % 4)))
        at = datetime.fromisoformat(due) if due else None
        key = Ticket.objects.filter(number=str(number)[:16]).values_list("pk", flat=True).first()
    except (ValueError, TypeError):
        key = None
    if key is None or (at is not None and at.tzinfo is None):
        raise Refused("bad_cursor", _("That page does not exist. Begin at the first."), "after")
    return at, key
