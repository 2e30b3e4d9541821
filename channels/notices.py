"""What the inbox says beside the clocks: assigned, mentioned, the customer's word, what one watches. On screen only."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from accounts.actors import actor_for
from accounts.models import User
from channels.topics.about import as_uuid
from escalation.models import Notification
from ledger.actor import Actor
from ledger.ids import uuid7
from ledger.models import Entry
from ledger.unwatched import is_unwatched
from tickets.models import Ticket

HANDED = "handed"
ASSIGNED, MENTIONED, CUSTOMER, DISPUTED, REOPENED = "assigned", "mentioned", "customer", "disputed", "reopened"
SOLVED = "solved"
WATCHED = "watch:"  # followed by the fact


def on_ticket_fact(entry: Entry, *, about: Any, actor: Actor) -> None:
    """Put what `entry` means for a colleague into that colleague's inbox, in the fact's own transaction.

    Nobody is told of what they did themselves, and each person once. 1 query where nobody is meant, 4 more for each
    watcher.
    """
    if not isinstance(about, Ticket) or is_unwatched():
        return
    meant = MEANT[entry.name](entry, about) if entry.name in MEANT else ()
    told = dict.fromkeys(_watchers(about, actor), f"{WATCHED}{entry.name}") if entry.name in NEWS else {}
    told |= {user_id: why for user_id, why in meant if user_id != actor.user_id}
    Notification.objects.bulk_create([_notice(about, user_id, why, entry.at) for user_id, why in told.items()])


def _watchers(ticket: Ticket, actor: Actor) -> list[int]:
    """Who watches it and may still learn of it, but not who acts."""
    people = ticket.watchers.filter(is_active=True).exclude(pk=actor.user_id or 0).order_by("pk")
    same = Ticket.objects.filter(pk=ticket.pk)
    return [person.pk for person in people if same.visible_to(actor_for(person)).exists()]


def _assigned(entry: Entry, ticket: Ticket) -> Iterable[tuple[int, str]]:
    return [(ticket.owner_id, ASSIGNED)] if entry.data.get("owner") and ticket.owner_id else []


def _owner(why: str) -> Callable[[Entry, Ticket], Iterable[tuple[int, str]]]:
    """The owner the fact wakes, if it wakes one."""
    return lambda entry, ticket: [(ticket.owner_id, why)] if entry.data.get("wakes") and ticket.owner_id else []


def _note(entry: Entry, ticket: Ticket) -> Iterable[tuple[int, str]]:
    names = [as_uuid(each) for each in entry.data.get("mentions") or ()]
    people = User.objects.filter(uuid__in=names).values_list("pk", flat=True) if names else ()
    return [*((pk, MENTIONED) for pk in people), *_owner(CUSTOMER)(entry, ticket)]


def _taker(entry: Entry, ticket: Ticket) -> Iterable[tuple[int, str]]:
    """Whom a decision was handed to."""
    people = User.objects.filter(uuid=as_uuid(entry.data.get("person"))).values_list("pk", flat=True)
    return [(pk, HANDED) for pk in people]


MEANT: dict[str, Callable[[Entry, Ticket], Iterable[tuple[int, str]]]] = {
    "ticket.assigned": _assigned,
    "ticket.approval_handed": _taker,
    "note.added": _note,
    "ticket.disputed": _owner(DISPUTED),
    "ticket.reopened": _owner(REOPENED),
    "ticket.problem_solved": lambda entry, ticket: [(ticket.owner_id, SOLVED)] if ticket.owner_id else [],
}
NEWS = frozenset({
    "note.added", "ticket.transferred", "ticket.tier_changed", "ticket.became_critical", "ticket.suspended",
    "ticket.resumed", "ticket.resolved", "ticket.disputed", "ticket.reopened", "ticket.cancelled", "ticket.merged",
})  # fmt: skip


def _notice(ticket: Ticket, user_id: int, why: str, at: datetime) -> Notification:
    return Notification(
        ticket=ticket, user_id=user_id, role="owner", why=why, channel=Notification.Channel.WEB, kind="news",
        state=Notification.State.SENT, severity=3, idem_key=uuid7(), created_at=at, next_at=at, sent_at=at, attempts=1,
    )  # fmt: skip
