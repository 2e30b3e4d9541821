"""News of a major incident, sent to an audience that stands still (V-19, X-06)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from ledger.actor import Actor
from ledger.errors import Refused
from tickets.commands.base import ref
from tickets.commands.major_base import CADENCES, Rows, require_state, store_major, take_major, tell_major
from tickets.commands.major_children import write_on_children
from tickets.commands.major_impact import OPEN_STATES
from tickets.major_access import require_leads
from tickets.major_audience import audience, language_of_reader, languages_of
from tickets.major_naming import require_nobody_named
from tickets.models import MajorIncident, MajorRecipient, MajorUpdate
from tickets.text import require_words

WRITERS = ("communications", "customers")


@dataclass(slots=True)
class Sent:
    """An update that went out, to how many, and what came of it on the children."""

    update: MajorUpdate
    contacts: int = 0
    rows: Rows = field(default_factory=Rows)


@transaction.atomic
def publish_update(
    *,
    incident_id: int,
    phase: str,
    bodies: Mapping[str, str],
    actor: Actor,
    at: datetime,
    cadence_minutes: int | None = None,
    on_tickets: bool = False,
) -> Sent:
    """Send news to everybody affected and onto their status pages; the wait for the next begins anew (V-19).

    The audience is frozen here. on_tickets: the same words as progress on each child; reporters who get it there get
    no second letter. Raises Refused("placeholder") (C-21), ("no_translation") where somebody reads a language the text
    is not written in, ("names_customer"), ("bad_phase"), ("bad_cadence"), ("not_leading"), ("wrong_state").
    """
    incident = take_to_write(incident_id, actor)
    set_cadence(incident, cadence_minutes)
    return send(incident, phase, bodies, on_tickets=on_tickets, actor=actor, at=at)


def send(
    incident: MajorIncident, phase: str, bodies: Mapping[str, str], *, on_tickets: bool, actor: Actor, at: datetime
) -> Sent:
    """Send news of an incident already held; raises as `publish_update`."""
    texts = _texts(incident, bodies)
    incident.phase = known_phase(phase)
    if phase == "identified":
        incident.identified_at = incident.identified_at or at
    incident.next_update_at = at + timedelta(minutes=incident.cadence_minutes) if incident.running else None
    store_major(incident)
    rows = write_on_children(incident, texts, actor=actor, at=at) if on_tickets else Rows()
    update = _frozen(incident, texts, actor, at)
    contacts = audience(incident).exclude(tickets__number__in=rows.done)
    sent = MajorRecipient.objects.bulk_create(
        MajorRecipient(update=update, contact=contact, language=language_of_reader(contact)) for contact in contacts
    )
    tell_major(
        "major.updated", incident, actor=actor, at=at, texts={"body": texts["en"]}, update=ref(update), phase=phase,
        contacts=len(sent), customers=len(update.organisation_ids), tickets=len(rows.done), refused=len(rows.refused),
        next_due=incident.next_update_at,
    )  # fmt: skip
    return Sent(update=update, contacts=len(sent), rows=rows)


def take_to_write(incident_id: int, actor: Actor) -> MajorIncident:
    incident = take_major(incident_id, actor)
    require_leads(incident, actor, *WRITERS)
    require_state(incident, *OPEN_STATES)
    return incident


def known_phase(phase: str) -> str:
    if phase not in MajorIncident.Phase.values:
        raise Refused("bad_phase", _("Choose how far it is from the list."), "phase")
    return phase


def set_cadence(incident: MajorIncident, minutes: int | None) -> None:
    if minutes is None:
        return
    if minutes not in CADENCES:
        raise Refused("bad_cadence", _("Choose how often customers hear from the list."), "cadence_minutes")
    incident.cadence_minutes = minutes


def _texts(incident: MajorIncident, bodies: Mapping[str, str]) -> dict[str, str]:
    texts = {language: body.strip() for language, body in bodies.items() if body.strip()}
    texts["en"] = require_words(texts.get("en", ""), "body")
    for language, readers in languages_of(incident).items():
        if language not in texts:
            message = _("%(n)d of those affected read %(language)s. Write it in that language too.")
            named = {"n": readers, "language": _("Simplified Chinese") if language == "zh-hans" else language}
            raise Refused("no_translation", message % named, f"body_{language.replace('-', '_')}")
        require_words(texts[language], f"body_{language.replace('-', '_')}")
    require_nobody_named(texts.values(), "body")
    return texts


def _frozen(incident: MajorIncident, texts: dict[str, str], actor: Actor, at: datetime) -> MajorUpdate:
    """The draft, or a new row, as it was sent and to whom; both stand still from here on."""
    kept = incident.organisations.filter(removed_at=None).order_by("organisation_id")
    update, _made = MajorUpdate.objects.update_or_create(
        incident=incident, sent_at=None,
        defaults={"phase": incident.phase, "bodies": texts, "author_id": actor.user_id, "written_at": at},
    )  # fmt: skip
    update.sent_at, update.next_update_at = at, incident.next_update_at
    update.organisation_ids = list(kept.values_list("organisation_id", flat=True))
    update.save()
    return update
