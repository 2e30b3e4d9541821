"""Which promise holds for a customer on a day, and when work on it begins (C-15, V-21)."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import Q

from accounts.models import Organisation
from catalogue.hours import WorkingHours, is_open, next_opening
from catalogue.models import Entitlement
from ledger.errors import Refused


@dataclass(frozen=True, slots=True)
class Promised:
    """The entitlement of a customer on a day. `ended_on` set = none holds any more; both None = there never was one."""

    entitlement: Entitlement | None
    ended_on: date | None = None

    @property
    def missing(self) -> bool:
        """Whether no promise holds."""
        return self.entitlement is None


def promised_to(organisation: Organisation, at: datetime) -> Promised:
    """Return what holds for `organisation` at `at`, by its own date. 1 query, 2 where none holds."""
    today = at.astimezone(ZoneInfo(organisation.time_zone)).date()
    rows = Entitlement.objects.filter(organisation=organisation, valid_from__lte=today).select_related("calendar")
    rows = rows.order_by("-valid_from", "-pk")
    found = list(rows.filter(Q(valid_to=None) | Q(valid_to__gte=today))[:1]) or list(rows[:1])
    if not found:
        return Promised(None)
    newest = found[0]
    over = newest.valid_to is not None and newest.valid_to < today
    return Promised(None, newest.valid_to) if over else Promised(newest)


def begins_at(hours: WorkingHours, at: datetime) -> datetime | None:
    """Return when work begins if it is after hours, None while it is open (or the calendar never opens)."""
    if is_open(at, hours):
        return None
    try:
        return next_opening(at, hours)
    except Refused:
        return None
