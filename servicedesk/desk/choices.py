"""What filters of the queue offer where the answer stands in tables: teams, people, regions, shifts. Kept a minute."""

from collections.abc import Callable
from typing import Any

from django.core.cache import cache
from django.utils.translation import gettext as _

from accounts.models import Organisation, Team, User
from escalation.models import Shift
from ledger.actor import Actor
from tickets.queue_filters import ME, NOBODY, Hours

KEEP_SECONDS = 60
MOST = 300
Pairs = list[tuple[str, str]]


def _kept(name: str, read: Callable[[], Any]) -> Any:
    found = cache.get(f"desk-choices:{name}")
    if found is None:
        found = read()
        cache.set(f"desk-choices:{name}", found, KEEP_SECONDS)
    return found


def teams() -> Pairs:
    """Return (uuid, name) of the active teams, and of none."""
    rows = Team.objects.filter(active=True)
    read = _kept("teams", lambda: [(str(uuid), name) for uuid, name in rows.values_list("uuid", "name")])
    return [(NOBODY, _("No team")), *read]


def people() -> Pairs:
    """Return (uuid, name) of those who work in teams, after the reader and nobody."""
    rows = User.objects.filter(kind="staff", is_active=True, memberships__isnull=False).order_by("name").distinct()
    read = _kept("people", lambda: [(str(uuid), name) for uuid, name in rows.values_list("uuid", "name")[:MOST]])
    return [(ME, _("Me")), (NOBODY, _("Nobody")), *read]


def regions() -> Pairs:
    """Return the regions customers are in."""
    return _of_customers("region")


def languages() -> Pairs:
    """Return the languages of customers."""
    return _of_customers("language")


def shifts() -> Pairs:
    """Return the shifts of the centre by uuid."""
    return [(uuid, name) for uuid, name, _hours in _shifts()]


def hours_of(uuids: list[str]) -> list[Hours]:
    """Return the hours of these shifts; one that is gone is left out."""
    return [hours for uuid, _name, hours in _shifts() if uuid in uuids]


def _shifts() -> list[tuple[str, str, Hours]]:
    rows = Shift.objects.order_by("starts", "name")
    return _kept("shifts", lambda: [(str(s.uuid), s.name, Hours(s.time_zone, s.starts, s.ends)) for s in rows])


def _of_customers(field: str) -> Pairs:
    rows = Organisation.objects.exclude(**{field: ""}).order_by(field).values_list(field, flat=True).distinct()
    return [(value, value) for value in _kept(field, lambda: list(rows[:MOST]))]


def customer(uuid: Any, reader: Actor | None) -> str:
    """Return the name of a customer for a chip, "" for one the reader may not know of. At most 1 query."""
    known = Organisation.objects.visible_to(reader).filter(uuid=uuid) if reader else Organisation.objects.none()
    return known.values_list("name", flat=True).first() or ""
