"""The manager's thirty minutes: review the case, contact the customer, then agree the plan (A-07, A-08)."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.models import Contact
from escalation.commands.locked import locked_escalation, require_manager
from escalation.models import Escalation
from ledger.actor import Actor
from ledger.errors import Refused
from ledger.record import keep_text, record
from tickets import words
from tickets.commands.note import add_note
from tickets.models import Interaction, Participant, Ticket, WorkItem


@transaction.atomic
def record_review(*, escalation_id: int, text: str, actor: Actor, at: datetime) -> Escalation:
    """Record that a manager has reviewed the case; `text` says what was found.

    Raises Refused: unknown_escalation, closed, not_verified, not_manager, already_reviewed, text_missing. Rule A-07.
    """
    escalation = locked_escalation(escalation_id, actor)
    require_manager(actor, escalation)
    if escalation.reviewed_at is not None:
        raise Refused("already_reviewed", _("The case is reviewed already."))
    if not text.strip():
        raise Refused("text_missing", _("Say what the review found."), field="text")
    escalation.reviewed_at, escalation.reviewed_by_id = at, actor.user_id
    escalation.save(update_fields=["reviewed_at", "reviewed_by"])
    _record("escalation.reviewed", escalation, actor, at, text)
    return escalation


@transaction.atomic
def record_customer_contact(
    *, escalation_id: int, text: str, contact_id: int, number: str = "", actor: Actor, at: datetime
) -> Escalation:
    """Record that the manager spoke with a contact of the customer: an outbound call with what was said.

    number  dialled, in E.164; empty = the contact's first stored one.

    Raises Refused: unknown_escalation, closed, not_verified, not_manager, already_contacted, unknown_contact,
    text_missing. Rule A-07: only this together with the review stops the thirty minutes.
    """
    escalation = locked_escalation(escalation_id, actor)
    ticket = escalation.ticket
    require_manager(actor, escalation)
    if escalation.contacted_at is not None:
        raise Refused("already_contacted", _("The first contact is on record. Add further news as a case note."))
    known = Contact.objects.filter(organisation=ticket.organisation, active=True)
    contact = known.filter(pk=contact_id).first()
    if contact is None:
        raise Refused("unknown_contact", _("Choose a contact of this customer."), field="contact")
    if not text.strip():
        raise Refused("text_missing", _("Say what was told and agreed."), field="text")
    call = Interaction.objects.create(
        channel=words.Channel.CALL, direction=Interaction.Direction.OUT, started_at=at, answered_at=at, ended_at=at,
        caller_number=number.strip() or (contact.phones.values_list("number", flat=True).first() or ""),
        agent_id=actor.user_id, organisation_id=ticket.organisation_id, contact=contact, ticket=ticket,
        disposition=Interaction.Disposition.REACHED, summary=keep_text(ticket.chain, "summary", text.strip()),
    )  # fmt: skip
    Participant.objects.get_or_create(
        ticket=ticket, part=Participant.Part.CUSTOMER, contact=contact, user=None, team=None, label="",
        defaults={"since": at},
    )  # fmt: skip
    escalation.contacted_at = at
    escalation.save(update_fields=["contacted_at"])
    _record("escalation.customer_contacted", escalation, actor, at, "", contact=str(contact.uuid), call=str(call.uuid))
    return escalation


@transaction.atomic
def agree_plan(*, escalation_id: int, actor: Actor, at: datetime) -> Escalation:
    """Record the action plan as agreed: its items become public and it is written into the case notes.

    Raises Refused: unknown_escalation, closed, not_verified, not_manager, not_contacted, already_agreed, no_plan.
    Every item has an owner: the command that adds one and the database refuse it otherwise. Rule A-08.
    """
    escalation = locked_escalation(escalation_id, actor)
    ticket = escalation.ticket
    require_manager(actor, escalation)
    if escalation.contacted_at is None:
        raise Refused("not_contacted", _("Contact the customer first; the plan is agreed with them."))
    if escalation.plan_agreed_at is not None:
        raise Refused("already_agreed", _("The plan is agreed already. Change its items on the ticket."))
    items = list(
        WorkItem.objects.filter(ticket=ticket, source=WorkItem.Source.PLAN)
        .exclude(state=WorkItem.State.SKIPPED)
        .select_related("owner_user", "owner_team", "owner_contact")
    )
    if not items:
        raise Refused("no_plan", _("Add at least one item with an owner to the action plan first."))
    if any(item.owner is None for item in items):
        raise Refused("no_owner", _("Give every item of the plan an owner first."))
    WorkItem.objects.filter(pk__in=[item.pk for item in items]).update(public=True)
    escalation.plan_agreed_at = at
    escalation.save(update_fields=["plan_agreed_at"])
    add_note(ticket_id=ticket.pk, body=_in_writing(ticket, items), public=True, actor=actor, at=at)
    _record("escalation.plan_agreed", escalation, actor, at, "", items=[str(item.uuid) for item in items])
    return escalation


def _in_writing(ticket: Ticket, items: list[WorkItem]) -> str:
    """The plan as the note the customer reads: in the reporter's language, not in that of whoever agreed it."""
    with translation.override(ticket.reporter.language if ticket.reporter else settings.LANGUAGE_CODE):
        return "\n".join([_t("Action plan agreed:"), "", *(f"- {item.shown} – {item.owner}" for item in items)])


def _record(name: str, escalation: Escalation, actor: Actor, at: datetime, text: str, **data: object) -> None:
    record(
        name,
        chain=escalation.ticket.chain,
        actor=actor,
        at=at,
        about=escalation,
        texts={"text": text.strip()},
        escalation=str(escalation.uuid),
        **data,
    )
