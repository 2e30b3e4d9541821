"""The queue: which tickets, in which order, from where on. Due next first; keyset pages, counts that stop counting."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Func, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from ledger.actor import Actor
from ledger.errors import Refused
from tickets import words
from tickets.models import Snooze, Suspension, Ticket
from tickets.queue_filters import narrowed
from tickets.queue_order import GROUPS, ORDERS, Sort

VIEWS: Final = ("due", "mine", "teams", "unassigned", "waiting", "snoozed", "suspended", "closure", "all", "ended")
COUNTED: Final = tuple(view for view in VIEWS if view != "ended")
COUNT_TO: Final = 1000
_COLUMNS = (
    "number", "title", "kind", "state", "priority", "organisation__name", "caller_organisation",
    "service__service_id", "team__name", "owner__name", "next_due_at", "next_due_code", "received_at", "last_public_at",
    "category", "channel", "tags", "organisation__segment", "organisation__region", "organisation__service_category",
    "organisation__language",
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
    category: str
    channel: str
    tags: list[str]
    segment: str | None
    region: str | None
    service_category: str | None
    language: str | None

    @property
    def customer(self) -> str:
        """The organisation, or who the caller is said to be until it is identified."""
        return self.organisation or self.caller_organisation


@dataclass(frozen=True, slots=True)
class QueuePage:
    """One page of the queue. `after` continues, `before` goes back; "" = there is nothing there."""

    rows: tuple[QueueRow, ...]
    after: str
    before: str = ""


def queue(
    actor: Actor,
    *,
    view: str = "due",
    filters: Mapping[str, Any] | None = None,
    after: str = "",
    before: str = "",
    limit: int = 50,
    order: str = "due",
    group: str = "",
    at: datetime | None = None,
) -> QueuePage:
    """Return a page of a view. 1 query for the first page, at most 4 for any other.

    view     one of VIEWS, else Refused("bad_view").
    filters  what narrows, see `queue_filters.narrowed`; `at` is the instant its times are measured from.
    after    of the page before, before of the page after; one that nobody gave is Refused("bad_cursor").
    order    one of ORDERS; group: one of GROUPS or "", stands before it. Else Refused("bad_order").
    """
    if order not in ORDERS or (group and group not in GROUPS):
        raise Refused("bad_order", _("Choose the order from the list."), "order")
    sort, back = Sort(order, group), bool(before)
    rows = listed(actor, view=view, filters=filters or {}, at=at)
    found: list[tuple] = []
    for part in sort.ranges(sort.read(before or after), back=back):
        if len(found) <= limit:
            found += _read_rows(rows, part, sort, limit + 1 - len(found), back=back)
    more, found = len(found) > limit, found[:limit]
    if back:
        found.reverse()
    ends = [sort.write(row[0], row[1], row[2]) for row in (found[0], found[-1])] if found else ["", ""]
    return QueuePage(
        rows=tuple(QueueRow(*row[2:]) for row in found),
        after=ends[1] if (back or more) else "",
        before=ends[0] if (more if back else after) else "",
    )


def _read_rows(rows: QuerySet[Ticket], part: Q, sort: Sort, many: int, *, back: bool) -> list[tuple]:
    """Read the first `many`. Chosen before anything is joined: PostgreSQL expects few and would join all it finds."""
    ordered = sort.arranged(rows, back=back).filter(part)
    chosen = sort.arranged(Ticket.objects.filter(pk__in=ordered.values("pk")[:many]), back=back)
    return list(chosen.annotate(**sort.columns()).values_list("_group", "_at", *_COLUMNS))


def rows_of(tickets: QuerySet[Ticket]) -> Iterator[QueueRow]:
    """Read tickets as rows, 500 at a time. 1 query."""
    for values in tickets.values_list(*_COLUMNS).iterator(chunk_size=500):
        yield QueueRow(*values)


def every_row(actor: Actor, *, most: int, **asked: Any) -> Iterator[QueueRow]:
    """Yield the rows of a view page by page, `most` at last; `asked` as for `queue`. 1 to 4 queries a thousand."""
    after, given = "", 0
    while given < most:
        page = queue(actor, **asked, after=after, limit=min(1000, most - given))
        yield from page.rows
        given, after = given + len(page.rows), page.after
        if not after:
            return


def listed(
    actor: Actor, *, view: str = "due", filters: Mapping[str, Any], at: datetime | None = None
) -> QuerySet[Ticket]:
    """Return the tickets of a view narrowed by `filters`, unordered. Raises Refused("bad_view")."""
    rest = dict(filters)
    rows = tickets_of(view, actor, only=rest.pop("state", None))
    return narrowed(rows, rest, actor=actor, at=at, ended=view == "ended")


def tickets_of(view: str, actor: Actor, *, only: Any = None) -> QuerySet[Ticket]:
    """Return the tickets of a view, unordered; `only` = of this state, or of these. Raises Refused("bad_view").

    One condition on the state, never two: PostgreSQL multiplies their shares, expects a handful of rows and sorts all.
    """
    views = _views(actor)
    if view not in views:
        raise Refused("bad_view", _("Choose a view from the list."), "view")
    states, narrow = views[view]
    if only:
        wanted = {only} if isinstance(only, str) else set(only)
        states = tuple(state for state in states if state in wanted)
    return Ticket.objects.visible_to(actor).filter(narrow, state__in=states)


def view_counts(actor: Actor) -> dict[str, int]:
    """Return how many tickets stand in each view but the ended; counting stops past COUNT_TO. 1 query."""
    visible, views = Ticket.objects.visible_to(actor), _views(actor)
    return counted({view: visible.filter(views[view][1], state__in=views[view][0]) for view in COUNTED})


def counts(actor: Actor, also: Mapping[str, QuerySet[Any]] | None = None) -> dict[str, int]:
    """Return the figures beside the links of staff: queue (open, of own teams or of none), my_tickets; counting stops
    past COUNT_TO. also  more to be counted with them, by name, each to its end. 1 query."""
    if not actor.is_staff:
        return {}
    visible = Ticket.objects.visible_to(actor).open()
    waiting = visible.filter(Q(team_id__in=actor.team_ids) | Q(team=None))
    own = {"queue": waiting, "my_tickets": visible.filter(owner_id=actor.user_id)}
    return totals({name: _cut(rows) for name, rows in own.items()} | dict(also or {}))


def counted(lists: Mapping[str, QuerySet[Ticket]]) -> dict[str, int]:
    """Return how many rows each list holds, COUNT_TO + 1 for more than COUNT_TO. 1 query for all."""
    return totals({name: _cut(rows) for name, rows in lists.items()})


def _cut(rows: QuerySet[Ticket]) -> QuerySet[Ticket]:
    """Ordered, so that an index of the open tickets is walked and left, and never the table."""
    return rows.order_by("next_due_at", "pk")[: COUNT_TO + 1]


def totals(lists: Mapping[str, QuerySet[Any]]) -> dict[str, int]:
    """Return how many rows each list holds. 1 query for all."""
    parts: list[tuple[str, str]] = []
    params: list[Any] = []
    for name, rows in lists.items():
        try:
            sql, values = rows.values("pk").query.sql_with_params()
        except EmptyResultSet:
            continue
        parts.append((name, f"(SELECT count(*) FROM ({sql}) counted)"))  # noqa: S608 (composed by the ORM)
        params += values
    found = dict.fromkeys(lists, 0)
    if parts:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {', '.join(sql for _name, sql in parts)}", params)
            found |= zip((name for name, _sql in parts), cursor.fetchone(), strict=True)
    return found


def asleep(actor: Actor) -> Q:
    """The condition of tickets that the actor has snoozed and on which nothing has fallen due since."""
    now = Func(function="desk_now")
    mine = Snooze.objects.filter(user_id=actor.user_id or 0, until__gt=now).values("ticket_id")
    return Q(pk__in=mine) & (Q(next_due_at=None) | Q(next_due_at__gt=now))


def _views(actor: Actor) -> dict[str, tuple[tuple[str, ...], Q]]:
    """Return for each view the states it holds and what else narrows it."""
    at_work = (*words.UNVERIFIED, words.State.TRIAGE, *words.TIERS)
    mine = Q(team_id__in=actor.team_ids) | Q(team=None) | Q(owner_id=actor.user_id)
    everything = actor.has_role("supervisor", "duty_manager") or not actor.has_role("agent")
    asked = Suspension.objects.filter(state="requested").values("ticket_id")
    awake = ~asleep(actor)
    return {
        "due": (at_work, awake if everything else mine & awake),
        "mine": (words.OPEN, Q(owner_id=actor.user_id) & awake),
        "teams": (words.OPEN, Q(team_id__in=actor.team_ids)),
        "unassigned": (words.TIERS, Q(signed_at=None)),
        "waiting": (words.OPEN, Q(pk__in=asked)),
        "snoozed": (words.OPEN, asleep(actor)),
        "suspended": ((words.State.SUSPENDED,), Q()),
        "closure": ((words.State.CLOSURE, words.State.SURVEY), Q()),
        "all": (words.OPEN, Q()),
        "ended": (words.ENDED, Q()),
    }
