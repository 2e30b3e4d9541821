"""Tickets of Northgate in every state a customer meets, made by the commands; and a client that is signed in."""

import re
from datetime import datetime, timedelta

from django.test import Client

from accounts.actors import contact_actor
from accounts.models import Contact
from accounts.verification import Proof
from ledger.actor import SYSTEM
from servicedesk.portal.forms import fresh_key
from tests.factories.cast import Cast
from tickets.commands.interaction import end_interaction, start_interaction
from tickets.commands.log import LogTicket, begin_verification, log_ticket
from tickets.commands.resolve import resolve
from tickets.commands.suspend import request_suspension
from tickets.commands.triage import Triage, triage
from tickets.commands.verify import attempt_verification, verify
from tickets.commands.work import sign_for
from tickets.models import Ticket

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
_CHANGING = re.compile(r'(csrfmiddlewaretoken" value="|X-CSRFToken&quot;: &quot;|data-now=")[^"&]*')


def signed_in(contact: Contact) -> Client:
    """Return a browser without script, signed in as `contact`."""
    client = Client()
    client.force_login(contact.user, backend=BACKEND)
    return client


def steady(body: bytes, *paths: str) -> str:
    """Return a page without what differs on every load (CSRF tokens) and without its own address."""
    text = _CHANGING.sub(r"\1", body.decode())
    for path in paths:
        text = text.replace(path, "/here/")
    return text


def reported(
    cast: Cast, at: datetime, *, contact: Contact | None = None, title: str = "Packet loss", **fields
) -> Ticket:
    """Return a ticket in triage that `contact` (Ada) reported through the portal."""
    contact = contact or cast.ada
    actor = contact_actor(contact, contact.user)
    message = start_interaction(channel="portal", direction="in", actor=actor, at=at)
    intake = {"problem_what": title, "caller_email": contact.email, "service_id": cast.service.pk, **fields}
    if contact.organisation_id != cast.northgate.pk:
        intake["service_id"] = None
    ticket = log_ticket(
        LogTicket(channel="portal", title=title, contact_id=contact.pk, interaction_id=message.pk, **intake),
        actor=actor, at=at,
    )  # fmt: skip
    who = {"ticket_id": ticket.pk, "actor": actor, "at": at}
    begin_verification(ticket_id=ticket.pk, actor=SYSTEM, at=at)
    organisation = contact.organisation
    proof = attempt_verification(
        interaction_id=message.pk, contact_id=contact.pk, company=organisation.name,
        account_number=organisation.account_number, proof=Proof(method="portal"), **who,
    )  # fmt: skip
    end_interaction(interaction_id=message.pk, actor=actor, at=at)
    return verify(
        ticket_id=ticket.pk, callback_number="+61355500142", callback_confirmed=True, verification_id=proof.pk,
        actor=SYSTEM, at=at,
    )  # fmt: skip


def at_work(cast: Cast, at: datetime, **fields) -> Ticket:
    """Return a ticket in L1 that Bo has signed for."""
    ticket = reported(cast, at, **fields)
    facts = Triage(
        kind="fault", category="network_degradation", impact="medium", urgency="medium", scope="single",
        service_id=ticket.service_id or cast.service.pk, team_id=cast.l1.pk, tier="l1",
    )  # fmt: skip
    triage(ticket_id=ticket.pk, triage=facts, actor=cast.cy_actor, at=at)
    return sign_for(ticket_id=ticket.pk, actor=cast.bo_actor, at=at)


def asked_to_pause(cast: Cast, at: datetime, **fields) -> Ticket:
    """Return a ticket at work whose customer is asked for consent to a pause of a day."""
    ticket = at_work(cast, at, **fields)
    return request_suspension(
        ticket_id=ticket.pk, reason_code="customer_unavailable", reason="The comms room opens tomorrow at nine.",
        until=at + timedelta(days=1), actor=cast.bo_actor, at=at,
    )  # fmt: skip


def solved(cast: Cast, at: datetime, **fields) -> Ticket:
    """Return a resolved ticket that waits for the customer's word."""
    ticket = at_work(cast, at, **fields)
    return resolve(
        ticket_id=ticket.pk, resolution_code="fixed", cause_code="hardware", cause="Copper run was damaged.",
        resolution="Replaced the copper run between basement and comms room.", participants_confirmed=True,
        actor=cast.bo_actor, at=at,
    )  # fmt: skip


def do(client: Client, ticket: Ticket, act: str, **data):
    """Send one act as a browser without script does."""
    return client.post(f"/portal/tickets/{ticket.number}/{act}/", {"once": fresh_key(), **data})


def state(ticket: Ticket) -> str:
    """Return the state the ticket has now."""
    return Ticket.objects.get(pk=ticket.pk).state
