"""After the customer's hours only emergencies call anybody out: P1 and P2 page the on-call of the team (V-21)."""

from django.utils.translation import gettext_noop

from catalogue.promised import begins_at, promised_to
from escalation.oncall import LAYERS, who
from ledger.actor import SYSTEM, Actor
from ledger.models import Entry
from ledger.record import record
from tickets.models import Participant, Ticket, WorkItem
from tickets.words import Priority

CALLED_OUT = gettext_noop("Take it on now: it is after hours and cannot wait")  # stored in English
EMERGENCIES = frozenset({Priority.P1, Priority.P2})


def on_triaged(entry: Entry, *, about: Ticket, actor: Actor) -> None:
    """Reaction to ticket.triaged, in that command's transaction: engage whoever is on call for the team.

    Nothing by day, for P3 and P4, for a customer around the clock, and where nobody is on call.
    """
    ticket = about
    if ticket.priority not in EMERGENCIES or ticket.organisation is None or ticket.team is None:
        return
    entitlement = promised_to(ticket.organisation, entry.at).entitlement
    if entitlement is None or begins_at(entitlement.calendar.hours(), entry.at) is None:
        return
    region = ticket.organisation.region
    found = who(f"team:{ticket.team.uuid}", at=entry.at, organisation_id=ticket.organisation_id, region=region)
    if found.user is None or found.why not in LAYERS.values():
        return
    item = WorkItem.objects.create(
        ticket=ticket, source=WorkItem.Source.ENGAGEMENT, title=CALLED_OUT, owner_user=found.user, created_at=entry.at
    )
    Participant.objects.get_or_create(
        ticket=ticket, part=Participant.Part.ENGAGED, user=found.user, team=ticket.team, contact=None, label="",
        defaults={"since": entry.at},
    )  # fmt: skip
    if ticket.restricted:
        ticket.need_to_know.add(found.user)
    record(
        "ticket.on_call_engaged", chain=ticket.chain, actor=SYSTEM, at=entry.at, about=ticket,
        texts={"text": CALLED_OUT}, team=str(ticket.team.uuid), person=str(found.user.uuid), item=str(item.uuid),
    )  # fmt: skip
