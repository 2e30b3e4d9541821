"""A major incident declared: from a ticket whose triage found it critical, or from the board (V-09, V-19)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from catalogue.models import Service
from ledger.actor import Actor
from ledger.errors import Refused
from tickets import lifecycle
from tickets.commands.base import ref, take, unknown_ticket
from tickets.commands.major_base import CADENCES, fresh_major, tell_major
from tickets.commands.major_children import attach_to
from tickets.commands.major_impact import compute
from tickets.commands.major_steps import attach_book
from tickets.major_access import require_may_declare
from tickets.major_naming import require_nobody_named
from tickets.models import MajorIncident, Ticket
from tickets.numbers import next_major_number
from tickets.text import clean_line, require_words

RESPONSE_BOOK = "major-incident"


@dataclass(frozen=True, kw_only=True, slots=True)
class Declaration:
    """What is known when it is declared.

    public_titles  {language: words} that every affected customer reads. service_ids: what failed; everything that
                   hangs below them is affected too. commander_id None = whoever declares. since None = now.
    """

    title: str
    public_titles: dict[str, str]
    severity: int = 1
    service_ids: Sequence[int] = field(default_factory=tuple)
    commander_id: int | None = None
    since: datetime | None = None
    cadence_minutes: int = 30
    bridge_url: str = ""


@transaction.atomic
def declare_major(
    *, declaration: Declaration, actor: Actor, at: datetime, ticket_id: int | None = None
) -> MajorIncident:
    """Declare a major incident, compute whom it affects, arm the wait for the first update; return it.

    From a ticket it is attached as the first child. Raises Refused("not_allowed"), ("no_title"), ("names_customer"),
    ("restricted") for a ticket only some may know of, ("in_major") for one that is in another, ("unknown_service"),
    ("bad_cadence"), ("bad_severity"), ("unknown_person"), ("future").
    """
    require_may_declare(actor, from_ticket=ticket_id is not None)
    lead = _lead(ticket_id, actor) if ticket_id is not None else None
    title, titles = _titles(declaration)
    _check(declaration, at)
    services = _services(declaration, lead, actor)
    incident = MajorIncident.objects.create(
        number=next_major_number(), title=title, public_titles=titles, severity=declaration.severity,
        region=_region(lead, services), lead=lead, commander=_commander(declaration, actor),
        declared_by_id=actor.user_id, declared_at=at, since=declaration.since or (lead.received_at if lead else at),
        bridge_url=declaration.bridge_url, cadence_minutes=declaration.cadence_minutes,
        next_update_at=at + timedelta(minutes=declaration.cadence_minutes),
    )  # fmt: skip
    organisations, hit = compute(incident, [service.pk for service in services], also=lead, at=at)
    tell_major(
        "major.declared", incident, actor=actor, at=at, texts={"title": title}, number=incident.number,
        severity=incident.severity, region=incident.region, commander=incident.commander_id,
        who=ref(incident.commander), lead=lead.number if lead else None, customers=organisations, services=hit,
        next_due=incident.next_update_at,
    )  # fmt: skip
    if lead is not None:
        attach_to(incident, lead, actor=actor, at=at)
    attach_book(incident, RESPONSE_BOOK, actor=actor, at=at)
    return fresh_major(incident)


def _lead(ticket_id: int, actor: Actor) -> Ticket:
    ticket = take(ticket_id, actor)
    lifecycle.require_verified(ticket, actor)
    if ticket.organisation is None:
        raise unknown_ticket()
    return ticket


def _titles(declaration: Declaration) -> tuple[str, dict[str, str]]:
    title = clean_line(declaration.title)[:200]
    if not title:
        raise Refused("no_title", _("Say in one line what has failed."), "title")
    titles = {language: clean_line(words)[:200] for language, words in declaration.public_titles.items()}
    titles = {language: words for language, words in titles.items() if words}
    require_words(titles.get("en", ""), "public_title")
    require_nobody_named(titles.values(), "public_title")
    return title, titles


def _check(declaration: Declaration, at: datetime) -> None:
    if declaration.severity not in (1, 2, 3):
        raise Refused("bad_severity", _("Choose the weight from the list."), "severity")
    if declaration.cadence_minutes not in CADENCES:
        raise Refused("bad_cadence", _("Choose how often customers hear from the list."), "cadence_minutes")
    if declaration.since is not None and declaration.since > at:
        raise Refused("future", _("It cannot have begun later than now."), "since")


def _services(declaration: Declaration, lead: Ticket | None, actor: Actor) -> list[Service]:
    wanted = set(declaration.service_ids)
    if lead is not None and not wanted and lead.service_id:
        wanted = {lead.service_id}
    found = list(Service.objects.visible_to(actor).filter(pk__in=wanted).select_related("organisation"))
    if len(found) != len(wanted):
        raise Refused("unknown_service", _("We do not know one of these services. Choose again."), "services")
    return found


def _region(lead: Ticket | None, services: list[Service]) -> str:
    """The one region of what failed; "" where there is none or several."""
    regions = {service.organisation.region for service in services}
    if lead is not None and lead.organisation is not None:
        regions.add(lead.organisation.region)
    return regions.pop() if len(regions) == 1 else ""


def _commander(declaration: Declaration, actor: Actor) -> User:
    named = declaration.commander_id or actor.user_id or 0
    found = User.objects.filter(pk=named, kind=User.Kind.STAFF, is_active=True).first()
    if found is None:
        raise Refused("unknown_person", _("Name somebody of ours who is active."), "commander")
    return found
