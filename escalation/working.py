"""Working hours of a calendar as they stand, in one query, and kept no longer than the calendar object."""

from datetime import date, time
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.db import connection

from catalogue.hours import ALL_WEEK, WorkingHours
from catalogue.models import Calendar
from ledger.unwatched import once

_READ = """
SELECT ARRAY(SELECT concat_ws(' ', weekday, opens, closes) FROM catalogue_openinghours
             WHERE calendar_id = %(id)s ORDER BY weekday, opens),
       ARRAY(SELECT h."on" FROM catalogue_holiday h WHERE h.calendar_id = %(id)s ORDER BY h."on")
"""


def calendar_hours(calendar: Calendar) -> WorkingHours:
    """Return the calendar's hours, kept on this object: it was read in this transaction and leaves with it. 1 query."""
    known: WorkingHours | None = calendar.__dict__.get("_hours")
    if known is not None:
        return known
    known = once(("hours", calendar.pk), lambda: _read(calendar))
    calendar.__dict__["_hours"] = known
    return known


def _read(calendar: Calendar) -> WorkingHours:
    if calendar.round_the_clock:
        return calendar.hours()
    with connection.cursor() as cursor:
        cursor.execute(_READ, {"id": calendar.pk})
        said, closed = cursor.fetchone()
    return _hours(calendar.time_zone, tuple(said), tuple(closed))


@lru_cache(maxsize=256)
def weekdays(zone: str) -> WorkingHours:
    """Return Monday to Friday, whole days, on the wall of `zone`: working days where nobody was promised a calendar."""
    return WorkingHours(zone=ZoneInfo(zone), weekly=(*ALL_WEEK[:5], (), ()))


@lru_cache(maxsize=256)
def _hours(zone: str, said: tuple[str, ...], closed: tuple[date, ...]) -> WorkingHours:
    week: list[list[tuple[time, time]]] = [[] for _ in range(7)]
    for words in said:
        weekday, opens, closes = words.split(" ")
        week[int(weekday)].append((time.fromisoformat(opens), time.fromisoformat(closes)))
    return WorkingHours(zone=ZoneInfo(zone), weekly=tuple(tuple(sorted(day)) for day in week), closed=frozenset(closed))
