"""Who took part in a run of a fault (C-24): gathered from what was recorded, completed by a person."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from accounts.models import Contact, Team, User
from escalation.models import Duty, Notification
from tickets.models import Interaction, Note, Participant, SuspensionApproval, Ticket

Part = Participant.Part
KINDS = ("user", "contact", "team")
ORDER = tuple(Part.values)


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """One line of "who took part". Exactly one of `user`, `contact`, `team` (public ids as text) and `label` is set.

    part  one of `Participant.Part`. note  what they did, in a few words; may be empty.
    """

    part: str
    user: str = ""
    contact: str = ""
    team: str = ""
    label: str = ""
    note: str = ""

    @property
    def key(self) -> tuple[str, ...]:
        """What makes two lines the same one."""
        return (self.part, self.user, self.contact, self.team, self.label.casefold())

    def as_json(self) -> dict[str, str]:
        """Return the line as it is stored, empty parts left out."""
        words = {name: getattr(self, name) for name in (*KINDS, "label", "note")}
        return {"part": self.part, **{name: value for name, value in words.items() if value}}


def from_json(rows: Iterable[dict[str, Any]]) -> list[Person]:
    """Return stored lines."""
    return [Person(**row) for row in rows]


def gathered(ticket: Ticket, *, since: datetime) -> list[Person]:
    """Return everyone the records of a run name, each once per part, in the order of the parts. 6 queries.

    since  begin of the run. Duty staff, contractors and helpers, leaders informed, the customer's people, approvers.
    """
    found: dict[tuple[str, ...], Person] = {}
    for person in _named(ticket, since):
        found.setdefault(person.key, person)
    owners = {p.user for p in found.values() if p.part == Part.OWNER}
    kept = [p for p in found.values() if not (p.part == Part.WORKED and p.user in owners)]
    return sorted(kept, key=lambda person: ORDER.index(person.part))


def merged(listed: Iterable[Person], new: Iterable[Person]) -> list[Person]:
    """Return `listed` as it stands, with those of `new` that it lacks after it."""
    kept = list(listed)
    known = {person.key for person in kept}
    return kept + [person for person in new if person.key not in known]


def names(people: Iterable[Person]) -> dict[str, str]:
    """Return public id → name of everyone listed. 3 queries at most, none for nobody."""
    people = list(people)
    found: dict[str, str] = {}
    for kind, model in zip(KINDS, (User, Contact, Team), strict=True):
        ids = {UUID(getattr(person, kind)) for person in people if getattr(person, kind)}
        if ids:
            rows = model._default_manager.filter(uuid__in=ids).values_list("uuid", "name")
            found.update({str(uuid): name for uuid, name in rows})
    return found


def _named(ticket: Ticket, since: datetime) -> Iterator[Person]:
    for row in ticket.participants.select_related("user", "contact", "team").order_by("since", "pk"):
        yield Person(part=row.part, user=_id(row.user), contact=_id(row.contact), team=_id(row.team), label=row.label)
    if ticket.owner is not None:
        yield Person(part=Part.OWNER, user=str(ticket.owner.uuid))
    wrote = Note.objects.filter(ticket=ticket, at__gte=since, author_user__isnull=False).values("author_user")
    talked = Interaction.objects.filter(ticket=ticket, started_at__gte=since, agent__isnull=False).values("agent")
    yield from _staff(Part.WORKED, User.objects.filter(Q(pk__in=wrote) | Q(pk__in=talked), kind="staff"))
    yield from _staff(Part.INFORMED, _leaders(ticket, since))
    approvals = SuspensionApproval.objects.filter(suspension__ticket=ticket, at__gte=since)
    yield from _staff(Part.APPROVER, User.objects.filter(pk__in=approvals.values("person")))
    said = Note.objects.filter(ticket=ticket, at__gte=since, author_contact__isnull=False).values("author_contact")
    agreed = ticket.suspensions.filter(requested_at__gte=since, consent_contact__isnull=False).values("consent_contact")
    theirs = Contact.objects.filter(Q(pk__in=said) | Q(pk__in=agreed)).order_by("pk")
    for uuid in theirs.values_list("uuid", flat=True):
        yield Person(part=Part.CUSTOMER, contact=str(uuid))


def _leaders(ticket: Ticket, since: datetime) -> Any:
    """Whoever was really told of a time limit or an escalation: confirmed a duty, or a notification was handed over."""
    duties = Duty.objects.filter(escalation__ticket=ticket, told_at__gte=since, confirmed_by__isnull=False)
    sent = Notification.objects.filter(ticket=ticket, created_at__gte=since, sent_at__isnull=False, user__isnull=False)
    ladder = sent.exclude(role__in=["owner", "board"])
    return User.objects.filter(Q(pk__in=duties.values("confirmed_by")) | Q(pk__in=ladder.values("user")))


def _staff(part: str, users: Any) -> Iterator[Person]:
    for uuid in users.order_by("pk").values_list("uuid", flat=True):
        yield Person(part=part, user=str(uuid))


def _id(row: Any) -> str:
    return str(row.uuid) if row is not None else ""
