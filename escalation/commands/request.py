"""Ask for a formal management escalation of one ticket (X-02, X-03, X-08, A-06)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Contact
from escalation.commands.engage import engage_on_call_senior
from escalation.commands.production import is_production
from escalation.models import Escalation
from escalation.oncall import who
from ledger.actor import Actor
from ledger.errors import Refused
from ledger.record import record
from tickets import words
from tickets.lifecycle import require_verified
from tickets.models import Ticket

SEVERITY: dict[str, int] = {words.Priority.P1: 1, words.Priority.P2: 2}
RESOLVED = (words.State.CLOSURE, words.State.SURVEY)


@transaction.atomic
def request_escalation(
    *,
    ticket_id: int,
    reason: str,
    relation: str,
    requester_name: str = "",
    requester_contact_id: int | None = None,
    severity: int | None = None,
    actor: Actor,
    at: datetime,
) -> Escalation:
    """Open the ticket's escalation, or join the open one, whose anchors stay (decisions 15).

    relation  of `Escalation.Relation`; a customer is always "customer".
    severity  1 severe … 3 moderate; None = by priority.

    Raises Refused: unknown_ticket, not_open, not_verified, no_authority, reason_missing, unknown_relation,
    unknown_contact. Rules: X-02, X-03, A-06.
    """
    ticket = (
        Ticket.objects.visible_to(actor)
        .select_for_update(no_key=True, of=("self",))
        .select_related("organisation")
        .filter(pk=ticket_id)
        .first()
    )
    if ticket is None:
        raise Refused("unknown_ticket", _("There is no such ticket."), field="ticket")
    contact = _requester(ticket, requester_contact_id, relation, actor)
    _require(ticket, reason, relation, contact, actor)
    relation = Escalation.Relation.CUSTOMER if actor.is_customer else relation
    name = requester_name.strip() or (contact.name if contact else actor.name)
    open_one = Escalation.objects.filter(ticket=ticket, closed_at=None).first()
    if open_one is not None:
        return _join(open_one, ticket, reason, relation, name, actor, at)
    return _open(ticket, reason.strip(), relation, name, contact, severity, actor, at)


def _requester(ticket: Ticket, contact_id: int | None, relation: str, actor: Actor) -> Contact | None:
    if actor.is_customer:
        contact_id = actor.contact_id
    if contact_id is None or ticket.organisation_id is None:
        return None
    contact = Contact.objects.filter(pk=contact_id, organisation_id=ticket.organisation_id, active=True).first()
    if contact is None:
        raise Refused("unknown_contact", _("That person is not a contact of this customer."), field="requester_contact")
    if (actor.is_customer or relation == Escalation.Relation.CUSTOMER) and not contact.may_escalate:
        raise Refused(
            "no_authority",
            _("This contact may not escalate. Ask one who may, or escalate on the customer's behalf."),
            field="requester_contact",
        )
    return contact


def _require(ticket: Ticket, reason: str, relation: str, contact: Contact | None, actor: Actor) -> None:
    if ticket.state in words.ENDED or ticket.state in RESOLVED:
        raise Refused("not_open", _("Only an open ticket can be escalated. Dispute the solution or reopen it first."))
    require_verified(ticket, actor)
    if not reason.strip():
        raise Refused("reason_missing", _("Say why it needs management now."), field="reason")
    if not actor.is_customer and relation not in Escalation.Relation.values:
        raise Refused("unknown_relation", _("Choose who asks for it."), field="relation")


def _join(
    escalation: Escalation, ticket: Ticket, reason: str, relation: str, name: str, actor: Actor, at: datetime
) -> Escalation:
    record(
        "escalation.joined",
        chain=ticket.chain,
        actor=actor,
        at=at,
        about=escalation,
        texts={"reason": reason.strip(), "requester": name},
        escalation=str(escalation.uuid),
        relation=relation,
    )
    return escalation


def _open(
    ticket: Ticket,
    reason: str,
    relation: str,
    name: str,
    contact: Contact | None,
    severity: int | None,
    actor: Actor,
    at: datetime,
) -> Escalation:
    org = ticket.organisation
    manager = who("duty_manager", at=at, organisation_id=ticket.organisation_id, region=org.region if org else "")
    escalation = Escalation.objects.create(
        ticket=ticket,
        requested_at=at,
        requester_name=name[:120],
        requester_user_id=None if actor.is_customer else actor.user_id,
        requester_contact=contact,
        relation=relation,
        reason=reason,
        severity=severity or SEVERITY.get(ticket.priority, 3),
        production=is_production(ticket, at),
        duty_manager=manager.user,
    )
    record(
        "escalation.requested",
        chain=ticket.chain,
        actor=actor,
        at=at,
        about=escalation,
        texts={"reason": reason, "requester": name},
        escalation=str(escalation.uuid),
        relation=relation,
        production=escalation.production,
        severity=escalation.severity,
    )
    if escalation.production or ticket.critical:
        engage_on_call_senior(escalation, actor=actor, at=at)
    return escalation
