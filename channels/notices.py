"""What the inbox says beside the clocks: assigned to you, mentioned, the customer's word. On screen only."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from accounts.models import User
from channels.topics.about import as_uuid
from escalation.models import Notification
from ledger.actor import Actor
from ledger.ids import uuid7
from ledger.models import Entry
from ledger.unwatched import is_unwatched
from tickets.models import Ticket

ASSIGNED, MENTIONED, CUSTOMER, DISPUTED, REOPENED = "assigned", "mentioned", "customer", "disputed", "reopened"


def on_ticket_fact(entry: Entry, *, about: Any, actor: Actor) -> None:
    """Put what `entry` means for a colleague into that colleague's inbox, in the fact's own transaction.

    Nobody is told of what they did themselves. 0 queries where nobody is meant.
    """
    if not isinstance(about, Ticket) or is_unwatched():
        return
    told = {user_id: why for user_id, why in MEANT[entry.name](entry, about) if user_id != actor.user_id}
    Notification.objects.bulk_create([_notice(about, user_id, why, entry.at) for user_id, why in told.items()])


def _assigned(entry: Entry, ticket: Ticket) -> Iterable[tuple[int, str]]:
    return [(ticket.owner_id, ASSIGNED)] if entry.data.get("owner") and ticket.owner_id else []


def _owner(why: str) -> Callable[[Entry, Ticket], Iterable[tuple[int, str]]]:
    """The owner the fact wakes, if it wakes one."""
    return lambda entry, ticket: [(ticket.owner_id, why)] if entry.data.get("wakes") and ticket.owner_id else []


def _note(entry: Entry, ticket: Ticket) -> Iterable[tuple[int, str]]:
    names = [as_uuid(each) for each in entry.data.get("mentions") or ()]
    people = User.objects.filter(uuid__in=names).values_list("pk", flat=True) if names else ()
    return [*((pk, MENTIONED) for pk in people), *_owner(CUSTOMER)(entry, ticket)]


MEANT: dict[str, Callable[[Entry, Ticket], Iterable[tuple[int, str]]]] = {
    "ticket.assigned": _assigned,
    "note.added": _note,
    "ticket.disputed": _owner(DISPUTED),
    "ticket.reopened": _owner(REOPENED),
}


def _notice(ticket: Ticket, user_id: int, why: str, at: datetime) -> Notification:
    return Notification(
        ticket=ticket, user_id=user_id, role="owner", why=why, channel=Notification.Channel.WEB, kind="news",
        state=Notification.State.SENT, severity=3, idem_key=uuid7(), created_at=at, next_at=at, sent_at=at, attempts=1,
    )  # fmt: skip
