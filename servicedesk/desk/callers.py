"""Who may be on the line: candidates to choose from. Choosing proves nothing."""

from dataclasses import dataclass
from uuid import UUID

from accounts.models import Contact
from catalogue.queries import find_customers
from ledger.actor import Actor

LIMIT = 8


@dataclass(frozen=True, slots=True)
class Candidate:
    """One person to choose. `hint` says what matched; no address, number or account is shown."""

    uuid: UUID
    name: str
    organisation: str
    hint: str
    active: bool


def matches(text: str, actor: Actor) -> list[Candidate]:
    """Return up to eight people for what was typed; an organisation or a service stands for its people."""
    found = find_customers(text, actor, LIMIT)
    people = [
        Candidate(m.contact_uuid, m.name, m.organisation, m.matched_on, m.active) for m in found if m.contact_uuid
    ]
    organisations = {m.organisation_id: m for m in found if not m.contact_uuid}
    if organisations and len(people) < LIMIT:
        seen = {p.uuid for p in people}
        rows = Contact.objects.visible_to(actor).filter(organisation_id__in=organisations, active=True)
        for row in rows.select_related("organisation").exclude(uuid__in=seen)[: LIMIT - len(people)]:
            match = organisations[row.organisation_id]
            people.append(Candidate(row.uuid, row.name, row.organisation.name, match.matched_on, match.active))
    return people


def contact(uuid: str, actor: Actor) -> Contact | None:
    """Return the active contact with this public id, None for a bad or unseen one."""
    try:
        wanted = UUID(uuid)
    except ValueError:
        return None
    rows = Contact.objects.visible_to(actor).select_related("organisation")
    return rows.filter(uuid=wanted, active=True).first()
