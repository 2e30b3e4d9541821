"""Hand a decision to another person of the same function until a time; on the ticket's record (C-22)."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actors import actor_for
from accounts.models import User
from ledger.actor import Actor
from ledger.errors import Refused
from tickets.approving import ROLES_OF, require_decider, stands_for
from tickets.commands.base import ref, take, tell
from tickets.models import Approval, ApprovalHandover, Suspension, Ticket
from tickets.text import require_reason


@transaction.atomic
def delegate_decision(
    *, subject: Any, function: str, to_user_id: int, until: datetime, reason: str, actor: Actor, at: datetime
) -> ApprovalHandover:
    """Hand the decision on a suspension or request (its public id) to a person who may decide it, until `until`.

    From then on only they decide for that function; afterwards every approver of it again. Who hands must be able to
    decide it now; whoever handed it may hand it on, to themselves too: that takes it back.
    Raises Refused: unknown_approval, past_until, unknown_person, no_reason, and those of `require_decider`.
    """
    asked, ticket = _found(subject, actor)
    reason = require_reason(reason)
    if until <= at:
        raise Refused("past_until", _("Choose a time to come."), "until")
    held = ApprovalHandover.objects.filter(subject=subject, function=function).first()
    mine = held is not None and held.until > at and held.giver_id == actor.user_id and stands_for(actor, function)
    if not mine:
        _require(asked, function, actor, at)
    taker = User.objects.filter(pk=to_user_id, is_active=True, kind=User.Kind.STAFF).first()
    them = actor_for(taker) if taker is not None else None
    if (
        taker is None
        or them is None
        or not stands_for(them, function)
        or not Ticket.objects.visible_to(them).filter(pk=ticket.pk).exists()
    ):
        raise Refused("unknown_person", _("Choose somebody who approves for the same function."), "taker")
    if them.user_id in _taken(asked):
        raise Refused("same_person", _("They took part in asking. Choose another approver."), "taker")
    made = ApprovalHandover.objects.create(
        subject=subject, function=function, giver_id=actor.user_id or 0, taker=taker, until=until, reason=reason, at=at
    )
    facts = {"subject": str(subject), "function": function, "person": ref(taker), "until": until}
    tell("ticket.approval_handed", ticket, actor=actor, at=at, texts={"reason": reason}, **facts)
    return made


def approvers(function: str, *, but: set[int | None]) -> Any:
    """Return the active people who approve for a function, `but` some, by name."""
    rows = User.objects.filter(is_active=True, role_grants__role__in=ROLES_OF.get(function, ()))
    return rows.exclude(pk__in=[pk for pk in but if pk]).distinct().order_by("name")


def _found(subject: Any, actor: Actor) -> tuple[Suspension | Approval, Ticket]:
    asked: Suspension | Approval | None = Suspension.objects.filter(uuid=subject, state="requested").first()
    asked = asked or Approval.objects.filter(uuid=subject, state="requested").first()
    if asked is None or not Ticket.objects.visible_to(actor).filter(pk=asked.ticket_id).exists():
        raise Refused("unknown_approval", _("That request is not open any more. Look at the ticket again."))
    return asked, take(asked.ticket_id, actor, None)


def _may_see(actor: Actor, ticket: Ticket) -> bool:
    return Ticket.objects.visible_to(actor).filter(pk=ticket.pk).exists()


def _earlier(asked: Suspension | Approval) -> list[tuple[str, int]]:
    rows: Any = asked.approvals if isinstance(asked, Suspension) else asked.decisions
    return list(rows.values_list("function", "person_id"))


def _taken(asked: Suspension | Approval) -> set[int | None]:
    more = {asked.consent_recorded_by_id} if isinstance(asked, Suspension) else set()
    return {asked.requested_by_id, *more, *(person for _function, person in _earlier(asked))}


def _require(asked: Suspension | Approval, function: str, actor: Actor, at: datetime) -> None:
    require_decider(subject=asked.uuid, needed=asked.needed, function=function, earlier=_earlier(asked),
                    taken=_taken(asked), actor=actor, at=at)  # fmt: skip
