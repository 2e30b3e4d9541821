"""What somebody was told, newest first, with what they confirmed: the list of the ladder's own people (X-04, X-07)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from escalation.board import role_name, way
from escalation.models import Notification
from ledger.actor import Actor
from tickets.models import Ticket


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """One thing told. title, customer: "" where the reader may not learn of the ticket (any more) or it is restricted.

    state        confirmed, open (a duty nobody confirmed yet), over (not confirmed in time), told (nothing to confirm).
    escalation   whose page it leads to, None = the reader may not see it or it is of no escalation.
    """

    at: datetime
    number: str
    title: str
    customer: str
    what: str
    role: str
    ways: Sequence[str]
    state: str
    due_at: datetime | None
    confirmed_at: datetime | None
    how: str
    escalation: UUID | None


def messages_to(actor: Actor, *, only: str = "") -> QuerySet[Notification]:
    """Return what the desk told `actor`, one row for each thing told, newest first.

    only  "open" = duties of theirs not confirmed, "confirmed"; "" = all. On-screen rows: everything told has one.
    """
    rows = Notification.objects.filter(user_id=actor.user_id or 0, channel=Notification.Channel.WEB)
    rows = rows.filter(Q(firing__isnull=False) | Q(escalation__isnull=False))
    if only == "open":
        rows = rows.filter(duty__confirmed_at=None, duty__isnull=False, escalation__closed_at=None)
    elif only == "confirmed":
        rows = rows.filter(duty__confirmed_at__isnull=False)
    rows = rows.select_related(
        "ticket__organisation", "firing__rule", "duty__confirmed_by", "duty__escalation", "escalation"
    )
    return rows.order_by("-created_at", "-pk")


def told(rows: Iterable[Notification], actor: Actor, at: datetime) -> Iterator[Told]:
    """Yield a page of `messages_to` as it may be shown to `actor` now. 2 queries."""
    found = list(rows)
    tickets = Ticket.objects.visible_to(actor).filter(pk__in={row.ticket_id for row in found if row.ticket_id})
    seen = set(tickets.values_list("pk", flat=True))
    others = _others(found)
    for row in found:
        yield _told(row, row.ticket_id in seen, others.get((row.firing_id, row.role), ()), at)


def _others(rows: Sequence[Notification]) -> dict[Any, list[str]]:
    """The other ways the same thing was told by, by firing and role."""
    firings = {row.firing_id for row in rows if row.firing_id}
    users = {row.user_id for row in rows}
    made: dict[Any, list[str]] = {}
    same = Notification.objects.filter(firing__in=firings, user__in=users).exclude(channel=Notification.Channel.WEB)
    for row in same.order_by("created_at", "pk"):
        made.setdefault((row.firing_id, row.role), []).append(
            f"{row.get_channel_display()}: {row.get_state_display().lower()}"
        )
    return made


def _told(row: Notification, may_see: bool, ways: Sequence[str], at: datetime) -> Told:
    ticket, duty = row.ticket, row.duty
    open_words = ticket is not None and may_see and not ticket.restricted
    state = "told"
    if duty is not None:
        late = duty.due_at is not None and duty.due_at <= at
        state = "confirmed" if duty.confirmed_at else "over" if late else "open"
    return Told(
        at=row.created_at, number=ticket.number if ticket else "", title=ticket.title if ticket and open_words else "",
        customer=ticket.organisation.name if ticket and open_words and ticket.organisation else "", what=_what(row),
        role=role_name(row.role), ways=ways, state=state, due_at=duty.due_at if duty else None,
        confirmed_at=duty.confirmed_at if duty else None, how=_how(duty), escalation=_link(row, may_see),
    )  # fmt: skip


def _what(row: Notification) -> str:
    if row.firing is not None and row.firing.rule.label:
        return _(row.firing.rule.label)
    return {"news": _("How it stands"), "stand_down": _("It is over")}.get(row.kind, _("Called"))


def _how(duty: Any) -> str:
    if duty is None or not duty.confirmed_at:
        return ""
    by = duty.confirmed_by.name if duty.confirmed_by_id != duty.person_id and duty.confirmed_by else ""
    return _("%(way)s, by %(name)s") % {"way": way(duty.how), "name": by} if by else way(duty.how)


def _link(row: Notification, may_see: bool) -> UUID | None:
    escalation = row.escalation or (row.duty.escalation if row.duty else None)
    return escalation.uuid if escalation is not None and may_see else None
