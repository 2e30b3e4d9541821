"""What an agent may not do alone: raise a priority far above its proposal, reopen late. Asked for, decided, done."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from ledger.actor import Actor
from ledger.errors import Refused
from tickets import lifecycle, words
from tickets.approving import above_proposal, require_decider, rule_of
from tickets.commands.base import fresh, ref, store, take, tell
from tickets.commands.close import begin_again, reopen_days
from tickets.commands.correct import set_priority
from tickets.commands.participants import take_part
from tickets.models import Approval, ApprovalDecision, Ticket
from tickets.text import require_reason

Kind, State = Approval.Kind, Approval.State


@transaction.atomic
def request_priority(
    *, ticket_id: int, priority: str, reason: str, actor: Actor, at: datetime, version: int | None = None
) -> Ticket:
    """Ask for a priority above what impact and urgency propose; it changes with the last approval.

    Raises Refused: bad_priority, nothing_changed, not_needed (no approval is needed: change it), no_reason, asked.
    """
    ticket = take(ticket_id, actor, version)
    lifecycle.require(ticket, "request_approval", actor)
    if priority not in words.Priority.values:
        raise Refused("bad_priority", _("Choose the priority from the list."), "priority")
    if priority == ticket.priority:
        raise Refused("nothing_changed", _("The ticket has that priority already. Choose another."), "priority")
    rule = rule_of("priority")
    if not rule.active or above_proposal(ticket, priority)[0] <= rule.steps:
        raise Refused("not_needed", _("This priority needs no approval. Change it."), "priority")
    return _ask(ticket, Kind.PRIORITY, rule.functions, reason, actor, at, before=ticket.priority, wanted=priority)


@transaction.atomic
def request_reopen(*, ticket_id: int, reason: str, actor: Actor, at: datetime, version: int | None = None) -> Ticket:
    """Ask to open a ticket again after the set time; it opens with the last approval.

    Raises Refused: in_time (it can be reopened without), not_needed, no_reason, asked.
    """
    ticket = take(ticket_id, actor, version)
    lifecycle.require(ticket, "request_reopen", actor)
    if ticket.closed_at is not None and at <= ticket.closed_at + timedelta(days=reopen_days()):
        raise Refused("in_time", _("The set time has not passed. Reopen it."))
    rule = rule_of("reopen")
    if not rule.active:
        raise Refused("not_needed", _("Late tickets are not reopened here. Raise a follow-up."))
    return _ask(ticket, Kind.REOPEN, rule.functions, reason, actor, at)


def _ask(
    ticket: Ticket, kind: str, functions: list[str], reason: str, actor: Actor, at: datetime, **more: str
) -> Ticket:
    reason = require_reason(reason)
    if not actor.is_staff or actor.user_id is None:
        raise Refused("not_allowed", _("You may not do this yourself. Ask the service desk to do it."))
    if Approval.objects.filter(ticket=ticket, kind=kind, state=State.REQUESTED).exists():
        raise Refused("asked", _("Somebody has asked for it already. It waits for its approval."))
    made = Approval.objects.create(
        ticket=ticket,
        kind=kind,
        reason=reason,
        needed=functions,
        requested_by_id=actor.user_id,
        requested_at=at,
        **more,
    )
    store(ticket)
    facts = {"approval": ref(made), "what": kind, "needed": functions, **more}
    tell("ticket.approval_requested", ticket, actor=actor, at=at, texts={"words": reason}, **facts)
    return fresh(ticket)


@transaction.atomic
def decide_approval(
    *, approval_id: int, function: str, approved: bool, reason: str, actor: Actor, at: datetime,
    version: int | None = None,
) -> Ticket:  # fmt: skip
    """Approve or decline for one function, with a reason. The last approval does what was asked; a decline ends it.

    Raises Refused: unknown_approval, not_needed, no_role, same_person, decided, handed_over, no_reason, wrong_state.
    """
    approval, ticket = _open(approval_id, actor, version)
    earlier = list(approval.decisions.values_list("function", "person_id"))
    require_decider(subject=approval.uuid, needed=approval.needed, function=function, earlier=earlier,
                    taken={approval.requested_by_id}, actor=actor, at=at)  # fmt: skip
    reason = require_reason(reason)
    ApprovalDecision.objects.create(
        approval=approval, function=function, person_id=actor.user_id or 0, approved=approved, reason=reason, at=at
    )
    take_part(ticket, "approver", at=at, user_id=actor.user_id)
    left = set(approval.needed) - {function} - {name for name, _person in earlier}
    facts = {"approval": ref(approval), "what": approval.kind, "function": function, "wanted": approval.wanted}
    if approved and left:
        tell("ticket.approval_given", ticket, actor=actor, at=at, texts={"reason": reason}, **facts)
        return fresh(ticket)
    approval.state, approval.ended_at = State.APPROVED if approved else State.DECLINED, at
    approval.save()
    name = "ticket.approval_complete" if approved else "ticket.approval_declined"
    tell(name, ticket, actor=actor, at=at, texts={"reason": reason}, **facts)
    if approved:
        _do(approval, ticket, actor, at)
    return fresh(ticket)


@transaction.atomic
def withdraw_approval(*, approval_id: int, actor: Actor, at: datetime, version: int | None = None) -> Ticket:
    """Take one's own request back. Raises Refused: unknown_approval, not_allowed."""
    approval, ticket = _open(approval_id, actor, version)
    if approval.requested_by_id != actor.user_id:
        raise Refused("not_allowed", _("Only who asked takes the request back. Decline it instead."))
    approval.state, approval.ended_at = State.WITHDRAWN, at
    approval.save()
    tell("ticket.approval_withdrawn", ticket, actor=actor, at=at, approval=ref(approval), what=approval.kind)
    return fresh(ticket)


def _do(approval: Approval, ticket: Ticket, actor: Actor, at: datetime) -> None:
    if approval.kind == Kind.PRIORITY:
        lifecycle.require_state(ticket, "reprioritise")
        set_priority(ticket, approval.wanted, approval.reason, actor=actor, at=at)
    else:
        lifecycle.require_state(ticket, "reopen")
        begin_again(ticket, approval.reason, actor=actor, at=at)


def _open(approval_id: int, actor: Actor, version: int | None) -> tuple[Approval, Ticket]:
    """Lock the ticket, then return its request that still waits. Raises Refused("unknown_approval")."""
    unknown = Refused("unknown_approval", _("That request is not open any more. Look at the ticket again."))
    named = Approval.objects.visible_to(actor).filter(pk=approval_id).values_list("ticket_id", flat=True).first()
    if named is None:
        raise unknown
    ticket = take(named, actor, version)
    approval = Approval.objects.select_for_update(no_key=True).get(pk=approval_id)
    if approval.state != State.REQUESTED:
        raise unknown
    return approval, ticket
