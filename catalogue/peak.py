"""The hours in which a customer works, for planning around them (V-21)."""

from collections.abc import Iterable
from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.db.models import Q

from accounts.models import Organisation
from catalogue.hours import WorkingHours
from catalogue.models import Entitlement

OFFICE = (((time(9), time(17)),),) * 5 + ((), ())


def office_hours(zone: str) -> WorkingHours:
    """Return Monday to Friday, nine to five, on the wall of `zone`: the standard day where no calendar says more."""
    return WorkingHours(zone=ZoneInfo(zone), weekly=OFFICE)


def hours_at_work(organisations: Iterable[Organisation], at: datetime) -> dict[int, WorkingHours]:
    """Return the working hours of each customer at `at`, by its key. At most 3 queries, whatever their number.

    A promise around the clock says nothing of when people work: such a customer keeps office hours in its own zone.
    """
    every = {organisation.pk: organisation for organisation in organisations}
    rows = Entitlement.objects.filter(organisation_id__in=every, valid_from__lte=at.date())
    rows = rows.filter(Q(valid_to=None) | Q(valid_to__gte=at.date())).select_related("calendar")
    found: dict[int, WorkingHours] = {}
    for row in rows.prefetch_related("calendar__openings", "calendar__holidays").order_by("valid_from", "pk"):
        if not row.calendar.round_the_clock:
            found[row.organisation_id] = row.calendar.hours()
        else:
            found.pop(row.organisation_id, None)
    return {key: found.get(key) or office_hours(each.time_zone) for key, each in every.items()}
