"""Calendars every desk starts with (V-21)."""

from datetime import time

from catalogue.models import Calendar, OpeningHours

ROUND_THE_CLOCK = "24×7"
BUSINESS_DAYS = range(5)
BUSINESS_HOURS = (("Business hours AEST", "Australia/Melbourne"), ("Business hours UTC", "UTC"))


def seed_calendars() -> dict[str, Calendar]:
    """Create the round-the-clock calendar and weekdays 9 to 17; by name. Idempotent; changed ones stay changed."""
    found = {}
    found[ROUND_THE_CLOCK], _ = Calendar.objects.get_or_create(
        name=ROUND_THE_CLOCK, defaults={"time_zone": "UTC", "round_the_clock": True}
    )
    for name, zone in BUSINESS_HOURS:
        found[name], new = Calendar.objects.get_or_create(name=name, defaults={"time_zone": zone})
        if new:
            OpeningHours.objects.bulk_create(
                OpeningHours(calendar=found[name], weekday=day, opens=time(9), closes=time(17)) for day in BUSINESS_DAYS
            )
    return found
