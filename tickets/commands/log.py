"""The call is written down: log, intake, begin of verification (V-06, P-01, P-03). None of it needs verification."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Contact, Organisation
from ledger.actor import Actor
from ledger.errors import Refused
from tickets import lifecycle, words
from tickets.commands.base import fresh, store, take, tell
from tickets.commands.intake import INTAKE_FIELDS, bind_interaction, clean_intake
from tickets.models import Ticket
from tickets.numbers import next_number


@dataclass(frozen=True, kw_only=True, slots=True)
class LogTicket:
    """What is known when a call, mail or alarm comes in. `received_at` None = now; ids are claims, not proofs."""

    channel: str
    title: str
    kind: str = "fault"
    description: str = ""
    caller_name: str = ""
    caller_organisation: str = ""
    caller_email: str = ""
    caller_phone: str = ""
    organisation_id: int | None = None
    contact_id: int | None = None
    interaction_id: int | None = None
    callback_number: str = ""
    problem_what: str = ""
    problem_since: str = ""
    problem_where: str = ""
    problem_impact: str = ""
    problem_changed: str = ""
    service_id: int | None = None
    site_id: int | None = None
    urgent: bool = False
    prospect: bool = False
    restricted: bool = False
    received_at: datetime | None = None


@transaction.atomic
def log_ticket(intake: LogTicket, *, actor: Actor, at: datetime) -> Ticket:
    """Create the ticket in intake, tie the interaction to it, start the acknowledgement clock by its fact.

    A customer logs for its own organisation as itself (authority report). Security incidents are restricted at
    once (V-11). Raises Refused("no_title"), ("bad_kind"), ("bad_channel"), ("unknown_contact"), ("not_allowed").
    """
    if intake.channel not in words.Channel.values:
        raise Refused("bad_channel", _("Choose the channel from the list."), "channel")
    organisation, contact = _claimed(intake, actor)
    fields = clean_intake({name: getattr(intake, name) for name in INTAKE_FIELDS}, actor=actor)
    for name, value in _known_of(contact).items():
        fields[name] = fields[name] or value
    ticket = Ticket(
        number=next_number(),
        channel=intake.channel,
        organisation=organisation,
        reporter=contact,
        prospect=intake.prospect,
        restricted=intake.restricted or intake.kind == words.Kind.SECURITY,
        received_at=intake.received_at or at,
        **fields,
    )
    ticket.save()
    if ticket.restricted:
        _let_know(ticket, actor)
    if intake.interaction_id is not None:
        bind_interaction(intake.interaction_id, ticket, actor=actor)
    tell("ticket.logged", ticket, actor=actor, at=at, channel=ticket.channel, kind=ticket.kind)
    return fresh(ticket)


@transaction.atomic
def update_intake(*, ticket_id: int, actor: Actor, at: datetime, version: int | None = None, **fields) -> Ticket:
    """Change typed fields of a ticket not yet verified; only the fields given. Raises Refused("bad_field")."""
    ticket = take(ticket_id, actor, version)
    lifecycle.require(ticket, "update_intake", actor)
    unknown = set(fields) - set(INTAKE_FIELDS)
    if unknown:
        raise Refused("bad_field", _("This cannot be changed at intake. Change it after triage."), min(unknown))
    changed = []
    for name, value in clean_intake(fields, actor=actor).items():
        if getattr(ticket, name) != value:
            setattr(ticket, name, value)
            changed.append(name)
    if changed:
        if ticket.kind == words.Kind.SECURITY and not ticket.restricted:
            ticket.restricted = True
            _let_know(ticket, actor)
        store(ticket)
        tell("ticket.intake_changed", ticket, actor=actor, at=at, fields=sorted(changed))
    return fresh(ticket)


@transaction.atomic
def begin_verification(*, ticket_id: int, actor: Actor, at: datetime, version: int | None = None) -> Ticket:
    """Move intake → auth once the four fields and a description are there (P-03)."""
    ticket = take(ticket_id, actor, version)
    lifecycle.require(ticket, "begin_verification", actor)
    ticket.begin_verification()
    store(ticket)
    tell("ticket.verification_begun", ticket, actor=actor, at=at, state_from="intake", state_to=ticket.state)
    return fresh(ticket)


def _claimed(intake: LogTicket, actor: Actor) -> tuple[Organisation | None, Contact | None]:
    """Return who the caller is said to be; for a customer who it is."""
    if actor.is_customer:
        if "report" not in actor.authorities:
            raise Refused("not_allowed", _("You may not report for your organisation. Ask its administrator."))
        own = Contact.objects.select_related("organisation").get(pk=actor.contact_id or 0)
        return own.organisation, own
    if actor.kind == "integration" and "tickets:write" not in actor.scopes:
        raise Refused("not_allowed", _("This token may not change tickets. Ask for the scope tickets:write."))
    if intake.contact_id is not None:
        visible = Contact.objects.visible_to(actor).select_related("organisation")
        contact = visible.filter(pk=intake.contact_id, active=True).first()
        if contact is None or intake.organisation_id not in {None, contact.organisation_id}:
            raise Refused("unknown_contact", _("We do not know that contact. Choose another."), "contact_id")
        return contact.organisation, contact
    if intake.organisation_id is None:
        return None, None
    organisation = Organisation.objects.visible_to(actor).filter(pk=intake.organisation_id).first()
    if organisation is None:
        raise Refused("unknown_organisation", _("We do not know that organisation. Choose another."), "organisation_id")
    return organisation, None


def _let_know(ticket: Ticket, actor: Actor) -> None:
    """Whoever restricts, knows."""
    if actor.is_staff and actor.user_id is not None:
        ticket.need_to_know.add(actor.user_id)


def _known_of(contact: Contact | None) -> dict[str, str]:
    if contact is None:
        return {}
    return {
        "caller_name": contact.name,
        "caller_organisation": contact.organisation.name,
        "caller_email": contact.email,
        "caller_phone": contact.phones.values_list("number", flat=True).first() or "",
    }
