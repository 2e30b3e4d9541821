"""What every command of a major incident does first and last: lock it, check its version, save it, write the fact."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from ledger.actor import Actor
from ledger.errors import Refused
from ledger.models import Entry
from ledger.record import record
from tickets.models import MajorIncident, Ticket

CADENCES = (15, 30, 60, 120, 240)


@dataclass(slots=True)
class Rows:
    """What came of a command on many tickets: numbers done, and (number, why not)."""

    done: list[str] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)


def take_major(incident_id: int, actor: Actor, version: int | None = None) -> MajorIncident:
    """Lock and return the incident for this transaction.

    Raises Refused("unknown_major") when `actor` may not learn of it, and Refused("stale", version=current) when
    `version` is given and the incident has moved on since it was read (decisions 19).
    """
    rows = MajorIncident.objects.visible_to(actor).select_for_update(no_key=True, of=("self",))
    incident = rows.filter(pk=incident_id).first()
    if incident is None:
        raise Refused("unknown_major", _("We do not know that major incident. Check its number."))
    if version is not None and version != incident.version:
        message = _("Somebody changed this incident while you wrote. Look at the change, then save again.")
        raise Refused("stale", message, version=incident.version)
    return incident


def require_state(incident: MajorIncident, *states: str) -> None:
    """Raise Refused("wrong_state") unless the incident stands in one of `states`."""
    if incident.state not in states:
        raise Refused(
            "wrong_state",
            _("A major incident that is “%(state)s” does not let you do this.")
            % {"state": incident.get_state_display()},
            state=incident.state,
        )


def store_major(incident: MajorIncident, *, bump: bool = True) -> None:
    """Save the incident; `bump` moves its version (additive commands leave it)."""
    if bump:
        incident.version += 1
    incident.save(update_fields=[f.name for f in incident._meta.concrete_fields if not f.primary_key])


def tell_major(
    name: str, incident: MajorIncident, *, actor: Actor, at: datetime, texts: dict | None = None, **data: Any
) -> Entry:
    """Record one fact on the incident's chain and hand the incident to the reactions."""
    return record(name, chain=incident.chain, actor=actor, at=at, texts=texts, about=incident, **data)


def fresh_major(incident: MajorIncident) -> MajorIncident:
    """Return the row as it now stands (its state is protected: a refresh would skip it)."""
    return MajorIncident.objects.get(pk=incident.pk)


def children_of(incident: MajorIncident, actor: Actor) -> Iterable[Ticket]:
    """Return the attached tickets `actor` may learn of, by number; restricted ones only to those who need to know."""
    attached = incident.children.filter(detached_at=None).values("ticket_id")
    rows = Ticket.objects.visible_to(actor).filter(pk__in=attached)
    return rows.select_related("organisation", "reporter").order_by("number")
