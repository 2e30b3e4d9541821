"""The end, and beginning again: close, reopen, follow up, cancel (V-15)."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Verification
from ledger.actor import Actor
from ledger.errors import Refused
from tickets import lifecycle
from tickets.commands.base import fresh, ref, store, take, tell
from tickets.commands.child import open_child
from tickets.commands.endings import end_open_matters
from tickets.models import Ticket
from tickets.text import require_reason

KNOWLEDGE = ("none", "draft", "linked")
FOLLOW_UP = ("none", "planned")


def reopen_days() -> int:
    """Return within how many days a closed ticket may be opened again (configurable, 14)."""
    return getattr(settings, "TICKET_REOPEN_DAYS", 14)


@transaction.atomic
def close(
    *,
    ticket_id: int,
    knowledge_decision: str,
    follow_up_decision: str,
    actor: Actor,
    at: datetime,
    follow_up_at: datetime | None = None,
    version: int | None = None,
) -> Ticket:
    """Close with everything decided (V-15): knowledge none, draft or linked; follow-up none or planned at a time.

    Raises Refused("undecided") naming the field, ("survey_waits") while the customer can still answer.
    """
    ticket = take(ticket_id, actor, version)
    lifecycle.require(ticket, "close", actor)
    for field, value, known in (
        ("knowledge_decision", knowledge_decision, KNOWLEDGE),
        ("follow_up_decision", follow_up_decision, FOLLOW_UP),
    ):
        if value not in known:
            raise Refused("undecided", _("Decide on knowledge and follow-up before you close."), field)
    if (follow_up_decision == "planned") != (follow_up_at is not None and follow_up_at > at):
        raise Refused("undecided", _("A planned follow-up needs a time to come, no follow-up none."), "follow_up_at")
    if survey_waits(ticket, at):
        raise Refused(
            "survey_waits", _("The customer can still answer the survey. Close when it is answered or expired.")
        )
    ticket.close()
    ticket.knowledge_decision, ticket.follow_up_decision = knowledge_decision, follow_up_decision
    ticket.follow_up_at, ticket.closed_at = follow_up_at, at
    store(ticket)
    facts: dict[str, Any] = {
        "knowledge": knowledge_decision,
        "follow_up": follow_up_decision,
        "follow_up_at": follow_up_at,
    }
    tell("ticket.closed", ticket, actor=actor, at=at, state_from="survey", state_to=ticket.state, **facts)
    return fresh(ticket)


@transaction.atomic
def reopen(*, ticket_id: int, reason: str, actor: Actor, at: datetime, version: int | None = None) -> Ticket:
    """Open it again within 14 days, in a new run of the clocks, for triage. Raises Refused("too_old") later on."""
    ticket = take(ticket_id, actor, version)
    lifecycle.require(ticket, "reopen", actor)
    reason = require_reason(reason)
    days = reopen_days()
    if ticket.closed_at is None or at > ticket.closed_at + timedelta(days=days):
        message = _("This ticket was closed more than %(days)s days ago. Raise a follow-up instead.") % {"days": days}
        raise Refused("too_old", message, days=days)
    begin_again(ticket, reason, actor=actor, at=at)
    return fresh(ticket)


def begin_again(ticket: Ticket, reason: str, *, actor: Actor, at: datetime) -> None:
    """Bring a locked, closed ticket back to triage in a new run of the clocks, once somebody may."""
    ticket.reopen()
    ticket.run_no += 1
    ticket.first_dispatched_at = ticket.dispatched_at = ticket.signed_at = ticket.contacted_at = None
    ticket.resolved_at = ticket.confirmed_at = ticket.closed_at = ticket.follow_up_at = None
    ticket.confirmed_how = ticket.knowledge_decision = ticket.follow_up_decision = ""
    store(ticket)
    facts = {"run_no": ticket.run_no, "state_from": "closed", "state_to": ticket.state, "wakes": ref(ticket.owner)}
    tell("ticket.reopened", ticket, actor=actor, at=at, texts={"reason": reason}, **facts)


@transaction.atomic
def follow_up_ticket(
    *, ticket_id: int, title: str, actor: Actor, at: datetime, description: str = "", channel: str = ""
) -> Ticket:
    """Open a new ticket that follows an ended one: same customer, reporter and service, linked, in triage."""
    ticket = take(ticket_id, actor)
    lifecycle.require(ticket, "follow_up", actor)
    proof = "portal" if actor.is_customer else "token" if actor.kind == "integration" else "internal"
    made = Verification.objects.create(
        organisation_id=ticket.organisation_id,
        contact_id=actor.contact_id or ticket.reporter_id,
        proof=proof,
        outcome="passed",
        by_id=None if actor.is_customer else actor.user_id,
        at=at,
    )
    channel = channel or ("portal" if actor.is_customer else "internal")
    return open_child(
        ticket, title=title, description=description, channel=channel, verification=made, relation="follows",
        actor=actor, at=at,
    )  # fmt: skip


@transaction.atomic
def cancel(*, ticket_id: int, reason: str, actor: Actor, at: datetime, version: int | None = None) -> Ticket:
    """End it without a solution, with a reason; the customer may withdraw its own."""
    ticket = take(ticket_id, actor, version)
    lifecycle.require(ticket, "cancel", actor)
    reason = require_reason(reason)
    was = ticket.state
    ticket.cancel()
    ticket.end_reason = "by_customer" if actor.is_customer else "cancelled"
    store(ticket)
    end_open_matters(ticket, at=at)
    facts = {"reason": ticket.end_reason, "state_from": was, "state_to": ticket.state}
    tell("ticket.cancelled", ticket, actor=actor, at=at, texts={"words": reason}, **facts)
    return fresh(ticket)


def survey_waits(ticket: Ticket, at: datetime) -> bool:
    """Whether a survey of this ticket can still be answered; surveys stand above, read by reverse name."""
    return ticket.surveys.filter(answered_at=None, expires_at__gt=at).exists()
