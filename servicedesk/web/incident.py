"""A major incident as one customer reads it, on the portal and behind the link of its news: no other is named."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from servicedesk.web.times import hm
from tickets.models import MajorIncident, MajorUpdate


@dataclass(frozen=True, slots=True)
class Shown:
    """An incident as one customer reads it. up, total: its own services that work, and all hit."""

    incident: MajorIncident
    title: str
    updates: list[tuple[MajorUpdate, str]]
    steps: list[tuple[str, str]]
    up: int
    total: int


def shown(incident: MajorIncident, organisation_id: int, language: str) -> Shown:
    """Return an incident for one customer: only news that was sent to it. 2 queries."""
    sent = incident.updates.filter(sent_at__isnull=False, organisation_ids__contains=[organisation_id])
    states = list(
        incident.services.filter(organisation_id=organisation_id, removed_at=None).values_list(
            "service__state", flat=True
        )
    )
    return Shown(
        incident=incident, title=incident.public_title(language), steps=_steps(incident),
        updates=[(update, update.body(language)) for update in sent], up=states.count("up"), total=len(states),
    )  # fmt: skip


def _steps(incident: MajorIncident) -> list[tuple[str, str]]:
    """The way through it in the customer's words: what is done with its time, what is being done now."""
    steps = [
        (_("Found"), _("Found"), incident.declared_at),
        (_("Cause known"), _("Looking for the cause"), incident.identified_at),
        (_("Restored"), _("Being restored"), incident.restored_at),
        (_("Report"), _("Report"), incident.reviewed_at),
    ]
    first = next((n for n, (_done, _doing, at) in enumerate(steps) if at is None), len(steps))
    return [
        (f"{done} {hm(at)}", "done") if at else (doing, "current") if n == first else (done, "")
        for n, (done, doing, at) in enumerate(steps)
    ]
