"""The queue: what is due first on top, paged by key, narrowed by every attribute work is seen by (A-01)."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from ledger.actor import Actor
from ledger.errors import Refused
from tickets import words
from tickets.models import Ticket
from tickets.words import OPEN, UNVERIFIED, WORKING, State

VIEWS = ("open", "mine", "team", "unassigned", "unverified", "triage", "suspended", "closure", "watched", "all")
_PLAIN = {
    "state": "state", "priority": "priority", "kind": "kind", "category": "category", "tier": "tier",
    "segment": "organisation__segment", "region": "organisation__region", "channel": "channel",
}  # fmt: skip
_PUBLIC = {"team": "team", "owner": "owner", "organisation": "organisation", "service": "service"}
_DUE = {"hour": timedelta(hours=1), "today": timedelta(days=1)}
LARGEST = 200


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One line of the queue. Names are empty where there is nobody; times are UTC, None where there is none."""

    id: int
    uuid: UUID
    number: str
    version: int
    title: str
    kind: str
    state: str
    priority: str
    tier: str
    category: str
    critical: bool
    urgent: bool
    restricted: bool
    organisation: str
    segment: str
    region: str
    team: str
    owner: str
    service: str
    next_due_at: datetime | None
    next_due_code: str
    received_at: datetime
    signed_at: datetime | None
    last_public_at: datetime | None

    @property
    def state_label(self) -> str:
        return str(words.State(self.state).label)

    @property
    def kind_label(self) -> str:
        return str(words.Kind(self.kind).label)


_COLUMNS = (
    "pk", "uuid", "number", "version", "title", "kind", "state", "priority", "tier", "category", "critical", "urgent",
    "restricted", "organisation__name", "organisation__segment", "organisation__region", "team__name", "owner__name",
    "service__service_id", "next_due_at", "next_due_code", "received_at", "signed_at", "last_public_at",
)  # fmt: skip
_NAMES = frozenset({13, 14, 15, 16, 17, 18})


@dataclass(frozen=True, slots=True)
class QueuePage:
    """Rows and the cursor of the next page; "" on the last."""

    rows: tuple[QueueRow, ...]
    next_cursor: str


def queue(
    actor: Actor,
    *,
    view: str = "open",
    filters: Mapping[str, Any] | None = None,
    cursor: str = "",
    limit: int = 50,
    at: datetime | None = None,
) -> QueuePage:
    """Return a page of tickets, earliest deadline first, those without one last. At most 2 queries.

    filters  state, team, owner, priority, kind, organisation, category, segment, region, tier, channel, service:
             one value or several; team, owner, organisation and service by public id, owner also "none";
             due: "overdue", "hour" or "today", counted from `at`; text: words of the title.
    Raises Refused("bad_filter") naming the filter, ("bad_cursor"), ("bad_view").
    """
    rows = _narrow(_view(actor, view), filters or {}, at)
    after = _decode(cursor)
    limit = max(1, min(limit, LARGEST))
    found: list[tuple] = []
    if after is None or after[0] is not None:
        due = rows.filter(next_due_at__isnull=False)
        if after is not None:
            due = due.filter(next_due_at__gte=after[0]).exclude(next_due_at=after[0], pk__lte=after[1])
        found = list(due.order_by("next_due_at", "pk").values_list(*_COLUMNS)[: limit + 1])
    if len(found) <= limit:
        rest = rows.filter(next_due_at__isnull=True)
        if after is not None and after[0] is None:
            rest = rest.filter(pk__gt=after[1])
        found += rest.order_by("pk").values_list(*_COLUMNS)[: limit + 1 - len(found)]
    shown = tuple(_row(values) for values in found[:limit])
    return QueuePage(shown, _encode(shown[-1]) if len(found) > limit else "")


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


def _view(actor: Actor, view: str) -> Any:
    if view not in VIEWS:
        raise Refused("bad_view", _("Choose a view from the list."), "view")
    rows = Ticket.objects.visible_to(actor)
    if view == "all":
        return rows
    rows = rows.filter(state__in=OPEN)
    return {
        "open": lambda: rows,
        "mine": lambda: rows.filter(owner_id=actor.user_id),
        "team": lambda: rows.filter(Q(team_id__in=actor.team_ids) | Q(team=None)),
        "unassigned": lambda: rows.filter(state__in=WORKING, signed_at=None),
        "unverified": lambda: rows.filter(state__in=UNVERIFIED),
        "triage": lambda: rows.filter(state=State.TRIAGE),
        "suspended": lambda: rows.filter(state=State.SUSPENDED),
        "closure": lambda: rows.filter(state__in=[State.CLOSURE, State.SURVEY]),
        "watched": lambda: rows.filter(watchers=actor.user_id),
    }[view]()


def _narrow(rows: Any, filters: Mapping[str, Any], at: datetime | None) -> Any:
    for name, value in filters.items():
        if value in (None, "", [], ()):
            continue
        if name == "due":
            rows = rows.filter(**_due(value, at))
        elif name == "text":
            rows = rows.filter(title__icontains=str(value)[:100].replace("\x00", ""))
        elif name == "owner" and value == "none":
            rows = rows.filter(owner=None)
        elif name in _PLAIN:
            rows = rows.filter(**{f"{_PLAIN[name]}__in": [str(v) for v in _many(value)]})
        elif name in _PUBLIC:
            rows = rows.filter(**{f"{_PUBLIC[name]}__uuid__in": [_uuid(name, v) for v in _many(value)]})
        else:
            raise Refused("bad_filter", _("We cannot narrow by that. Choose a filter from the list."), name)
    return rows


def _due(value: Any, at: datetime | None) -> dict[str, datetime]:
    if at is None:
        raise ValueError("a due filter needs `at`")
    if value == "overdue":
        return {"next_due_at__lt": at}
    if value not in _DUE:
        raise Refused("bad_filter", _("Choose overdue, hour or today."), "due")
    return {"next_due_at__lt": at + _DUE[value]}


def _many(value: Any) -> Sequence[Any]:
    return list(value) if isinstance(value, (list, tuple, set, frozenset)) else [value]


def _uuid(name: str, value: Any) -> UUID:
    try:
        return value if isinstance(value, UUID) else UUID(str(value))
    except ValueError:
        raise Refused("bad_filter", _("We cannot narrow by that. Choose a filter from the list."), name) from None


def _row(values: tuple[Any, ...]) -> QueueRow:
    told: list[Any] = ["" if v is None and n in _NAMES else v for n, v in enumerate(values)]
    return QueueRow(*told)


def _encode(row: QueueRow) -> str:
    due = row.next_due_at.isoformat() if row.next_due_at else ""
    return base64.urlsafe_b64encode(f"{due}|{row.id}".encode()).decode().rstrip("=")


def _decode(cursor: str) -> tuple[datetime | None, int] | None:
    if not cursor:
        return None
    try:
        due, _bar, key = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode().partition("|")
        return (datetime.fromisoformat(due) if due else None), int(key)
    except ValueError:
        raise Refused("bad_cursor", _("That page does not exist. Begin at the first."), "cursor") from None
