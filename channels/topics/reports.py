"""A released fault report goes out with its paper: to the customer and to everyone who took part (C-24, C-26)."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from accounts.models import Contact, Team, User
from channels.outbound.letter import Draft, Paper, Receiver
from channels.topics.about import as_uuid, of_contact, of_user, portal_url, ticket_of
from ledger.models import OutboxMessage


def fault_report(message: OutboxMessage) -> list[Draft]:
    """One letter to each, with the version the customer may read as PDF; without it where this machine draws none.

    The paper is drawn once for each language. A restricted ticket's letter has neither words nor paper.
    """
    ticket = ticket_of(message)
    if ticket is None:
        return []
    drawn: dict[str, tuple[Paper, ...]] = {}
    context = {"number": message.payload.get("number", 1)}
    drafts: dict[str, Draft] = {}
    for to, inside in _receivers(message.payload):
        if to.language not in drawn:
            drawn[to.language] = () if ticket.restricted else _papers(message.payload.get("edition", ""), to.language)
        url = f"{settings.BASE_URL}/desk/reports/{message.payload.get('edition')}/" if inside else portal_url(ticket)
        link = {"action_url": url, "action": _("Read the report"), "attached": bool(drawn[to.language])}
        draft = Draft(to, "fault_report", {**context, **link}, ticket, papers=drawn[to.language])
        drafts.setdefault(draft.key, draft)
    return list(drafts.values())


def _receivers(payload: dict[str, Any]) -> Iterator[tuple[Receiver, bool]]:
    """Everyone who can be written to: (receiver, whether one of ours)."""
    ids = {kind: [as_uuid(one) for one in payload.get(kind, ())] for kind in ("contacts", "users", "teams")}
    contacts = Contact.objects.select_related("organisation").in_bulk(ids["contacts"], field_name="uuid")
    users = User.objects.in_bulk(ids["users"], field_name="uuid")
    teams = Team.objects.exclude(email="").in_bulk(ids["teams"], field_name="uuid")
    found: list[tuple[Receiver | None, bool]] = [
        *((of_contact(contacts.get(pk)), False) for pk in ids["contacts"]),
        *((of_user(users.get(pk)), True) for pk in ids["users"]),
        *((Receiver(teams[pk].email, teams[pk].name), True) for pk in ids["teams"] if pk in teams),
    ]
    yield from ((to, inside) for to, inside in found if to is not None)


def _papers(edition: str, language: str) -> tuple[Paper, ...]:
    drawn = import_string(settings.REPORT_PAPER)(edition, language)
    return (Paper(drawn[0], drawn[1], "application/pdf"),) if drawn else ()
