"""A pause only on conditions, with the customer's consent, by every function, all people distinct (C-22)."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from ledger.actor import Actor
from ledger.errors import Refused
from tickets import lifecycle, words
from tickets.approving import require_decider, rule_of
from tickets.commands.base import fresh, ref, store, take, tell
from tickets.commands.consent import by_email_or_call, open_request
from tickets.commands.participants import take_part
from tickets.commands.resume import resume, withdraw_suspension
from tickets.models import Suspension, SuspensionApproval, Ticket
from tickets.text import require_reason
from tickets.words import State

__all__ = [
    "decide_suspension",
    "record_consent",
    "request_suspension",
    "resume",
    "withdraw_suspension",
]


@transaction.atomic
def request_suspension(
    *,
    ticket_id: int,
    reason_code: str,
    reason: str,
    until: datetime,
    actor: Actor,
    at: datetime,
    version: int | None = None,
) -> Ticket:
    """Ask for a pause until an agreed time; the clocks run on until the last approval.

    Raises Refused("bad_reason"), ("no_reason"), ("past_until"), ("suspension_open").
    """
    ticket = take(ticket_id, actor, version)
    lifecycle.require(ticket, "request_suspension", actor)
    if reason_code not in words.SuspensionReason.values:
        raise Refused(
            "bad_reason", _("A ticket is suspended only on the conditions of the list. Choose one."), "reason_code"
        )
    reason = require_reason(reason)
    if until <= at:
        raise Refused("past_until", _("Choose a time to come for the work to go on."), "until")
    made = Suspension.objects.create(
        ticket=ticket,
        reason_code=reason_code,
        reason=reason,
        until=until,
        needed=list(rule_of("suspension").functions),
        requested_by_id=actor.user_id,
        requested_at=at,
    )
    store(ticket)
    facts = {"suspension": ref(made), "reason": reason_code, "until": until, "needed": made.needed}
    tell("ticket.suspension_requested", ticket, actor=actor, at=at, texts={"words": reason}, **facts)
    return fresh(ticket)


@transaction.atomic
def record_consent(
    *,
    suspension_id: int,
    given: bool,
    how: str,
    actor: Actor,
    at: datetime,
    contact_id: int | None = None,
    version: int | None = None,
) -> Ticket:
    """Put the customer's consent, or its refusal, on record. A refusal ends the request.

    A customer speaks for itself (authority approve or change); staff name the contact who spoke and how.
    Raises Refused("unknown_suspension"), ("consent_known"), ("unknown_contact"), ("no_authority"), ("bad_how").
    """
    suspension, ticket = open_request(suspension_id, actor, version)
    lifecycle.require(ticket, "record_consent", actor)
    if suspension.consent is not None:
        raise Refused("consent_known", _("The customer's answer is on record already. Ask the approvers to decide."))
    contact = by_email_or_call(ticket, actor, contact_id, how)
    suspension.consent, suspension.consent_at, suspension.consent_contact = given, at, contact
    suspension.consent_how = "portal" if actor.is_customer else how
    suspension.consent_recorded_by_id = None if actor.is_customer else actor.user_id
    if not given:
        suspension.state, suspension.ended_at = Suspension.State.DECLINED, at
    suspension.save()
    store(ticket)
    take_part(ticket, "customer", at=at, contact_id=contact.pk)
    name = "ticket.consent_given" if given else "ticket.consent_refused"
    facts: dict[str, Any] = {"suspension": ref(suspension), "how": suspension.consent_how, "contact": ref(contact)}
    tell(name, ticket, actor=actor, at=at, **facts)
    return fresh(ticket)


@transaction.atomic
def decide_suspension(
    *,
    suspension_id: int,
    function: str,
    approved: bool,
    actor: Actor,
    at: datetime,
    reason: str = "",
    version: int | None = None,
) -> Ticket:
    """Approve or decline for one function; the last approval pauses the clocks, a decline ends the request.

    Raises Refused("not_needed"), ("no_role"), ("same_person"), ("decided"), ("handed_over"), ("no_consent"),
    ("no_reason").
    """
    suspension, ticket = open_request(suspension_id, actor, version)
    lifecycle.require(ticket, "decide_suspension", actor)
    earlier = list(suspension.approvals.values_list("function", "person_id"))
    taken = {suspension.requested_by_id, suspension.consent_recorded_by_id}
    require_decider(subject=suspension.uuid, needed=suspension.needed, function=function, earlier=earlier, taken=taken,
                    actor=actor, at=at)  # fmt: skip
    if approved and suspension.consent is not True:
        raise Refused("no_consent", _("The customer has not consented yet. Record the consent first."))
    reason = reason.strip() if approved else require_reason(reason)
    SuspensionApproval.objects.create(
        suspension=suspension, function=function, person_id=actor.user_id or 0, approved=approved, reason=reason, at=at
    )
    take_part(ticket, "approver", at=at, user_id=actor.user_id)
    facts: dict[str, Any] = {"suspension": ref(suspension), "function": function}
    done = set(suspension.approvals.filter(approved=True).values_list("function", flat=True))
    last = approved and set(suspension.needed) <= done
    if last:
        suspension.state, suspension.approved_at = Suspension.State.APPROVED, at
        facts |= {"until": suspension.until, "state_from": ticket.state, "state_to": State.SUSPENDED}
        ticket.suspend()
    elif not approved:
        suspension.state, suspension.ended_at = Suspension.State.DECLINED, at
    suspension.save()
    store(ticket)
    step = "ticket.suspended" if last else "ticket.suspension_approved" if approved else "ticket.suspension_declined"
    tell(step, ticket, actor=actor, at=at, texts={"reason": reason}, **facts)
    return fresh(ticket)
