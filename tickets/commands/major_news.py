"""Between two updates: the draft of the next, how often customers hear, the log of those at work (V-19)."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction

from ledger.actor import Actor
from tickets.commands.base import ref
from tickets.commands.major_base import fresh_major, require_state, store_major, take_major, tell_major
from tickets.commands.major_impact import OPEN_STATES
from tickets.commands.major_update import known_phase, set_cadence, take_to_write
from tickets.major_access import require_leads
from tickets.models import MajorIncident, MajorRole, MajorUpdate
from tickets.text import require_words


@transaction.atomic
def draft_update(*, incident_id: int, phase: str, bodies: Mapping[str, str], actor: Actor, at: datetime) -> MajorUpdate:
    """Keep the next news as a draft, one for each incident; whoever leads or writes goes on with it. Additive.

    Raises Refused("bad_phase"), ("not_leading"), ("wrong_state").
    """
    incident = take_to_write(incident_id, actor)
    kept = {language: body.strip() for language, body in bodies.items()}
    update, _made = MajorUpdate.objects.update_or_create(
        incident=incident, sent_at=None,
        defaults={"phase": known_phase(phase), "bodies": kept, "author_id": actor.user_id, "written_at": at},
    )  # fmt: skip
    tell_major("major.drafted", incident, actor=actor, at=at, update=ref(update), phase=phase)
    return update


@transaction.atomic
def change_cadence(
    *, incident_id: int, cadence_minutes: int, actor: Actor, at: datetime, version: int | None = None
) -> MajorIncident:
    """Promise customers news at least this often; the next is due that long from the last, not before now.

    Raises Refused("bad_cadence"), ("not_leading"), ("wrong_state").
    """
    incident = take_major(incident_id, actor, version)
    require_leads(incident, actor, "communications")
    require_state(incident, "declared")
    before = incident.cadence_minutes
    last = incident.updates.exclude(sent_at=None).order_by("-sent_at").values_list("sent_at", flat=True).first()
    set_cadence(incident, cadence_minutes)
    due = (last or incident.declared_at) + timedelta(minutes=cadence_minutes)
    incident.next_update_at = max(due, at)
    store_major(incident)
    tell_major(
        "major.cadence_changed", incident, actor=actor, at=at, before=before, minutes=cadence_minutes,
        next_due=incident.next_update_at,
    )  # fmt: skip
    return fresh_major(incident)


@transaction.atomic
def write_log(*, incident_id: int, text: str, actor: Actor, at: datetime) -> MajorIncident:
    """Write into the log of the response team; customers never see it. Whoever has a part may. Additive.

    Raises Refused("placeholder"), ("not_leading"), ("wrong_state").
    """
    incident = take_major(incident_id, actor)
    require_leads(incident, actor, *MajorRole.Part.values)
    require_state(incident, *OPEN_STATES)
    tell_major("major.noted", incident, actor=actor, at=at, texts={"body": require_words(text, "text")})
    return incident
