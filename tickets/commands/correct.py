"""Setting right what triage or the gate said: class, priority, criticality, customer. Each with a reason."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Contact
from ledger.actor import Actor
from ledger.errors import Refused
from tickets import lifecycle, words
from tickets.approving import require_within_steps
from tickets.commands.base import fresh, ref, store, take, tell
from tickets.commands.dispatch import attach_playbook
from tickets.commands.participants import take_part
from tickets.commands.subject import require_classified, set_restricted, set_subject
from tickets.models import Ticket
from tickets.priority import decide_priority
from tickets.text import clean_line, require_reason

CHANGEABLE = ("kind", "category", "issue_type", "impact", "urgency", "scope", "service_id", "site_id",
              "no_service_reason", "title")  # fmt: skip


class _Answers:
    """The ticket's present answers with the changed ones over them, in the shape triage has."""

    def __init__(self, ticket: Ticket, changes: dict[str, Any]) -> None:
        self.kind: str
        self.category: str
        self.impact: str
        self.urgency: str
        for name in CHANGEABLE:
            setattr(self, name, changes.get(name, getattr(ticket, name)))
        self.also_affected = list(ticket.also_affected.values_list("pk", flat=True))


@transaction.atomic
def reclassify(
    *, ticket_id: int, reason: str, actor: Actor, at: datetime, version: int | None = None, **changes: Any
) -> Ticket:
    """Change kind, category, issue type, impact, urgency, scope, service, site or title; the fact names each with
    before and after. Priority stays: that is `reprioritise`. Policies that newly apply arm from now (domain.md).

    Raises Refused("nothing_changed"), ("bad_field"), ("unclassified") and the refusals of triage.
    """
    ticket = take(ticket_id, actor, version)
    lifecycle.require(ticket, "reclassify", actor)
    reason = require_reason(reason)
    if unknown := set(changes) - set(CHANGEABLE):
        raise Refused("bad_field", _("This cannot be changed here. Use the command made for it."), min(unknown))
    before = {name: getattr(ticket, name) for name in CHANGEABLE}
    answers = _Answers(ticket, changes)
    if ticket.state != words.State.TRIAGE:
        require_classified(answers.kind, answers.category, answers.impact, answers.urgency)
        set_subject(ticket, answers, actor=actor)
    for name in CHANGEABLE:
        value = getattr(answers, name)
        setattr(ticket, name, clean_line(value)[:200] if name in {"title", "issue_type"} else value)
    changed = {n: [before[n], getattr(ticket, n)] for n in CHANGEABLE if getattr(ticket, n) != before[n]}
    if not changed:
        raise Refused("nothing_changed", _("Nothing was changed. Choose what is different."))
    set_restricted(ticket, None, actor=actor)
    store(ticket)
    if "category" in changed and ticket.state != words.State.TRIAGE:
        attach_playbook(ticket, at=at)
    hidden = {"title", "no_service_reason", "service_id", "site_id", "issue_type"}
    facts = {n: ["", ""] if n in hidden else pair for n, pair in changed.items()}
    tell("ticket.reclassified", ticket, actor=actor, at=at, texts={"reason": reason}, changes=facts)
    return fresh(ticket)


@transaction.atomic
def reprioritise(
    *, ticket_id: int, priority: str, reason: str, actor: Actor, at: datetime, version: int | None = None
) -> Ticket:
    """Change the priority, with a reason.

    Raises Refused("bad_priority"), ("nothing_changed"), ("no_reason"), ("approval_needed") above what an agent may.
    """
    ticket = take(ticket_id, actor, version)
    lifecycle.require(ticket, "reprioritise", actor)
    reason = require_reason(reason)
    if priority == ticket.priority:
        raise Refused("nothing_changed", _("The ticket has that priority already. Choose another."), "priority")
    require_within_steps(ticket, priority, actor)
    set_priority(ticket, priority, reason, actor=actor, at=at)
    return fresh(ticket)


def set_priority(ticket: Ticket, priority: str, reason: str, *, actor: Actor, at: datetime) -> None:
    """Store and tell another priority on a locked ticket, once somebody may. Raises Refused("bad_priority")."""
    before = ticket.priority
    ticket.priority, _proposed = decide_priority("high", "high", priority, reason)
    store(ticket)
    tell(
        "ticket.reprioritised", ticket, actor=actor, at=at, texts={"reason": reason}, before=before,
        after=ticket.priority,
    )  # fmt: skip


@transaction.atomic
def set_critical(
    *, ticket_id: int, reason: str, actor: Actor, at: datetime, critical: bool = True, version: int | None = None
) -> Ticket:
    """Declare it critical: P1, and the priority escalation requests itself (X-08); or take that back.

    An escalation once requested goes on: taking it back does not close it.
    """
    ticket = take(ticket_id, actor, version)
    lifecycle.require(ticket, "reprioritise", actor)
    reason = require_reason(reason)
    if critical == ticket.critical:
        raise Refused("nothing_changed", _("Nothing was changed. Choose what is different."), "critical")
    before = ticket.priority
    ticket.critical = critical
    ticket.priority = "P1" if critical else ticket.priority
    store(ticket)
    name = "ticket.became_critical" if critical else "ticket.no_longer_critical"
    facts = {"before": before, "after": ticket.priority}
    tell(name, ticket, actor=actor, at=at, texts={"reason": reason}, **facts)
    return fresh(ticket)


@transaction.atomic
def correct_customer(
    *,
    ticket_id: int,
    organisation_id: int,
    contact_id: int,
    reason: str,
    actor: Actor,
    at: datetime,
    version: int | None = None,
) -> Ticket:
    """Put the ticket under the customer it really is of. The verification is void: verify again before any work.

    Service, site and also-affected of the former customer are taken off. Raises Refused("unknown_contact"),
    ("nothing_changed"), ("no_reason").
    """
    ticket = take(ticket_id, actor, version)
    lifecycle.require(ticket, "correct_customer", actor)
    reason = require_reason(reason)
    contact = Contact.objects.visible_to(actor).filter(pk=contact_id, active=True).first()
    if contact is None or contact.organisation_id != organisation_id:
        raise Refused("unknown_contact", _("We do not know that contact. Choose another."), "contact_id")
    if (ticket.organisation_id, ticket.reporter_id) == (organisation_id, contact_id):
        raise Refused("nothing_changed", _("The ticket is of that customer already. Choose another."), "contact_id")
    before, before_contact = ticket.organisation, ticket.reporter
    if ticket.organisation_id != organisation_id:
        ticket.service = ticket.site = None
        ticket.also_affected.clear()
    ticket.organisation_id, ticket.reporter, ticket.verification = organisation_id, contact, None
    ticket.callback_number, ticket.callback_confirmed_at = "", None
    store(ticket)
    take_part(ticket, "reporter", at=at, contact_id=contact_id)
    facts = {"before": [ref(before), ref(before_contact)], "after": [ref(contact.organisation), ref(contact)]}
    tell("ticket.customer_corrected", ticket, actor=actor, at=at, texts={"reason": reason}, **facts)
    return fresh(ticket)
