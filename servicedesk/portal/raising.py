"""A customer raises a ticket: logged, verified by the sign-in itself, received; one transaction (decisions 16)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.models import Contact
from accounts.verification import Proof
from catalogue.models import Service
from ledger.actor import SYSTEM, Actor
from ledger.errors import Refused
from servicedesk.portal import words
from tickets.commands.acknowledge import record_acknowledgement
from tickets.commands.interaction import end_interaction, start_interaction
from tickets.commands.log import LogTicket, begin_verification, log_ticket
from tickets.commands.note import add_note
from tickets.commands.verify import attempt_verification, verify
from tickets.models import Ticket
from tickets.text import require_number

TITLE = 100


@dataclass(frozen=True, slots=True)
class Raised:
    """What a customer filled in, cleaned: the values of `RaiseForm`."""

    data: dict[str, Any]

    @property
    def title(self) -> str:
        """The first sentence of what happens, cut at 100 characters."""
        first = self.data["what"].strip().split("\n")[0].split(". ")[0].split("。")[0].strip().rstrip(".")
        return first if len(first) <= TITLE else first[: TITLE - 1].rstrip() + "…"

    @property
    def description(self) -> str:
        """What has no field of its own: the urgency in the customer's words and their reference."""
        lines = [_t("How urgent: %(urgency)s") % {"urgency": dict(words.URGENCIES)[self.data["urgency"]]}]
        if self.data["reference"]:
            lines.append(_t("Customer's reference: %(reference)s") % {"reference": self.data["reference"]})
        return "\n".join(lines)


@transaction.atomic
def raise_ticket(raised: Raised, *, contact: Contact, actor: Actor, at: datetime) -> Ticket:
    """Open a ticket of the signed-in contact and leave it for triage. All or nothing.

    The page that follows tells number and time at once, which is the receipt (C-02); the letter goes out as well.

    Raises Refused of the commands, their fields named as in `RaiseForm`; not_verified when the organisation is not
    active or the contact may not report.
    """
    try:
        return _raise(raised, contact, actor, at)
    except Refused as refusal:
        refusal.field = FIELDS.get(refusal.field or "", refusal.field)
        raise


FIELDS = {
    "callback_number": "callback", "title": "what", "problem_what": "what", "problem_since": "since",
    "problem_where": "where", "problem_impact": "impact", "problem_changed": "changed", "service_id": "service",
    "site_id": "site",
}  # fmt: skip


def _raise(raised: Raised, contact: Contact, actor: Actor, at: datetime) -> Ticket:
    data = raised.data
    number = require_number(data["callback"])
    message = start_interaction(channel="portal", direction="in", actor=actor, at=at)
    ticket = log_ticket(_intake(raised, contact, message.pk, number), actor=actor, at=at)
    who: dict[str, Any] = {"ticket_id": ticket.pk, "actor": actor, "at": at}
    begin_verification(ticket_id=ticket.pk, actor=SYSTEM, at=at)
    organisation = contact.organisation
    proof = attempt_verification(
        interaction_id=message.pk, contact_id=contact.pk, company=organisation.name,
        account_number=organisation.account_number, proof=Proof(method="portal"), **who,
    )  # fmt: skip
    if proof.outcome != "passed":
        raise Refused("not_verified", _("We cannot take this here. Call the service desk; we help you at any hour."))
    ticket = verify(
        ticket_id=ticket.pk, callback_number=number, callback_confirmed=True, verification_id=proof.pk,
        actor=SYSTEM, at=at,
    )  # fmt: skip
    ticket = record_acknowledgement(ticket_id=ticket.pk, how="portal", actor=SYSTEM, at=at)
    if data["attachments"]:
        body = _t("Files sent with the report.")
        add_note(body=body, public=True, channel="portal", attachments=data["attachments"], **who)
    end_interaction(interaction_id=message.pk, actor=actor, at=at)
    return ticket


def _intake(raised: Raised, contact: Contact, interaction_id: int, number: str) -> LogTicket:
    data = raised.data
    service: Service | None = data["service"]
    site = data["site"] or (service.site if service else None)
    return LogTicket(
        channel="portal",
        title=raised.title,
        kind=data["kind"],
        description=raised.description,
        caller_email=contact.email or (contact.user.email if contact.user else ""),
        caller_phone=number if not contact.phones.exists() else "",
        contact_id=contact.pk,
        interaction_id=interaction_id,
        callback_number=number,
        problem_what=data["what"],
        problem_since=data["since"],
        problem_where=data["where"],
        problem_impact=data["impact"],
        problem_changed=data["changed"],
        service_id=service.pk if service else None,
        site_id=site.pk if site else None,
        urgent=data["urgency"] == "high",
    )
