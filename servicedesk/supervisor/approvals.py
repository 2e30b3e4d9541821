"""What the approvals page shows of each request, and why a reader may not decide it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from escalation.board_filters import Filters
from ledger.actor import Actor
from servicedesk.supervisor.approval_forms import DecisionForm, HandForm
from servicedesk.supervisor.approval_kinds import KINDS, Kind, Pending
from servicedesk.web.times import moment
from tickets import queries_maintenance
from tickets.models import Ticket
from tickets.models.approval import handed

Refusal = tuple[UUID, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One request. `off` says why the reader cannot decide, "" if they can.

    left     functions still to decide, in words; decided: what is decided, in words.
    hands    who holds which decision until when, in words.   hand: to hand one's own decision on, None = not offered.
    """

    kind: Kind
    asked: Pending
    left: Sequence[str]
    decided: Sequence[str]
    hands: Sequence[str]
    off: str
    form: DecisionForm | None
    hand: HandForm | None


def count(actor: Actor, filters: Filters) -> int:
    """Return how many decisions wait that everybody of the reader's scope may see. 1 query a kind."""
    anyone = replace(actor, user_id=0)
    tickets = Ticket.objects.visible_to(anyone).filter(filters.tickets(), restricted=False)
    planned = queries_maintenance.waiting(anyone).count() if filters == Filters() else 0
    return planned + sum(kind.count(tickets, anyone) for kind in KINDS)


def every(actor: Actor, at: datetime) -> list[tuple[Kind, Pending]]:
    """Return the open requests `actor` may see, by kind. 2 queries a kind."""
    return [(kind, asked) for kind in KINDS for asked in kind.pending(actor, at)]


def waiting(actor: Actor, at: datetime, *, only: str = "", refused: Refusal | None = None) -> list[Row]:
    """Return the rows of the page, of one kind or of all. `refused`: the request whose form came back."""
    found = [(kind, asked) for kind, asked in every(actor, at) if not only or kind.name == only]
    held = handed([asked.uuid for _kind, asked in found], at) if found else {}
    return [_row(kind, asked, held, actor, at, refused) for kind, asked in found]


def _row(kind: Kind, asked: Pending, held: Any, actor: Actor, at: datetime, refused: Refusal | None) -> Row:
    done = {function for function, _person, _name in asked.decided}
    left = [function for function in asked.needed if function not in done]
    mine = [function for function in left if actor.has_role(*kind.roles.get(function, ()))]
    free = [function for function in mine if _free(held.get((asked.uuid, function)), actor)]
    hands = {function: held[asked.uuid, function] for function in left if (asked.uuid, function) in held}
    off = _off(asked, actor, mine, free, hands)
    returned = refused[1] if refused is not None and refused[0] == asked.uuid else None
    given = [f for f in mine if f in free or (f in hands and hands[f].giver_id == actor.user_id)]
    may_hand = asked.delegated and given and actor.user_id not in asked.taken and not _voted(asked, actor)
    hand = HandForm(None, asked=asked, kind=kind, functions=given, actor=actor) if may_hand else None
    form = None if off else DecisionForm(None, asked=asked, kind=kind, functions=free)
    return Row(
        kind=kind, asked=asked, off=off,
        left=[str(kind.functions.get(function, function)) for function in left],
        decided=[f"{name} · {kind.functions.get(function, function)}" for function, _person, name in asked.decided],
        hands=[_held(row, at) for row in hands.values()],
        form=returned if isinstance(returned, DecisionForm) else form,
        hand=returned if isinstance(returned, HandForm) else hand,
    )  # fmt: skip


def _free(held: Any, actor: Actor) -> bool:
    return held is None or held.taker_id == actor.user_id


def _voted(asked: Pending, actor: Actor) -> bool:
    return any(person == actor.user_id for _function, person, _name in asked.decided)


def _held(row: Any, at: datetime) -> str:
    words = _("%(taker)s decides until %(until)s, handed on by %(giver)s")
    return words % {"taker": row.taker.name, "until": moment(row.until, at), "giver": row.giver.name}


def _off(asked: Pending, actor: Actor, mine: Sequence[str], free: Sequence[str], hands: Any) -> str:
    if actor.user_id in asked.taken:
        return _("You asked for it yourself. Another approver must decide.")
    if _voted(asked, actor):
        return _("You have decided already. The other function must be decided by another person.")
    if not mine:
        return _("You are not an approver for what is left to decide.")
    if not free:
        return _("It is in the hands of %(name)s.") % {"name": hands[mine[0]].taker.name}
    return ""
