"""What customers are told: receipt, news, questions, extensions, surveys (C-02, C-05, C-10, X-06)."""

import contextlib
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Contact, Team
from channels.outbound.letter import Draft, Receiver
from channels.sealed import Box
from channels.topics.about import as_uuid, fact, limits, of_contact, portal_url, reporter_of, ticket_of
from ledger.actor import SYSTEM
from ledger.clock import now
from ledger.errors import Refused
from ledger.models import OutboxMessage
from tickets.commands.acknowledge import record_acknowledgement
from tickets.models import Commitment, Note, Suspension, Ticket
from tickets.words import SuspensionReason

SEE_TICKET = _("See the ticket")


def _to_reporter(message: OutboxMessage, template: str, **context: Any) -> list[Draft]:
    ticket = ticket_of(message)
    to = reporter_of(ticket)
    if ticket is None or to is None:
        return []
    return [Draft(to, template, _with_link(ticket, context), ticket)]


def _with_link(ticket: Ticket, context: dict[str, Any]) -> dict[str, Any]:
    return {"action_url": portal_url(ticket), "action": SEE_TICKET, **context}


def acknowledgement(message: OutboxMessage) -> list[Draft]:
    """The receipt: number, who has it, due times in the customer's zone (C-02). A prospect gets it where it wrote."""
    ticket = ticket_of(message)
    if ticket is None:
        return []
    to = reporter_of(ticket)
    if to is None and ticket.prospect and ticket.caller_email:
        return [Draft(Receiver(ticket.caller_email), "acknowledgement_prospect", {}, ticket)]
    promised = limits(ticket)
    context: dict[str, Any] = {"limits": promised, "holder": _holder(ticket)}
    if promised:
        context["due_at"] = promised[0][1]
    return [Draft(to, "acknowledgement", _with_link(ticket, context), ticket)] if to else []


def _holder(ticket: Ticket) -> Any:
    """Who has the ticket, in the customer's words: a person, a function by name, our lines as one team; "" nobody."""
    if ticket.owner is not None:
        return ticket.owner.name
    if ticket.team is None:
        return ""
    return ticket.team.name if ticket.team.tier == Team.Tier.FUNCTION else _("our service team")


def acknowledged(message: OutboxMessage, drafts: list[Draft]) -> None:
    """The receipt was handed over: stop the acknowledgement clock (E-3). A ticket ended or void meanwhile has none."""
    ticket = ticket_of(message)
    if not drafts or ticket is None or ticket.acknowledged_at is not None:
        return
    with contextlib.suppress(Refused), transaction.atomic():
        record_acknowledgement(ticket_id=ticket.pk, how="email", actor=SYSTEM, at=now())


def news(message: OutboxMessage) -> list[Draft]:
    """A public note of ours reaches the reporter (X-06); internal ones and the customer's own do not."""
    if not fact(message, "public") or fact(message, "author") == "contact":
        return []
    note = Note.objects.filter(uuid=as_uuid(fact(message, "note"))).select_related("text").first()
    if note is None or not note.public or note.retracted_at or not note.body:
        return []
    return _to_reporter(message, "customer_news", note=note.body, author=note.author_name, progress=note.progress)


def confirm_request(message: OutboxMessage) -> list[Draft]:
    """We think it is solved: confirm or say that it is not (V-15)."""
    ticket = ticket_of(message)
    solution = ticket.resolution if ticket else ""
    return _to_reporter(message, "confirm_request", solution=solution, action=_("Confirm or disagree"))


def consent_request(message: OutboxMessage) -> list[Draft]:
    """May we pause? Asked of those who may say so: the reporter, else contacts with authority (C-22)."""
    ticket = ticket_of(message)
    suspension = Suspension.objects.filter(uuid=as_uuid(fact(message, "suspension"))).first()
    if ticket is None or suspension is None or suspension.consent is not None:
        return []
    asked = {"reason": SuspensionReason(suspension.reason_code).label, "details": suspension.reason}
    context = _with_link(ticket, asked | {"until": suspension.until, "action": _("Answer")})
    return [Draft(to, "consent_request", context, ticket) for to in _may_consent(ticket)]


def _may_consent(ticket: Ticket) -> list[Receiver]:
    reporter = ticket.reporter
    if reporter is not None and (reporter.may_approve or reporter.may_change) and of_contact(reporter):
        return [of_contact(reporter)]  # type: ignore[list-item]
    able = Contact.objects.filter(organisation=ticket.organisation, active=True, may_approve=True)
    found = [of_contact(contact) for contact in able.select_related("organisation")[:5]]
    return [to for to in found if to is not None]


def extension(message: OutboxMessage) -> list[Draft]:
    """A promise moves: why, until when, and that we are sorry, before it is due (C-10)."""
    moved = Commitment.objects.filter(uuid=as_uuid(fact(message, "commitment"))).select_related("moved_to").first()
    if moved is None or moved.moved_to is None:
        return []
    return _to_reporter(
        message, "extension", before=moved.due_at, due_at=moved.moved_to.due_at, explanation=moved.explanation,
    )  # fmt: skip


def escalation_receipt(message: OutboxMessage) -> list[Draft]:
    """Whoever asked for the escalation hears that the duty manager has it (A-06)."""
    from escalation.models import Escalation

    escalation = Escalation.objects.filter(uuid=as_uuid(fact(message, "escalation"))).first()
    ticket = ticket_of(message)
    if escalation is None or ticket is None:
        return []
    to = of_contact(escalation.requester_contact) or reporter_of(ticket)
    return [Draft(to, "escalation_receipt", _with_link(ticket, {}), ticket)] if to else []


def survey(message: OutboxMessage) -> list[Draft]:
    """One question round; the payload (written by quality) names the contact and holds the sealed token (V-15)."""
    ticket = ticket_of(message)
    contact = Contact.objects.filter(uuid=as_uuid(message.payload.get("contact"))).first()
    token, to = Box("survey").open(message.payload.get("token", "")), of_contact(contact)
    if ticket is None or to is None or token is None:
        return []
    context = {"action_url": f"{settings.BASE_URL}/s/{token}/", "action": _("Rate our work")}
    return [Draft(to, "survey", context, ticket)]


def blank_token(message: OutboxMessage) -> None:
    """A sent survey's token is kept nowhere but in the mail."""
    rest = {key: value for key, value in message.payload.items() if key != "token"}
    OutboxMessage.objects.filter(pk=message.pk).update(payload=rest)
