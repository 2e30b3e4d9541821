"""Working hours that arrive with the row that needs them: always as they stand, and no query of their own."""

from datetime import date, time
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Func, OuterRef, QuerySet, TextField

from catalogue.hours import WorkingHours
from catalogue.models import Calendar, Holiday, OpeningHours


def with_hours(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Return rows that have a `calendar` with it and with its hours; give each row to `hours_came` once read."""
    said = Func("weekday", "opens", "closes", template="concat_ws(' ', %(expressions)s)", output_field=TextField())
    openings = OpeningHours.objects.filter(calendar=OuterRef("calendar")).order_by("weekday", "opens")
    holidays = Holiday.objects.filter(calendar=OuterRef("calendar")).order_by("on")
    return rows.select_related("calendar").annotate(
        hours_said=ArraySubquery(openings.annotate(said=said).values("said")),
        hours_closed=ArraySubquery(holidays.values("on")),
    )


def hours_came(row: Any) -> None:
    """Keep the hours read with `row` on its calendar."""
    calendar = row.calendar
    if calendar is not None and not calendar.round_the_clock:
        calendar.__dict__["_hours"] = _hours(calendar.time_zone, tuple(row.hours_said), tuple(row.hours_closed))


def calendar_hours(calendar: Calendar) -> WorkingHours:
    """Return the calendar's hours; 2 queries unless they came with it, and then kept on this object."""
    known: WorkingHours | None = calendar.__dict__.get("_hours")
    if known is None:
        known = calendar.__dict__["_hours"] = calendar.hours()
    return known


@lru_cache(maxsize=256)
def _hours(zone: str, said: tuple[str, ...], closed: tuple[date, ...]) -> WorkingHours:
    week: list[list[tuple[time, time]]] = [[] for _ in range(7)]
    for words in said:
        weekday, opens, closes = words.split(" ")
        week[int(weekday)].append((time.fromisoformat(opens), time.fromisoformat(closes)))
    return WorkingHours(zone=ZoneInfo(zone), weekly=tuple(tuple(sorted(day)) for day in week), closed=frozenset(closed))
