"""Service is back: confirmed by a person, customers are told, children go to closure together (V-19)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from ledger.actor import Actor
from ledger.errors import Refused
from tickets.commands.major_base import Rows, children_of, fresh_major, require_state, take_major, tell_major
from tickets.commands.major_update import Sent, send
from tickets.commands.resolve import resolve
from tickets.major_access import require_leads
from tickets.models import MajorIncident
from tickets.text import require_words
from tickets.words import TIERS


@dataclass(frozen=True, kw_only=True, slots=True)
class Solution:
    """What every child is resolved with (C-21)."""

    resolution_code: str
    cause_code: str
    cause: str
    resolution: str


@dataclass(slots=True)
class Restored:
    """The incident, the news that went out, and what came of each child."""

    incident: MajorIncident
    sent: Sent
    rows: Rows


@transaction.atomic
def restore_major(
    *,
    incident_id: int,
    bodies: Mapping[str, str],
    evidence: str,
    actor: Actor,
    at: datetime,
    solution: Solution | None = None,
    version: int | None = None,
) -> Restored:
    """Confirm that everything works again: how it was checked, the news for customers, and how children are solved.

    solution None leaves the children as they are. A child that refuses is named with the reason; the rest goes on.
    Raises Refused("placeholder"), ("no_translation"), ("names_customer"), ("not_leading"), ("wrong_state").
    """
    incident = take_major(incident_id, actor, version)
    require_leads(incident, actor)
    require_state(incident, "declared")
    evidence = require_words(evidence, "evidence")
    incident.restore()
    incident.restored_at = at
    incident.identified_at = incident.identified_at or at
    sent = send(incident, "restored", bodies, on_tickets=False, actor=actor, at=at)
    rows = _resolved(incident, solution, actor, at) if solution is not None else Rows()
    tell_major(
        "major.restored", incident, actor=actor, at=at, texts={"evidence": evidence}, done=len(rows.done),
        refused=len(rows.refused),
    )  # fmt: skip
    return Restored(incident=fresh_major(incident), sent=sent, rows=rows)


def _resolved(incident: MajorIncident, solution: Solution, actor: Actor, at: datetime) -> Rows:
    """Resolve every child at work; those in closure or ended already are left alone. One savepoint for each."""
    rows = Rows()
    for ticket in children_of(incident, actor):
        if not ticket.is_open or ticket.resolved_at is not None:
            continue
        try:
            with transaction.atomic():
                resolve(
                    ticket_id=ticket.pk, resolution_code=solution.resolution_code, cause_code=solution.cause_code,
                    cause=solution.cause, resolution=solution.resolution, participants_confirmed=True, actor=actor,
                    at=at,
                )  # fmt: skip
        except Refused as refusal:
            if ticket.state in TIERS and refusal.field in {"resolution_code", "cause_code", "cause", "resolution"}:
                raise  # the form is wrong, not the ticket
            rows.refused.append((ticket.number, str(refusal.message)))
        else:
            rows.done.append(ticket.number)
    return rows
