"""To whom a released report goes: the customer who reported it, and everyone it names as having taken part (C-24)."""

from ledger.clock import real_now
from ledger.models import Entry, OutboxMessage
from quality.reports import people
from quality.reports.models import Edition
from tickets.models import Ticket

TOPIC = "mail.fault_report"


def recipients(ticket: Ticket, edition: Edition) -> dict[str, list[str]]:
    """Return public ids by kind: contacts (the reporter first), users and teams, each once."""
    listed = people.from_json(edition.people)
    reporter = [str(ticket.reporter.uuid)] if ticket.reporter is not None else []
    return {
        "contacts": list(dict.fromkeys([*reporter, *(person.contact for person in listed if person.contact)])),
        "users": list(dict.fromkeys(person.user for person in listed if person.user)),
        "teams": list(dict.fromkeys(person.team for person in listed if person.team)),
    }


def queue(entry: Entry, ticket: Ticket, edition: Edition) -> OutboxMessage:
    """Queue the letter of one release, inside the caller's transaction."""
    payload = {"edition": str(edition.uuid), "number": edition.number, **recipients(ticket, edition)}
    return OutboxMessage.objects.create(entry=entry, topic=TOPIC, payload=payload, due_at=real_now())
