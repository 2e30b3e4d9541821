"""The action plan and promises: every item has an owner, every promise a time (A-08, C-04, C-09, C-10)."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Contact, Team, User
from ledger.actor import Actor
from ledger.errors import Refused
from tickets import lifecycle
from tickets.commands.base import ref, take, tell
from tickets.commands.participants import take_part
from tickets.commands.settle import extend_work_item, finish_work_item, keep_promise, move_promise, skip_work_item
from tickets.models import Commitment, Participant, Ticket, WorkItem
from tickets.text import clean_line

__all__ = [
    "add_participant",
    "add_work_item",
    "extend_work_item",
    "finish_work_item",
    "keep_promise",
    "move_promise",
    "promise",
    "promise_on",
    "skip_work_item",
]


@transaction.atomic
def add_work_item(
    *,
    ticket_id: int,
    title: str,
    actor: Actor,
    at: datetime,
    owner_user_id: int | None = None,
    owner_team_id: int | None = None,
    owner_contact_id: int | None = None,
    due_at: datetime | None = None,
    mandatory: bool = False,
    public: bool = False,
    source: str = "plan",
) -> WorkItem:
    """Add one item with exactly one owner (A-08). Additive: no version.

    Raises Refused("no_title"), ("no_owner"), ("unknown_owner"), ("past_due") for a due time already gone.
    """
    ticket = take(ticket_id, actor)
    lifecycle.require(ticket, "plan", actor)
    title = clean_line(title)[:200]
    if not title:
        raise Refused("no_title", _("Say what is to be done."), "title")
    if due_at is not None and due_at <= at:
        raise Refused("past_due", _("That time is gone already. Choose a later one."), "due_at")
    owner = _owner(ticket, owner_user_id, owner_team_id, owner_contact_id)
    item = WorkItem.objects.create(
        ticket=ticket,
        source=source,
        title=title,
        due_at=due_at,
        mandatory=mandatory,
        public=public,
        position=ticket.work_items.count() + 1,
        created_at=at,
        **owner,
    )
    tell("work_item.added", ticket, actor=actor, at=at, item=ref(item), public=public, mandatory=mandatory)
    return item


@transaction.atomic
def promise(*, ticket_id: int, kind: str, due_at: datetime, actor: Actor, at: datetime, text: str = "") -> Commitment:
    """Promise the customer something by a time (C-09). Raises Refused("bad_kind"), ("past_due")."""
    ticket = take(ticket_id, actor)
    lifecycle.require(ticket, "promise", actor)
    return promise_on(ticket, kind=kind, due_at=due_at, text=text, actor=actor, at=at)


def promise_on(ticket: Ticket, *, kind: str, due_at: datetime, text: str, actor: Actor, at: datetime) -> Commitment:
    """Write a promise on a ticket already held."""
    if kind not in Commitment.Kind.values:
        raise Refused("bad_kind", _("Choose what you promise from the list."), "kind")
    if due_at <= at:
        raise Refused("past_due", _("That time is gone already. Choose a later one."), "due_at")
    made = Commitment.objects.create(
        ticket=ticket, kind=kind, text=clean_line(text)[:240], due_at=due_at, made_by_id=actor.user_id, made_at=at
    )
    tell("commitment.made", ticket, actor=actor, at=at, commitment=ref(made), kind=kind, due_at=due_at)
    return made


@transaction.atomic
def add_participant(
    *,
    ticket_id: int,
    part: str,
    actor: Actor,
    at: datetime,
    user_id: int | None = None,
    contact_id: int | None = None,
    team_id: int | None = None,
    label: str = "",
) -> Participant:
    """Name somebody who took part and is not gathered by itself (C-24). Raises Refused("bad_part"), ("nobody")."""
    ticket = take(ticket_id, actor)
    lifecycle.require(ticket, "add_participant", actor)
    label = clean_line(label)[:120]
    if part not in Participant.Part.values:
        raise Refused("bad_part", _("Choose the part from the list."), "part")
    if sum(value not in (None, "") for value in (user_id, contact_id, team_id, label)) != 1:
        raise Refused("nobody", _("Name one person, team or company."), "label")
    _known(ticket, user_id, team_id, contact_id)
    who: dict[str, Any] = {"user_id": user_id, "contact_id": contact_id, "team_id": team_id, "label": label}
    take_part(ticket, part, at=at, **who)
    made = Participant.objects.get(ticket=ticket, part=part, **who)
    tell("participant.added", ticket, actor=actor, at=at, participant=ref(made), part=part)
    return made


def _owner(ticket: Ticket, user_id: int | None, team_id: int | None, contact_id: int | None) -> dict[str, int]:
    given = {"owner_user_id": user_id, "owner_team_id": team_id, "owner_contact_id": contact_id}
    owner = {name: pk for name, pk in given.items() if pk is not None}
    if len(owner) != 1:
        raise Refused("no_owner", _("Give every item exactly one owner."), "owner_user_id")
    _known(ticket, user_id, team_id, contact_id)
    return owner


def _known(ticket: Ticket, user_id: int | None, team_id: int | None, contact_id: int | None) -> None:
    found = (
        (user_id is None or User.objects.filter(pk=user_id, kind="staff", is_active=True).exists())
        and (team_id is None or Team.objects.filter(pk=team_id, active=True).exists())
        and (
            contact_id is None
            or Contact.objects.filter(pk=contact_id, organisation_id=ticket.organisation_id or 0, active=True).exists()
        )
    )
    if not found:
        raise Refused("unknown_owner", _("We do not know that person or team. Choose another."), "owner_user_id")
