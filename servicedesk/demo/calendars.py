"""Office hours with the holidays of the next two years, frozen into rows (V-21)."""

from datetime import date, datetime, time

import holidays

from catalogue.models import Calendar, Holiday, OpeningHours
from catalogue.seed import ROUND_THE_CLOCK, seed_calendars
from servicedesk.demo.customers import CALENDARS

OPENS, CLOSES = time(8, 30), time(17, 30)


def make_calendars(at: datetime) -> dict[str, Calendar]:
    """Create the customers' calendars beside the shipped ones; return all of them by name.

    Holidays of this year and the next two are copied from the holidays package: a later version of it moves nothing.
    """
    found = {ROUND_THE_CLOCK: seed_calendars()[ROUND_THE_CLOCK]}
    years = range(at.year, at.year + 3)
    for name, (zone, country, part) in CALENDARS.items():
        code = "-".join(filter(None, (country, part)))
        found[name] = Calendar.objects.create(name=name, time_zone=zone, holiday_region=code)
        OpeningHours.objects.bulk_create(
            OpeningHours(calendar=found[name], weekday=day, opens=OPENS, closes=CLOSES) for day in range(5)
        )
        freeze(found[name], holidays.country_holidays(country, subdiv=part, years=years))
    return found


def freeze(calendar: Calendar, days: dict[date, str]) -> None:
    """Write `days` as closed days of `calendar`."""
    rows = (Holiday(calendar=calendar, on=day, name=str(label)[:120]) for day, label in sorted(days.items()))
    Holiday.objects.bulk_create(rows, ignore_conflicts=True)
