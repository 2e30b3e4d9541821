"""Working time: what a calendar's hours make of two instants. Pure: reads no clock and no table.

A local wall time becomes the first instant at which the zone's wall shows that time or later.
So a time the clocks skip moves forward to the moment they jump, a time they show twice means
the first, and openings that do not overlap on the wall never overlap in UTC.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy

from ledger.errors import Refused

Weekly = tuple[tuple[tuple[time, time], ...], ...]

MIDNIGHT = time.min
ALL_WEEK: Weekly = (((MIDNIGHT, MIDNIGHT),),) * 7
LONGEST_SEARCH = 367
_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class WorkingHours:
    """Weekly openings of one calendar.

    zone    whose wall clock the openings are read on.
    weekly  seven tuples, Monday first, of (opens, closes), ascending and not overlapping;
            closes 00:00 means midnight at the end of that day.
    closed  dates in `zone` with no opening at all (holidays).

    Raises ValueError when `weekly` breaks these shapes.
    """

    zone: ZoneInfo
    weekly: Weekly
    closed: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        if len(self.weekly) != 7:
            raise ValueError("weekly must hold seven days, Monday first")
        for openings in self.weekly:
            _require_ascending(openings)

    def openings(self, day: date) -> list[tuple[datetime, datetime]]:
        """Return the openings of `day` (a date in `zone`) in UTC, ascending, none of them empty."""
        return list(_openings(self, day))

    def is_always(self) -> bool:
        """Return whether every instant is working time (24x7, no holiday)."""
        return self.weekly == ALL_WEEK and not self.closed


def always(zone: ZoneInfo) -> WorkingHours:
    """Return the calendar that never closes; `zone` still says where its days begin."""
    return WorkingHours(zone=zone, weekly=ALL_WEEK)


def working_time_between(start: datetime, end: datetime, hours: WorkingHours) -> timedelta:
    """Return the working time in [start, end).

    start, end  aware, any zone; equal instants give zero.

    Raises ValueError if either is naive or `end` comes before `start` (a caller's bug).
    """
    start, end = _utc(start), _utc(end)
    if end < start:
        raise ValueError("end must not come before start")
    if hours.is_always():
        return end - start
    total = timedelta()
    for opens, closes in _openings_from(start, hours):
        if opens >= end:
            return total
        total += max(min(closes, end) - max(opens, start), timedelta())
    return total + _rest_of(start, end, hours)


def after_working_time(start: datetime, budget: timedelta, hours: WorkingHours) -> datetime:
    """Return the instant at which `budget` of working time has passed since `start`.

    start   aware, any zone. Outside opening hours the count begins at the next opening.
    budget  working time, more than zero.
    hours   weekly openings as local wall time in `hours.zone`, less `hours.closed` dates.

    The answer is in UTC. Openings become UTC day by day, so on the day the clocks change
    a shift is as long as it really was. Pure: reads no clock and no table.

    Raises ValueError if `start` is naive or `budget` is not positive (a caller's bug), and
    Refused("never_open") if a whole year holds no working time (a calendar's).
    """
    start = _utc(start)
    if budget <= timedelta():
        raise ValueError("budget must be positive")
    if hours.is_always():
        return start + budget
    asked = budget
    for opens, closes in _openings_from(start, hours):
        begin = max(opens, start)
        if begin + budget <= closes:
            return begin + budget
        budget -= max(closes - begin, timedelta())
    if budget == asked:
        raise _never_open()
    return after_working_time(_a_year_after(start, hours), budget, hours)


def after_working_days(start: datetime, days: int, hours: WorkingHours, *, end_of_day: bool = False) -> datetime:
    """Return the same local wall time `days` working days after `start`, in UTC.

    start       aware, any zone. Its own day never counts, whether it is a working day or not:
                one day after any time of Friday, Saturday or Sunday is Monday.
    days        at least one.
    end_of_day  True: the last closing of that day instead of the same wall time.

    Raises ValueError if `start` is naive or `days` is below one, and Refused("never_open")
    if a year and `days` days hold too few working days.
    """
    local = _utc(start).astimezone(hours.zone)
    if days < 1:
        raise ValueError("days must be at least one")
    day = local.date()
    for _ in range(LONGEST_SEARCH + 7 * days):
        day += _DAY
        openings = _openings(hours, day)
        days -= bool(openings)
        if days == 0:
            return openings[-1][1] if end_of_day else _instant(day, local.time(), hours.zone)
    raise _never_open()


def is_working_day(at: datetime, hours: WorkingHours) -> bool:
    """Return whether the date of `at` (aware) in `hours.zone` has any opening, whatever the time of day."""
    return bool(_openings(hours, _utc(at).astimezone(hours.zone).date()))


def is_open(at: datetime, hours: WorkingHours) -> bool:
    """Return whether `at` (aware) lies in an opening; the closing instant itself is outside."""
    at = _utc(at)
    day = at.astimezone(hours.zone).date()
    return any(opens <= at < closes for near in (day, day + _DAY) for opens, closes in _openings(hours, near))


def next_opening(at: datetime, hours: WorkingHours) -> datetime:
    """Return the first open instant not before `at` (aware), in UTC: `at` itself when open.

    Raises Refused("never_open") if none comes within a year.
    """
    at = _utc(at)
    for opens, closes in _openings_from(at, hours):
        if at < closes:
            return max(opens, at)
    raise _never_open()


def first_instant(day: date, wall: time, zone: ZoneInfo) -> datetime:
    """Return the first instant, in UTC, at which the wall in `zone` shows `day` `wall` (naive) or later."""
    return _instant(day, wall, zone)


def _require_ascending(openings: tuple[tuple[time, time], ...]) -> None:
    before = MIDNIGHT
    for number, (opens, closes) in enumerate(openings, start=1):
        if opens.tzinfo or closes.tzinfo:
            raise ValueError("openings are wall times without a zone")
        last_to_midnight = closes == MIDNIGHT and number == len(openings)
        if opens < before or not (opens < closes or last_to_midnight):
            raise ValueError("openings of a day must ascend and not overlap")
        before = closes


def _utc(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("an instant must be aware")
    return at.astimezone(UTC)


def _never_open() -> Refused:
    return Refused("never_open", gettext_lazy("These working hours leave no time to do the work."))


def _openings_from(start: datetime, hours: WorkingHours) -> Iterator[tuple[datetime, datetime]]:
    """Yield openings in UTC for a year, from the local day of `start`; early ones may lie before it.

    Where clocks fall back over midnight, `start` can show yesterday's date inside today's
    opening: the day itself comes first, so nothing is missed.
    """
    first = start.astimezone(hours.zone).date()
    for number in range(LONGEST_SEARCH):
        yield from _openings(hours, first + number * _DAY)


def _rest_of(start: datetime, end: datetime, hours: WorkingHours) -> timedelta:
    """Count on where a year of openings ended without reaching `end`."""
    resume = _a_year_after(start, hours)
    return working_time_between(resume, end, hours) if resume < end else timedelta()


def _a_year_after(start: datetime, hours: WorkingHours) -> datetime:
    """Return where a search of a year from `start` ends: openings before it have all been seen."""
    return _instant(start.astimezone(hours.zone).date() + LONGEST_SEARCH * _DAY, MIDNIGHT, hours.zone)


@lru_cache(maxsize=16_384)
def _openings(hours: WorkingHours, day: date) -> tuple[tuple[datetime, datetime], ...]:
    if day in hours.closed:
        return ()
    pairs = (
        (_instant(day, opens, hours.zone), _instant(day if closes != MIDNIGHT else day + _DAY, closes, hours.zone))
        for opens, closes in hours.weekly[day.weekday()]
    )
    return tuple((opens, closes) for opens, closes in pairs if opens < closes)


def _instant(day: date, wall: time, zone: ZoneInfo) -> datetime:
    """Return the first instant, in UTC, at which the wall in `zone` shows `day` `wall` or later."""
    local = datetime.combine(day, wall.replace(fold=0), tzinfo=zone)
    instant = local.astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None):
        return instant
    before = local.replace(fold=1).astimezone(UTC)
    return _jump(before.replace(microsecond=0), instant.replace(microsecond=0) + timedelta(seconds=1), zone)


def _jump(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """Return the whole second between the two at which the zone's offset changes."""
    old = before.astimezone(zone).utcoffset()
    low, high = 0, int((after - before).total_seconds())
    while high - low > 1:
        middle = (low + high) // 2
        same = (before + timedelta(seconds=middle)).astimezone(zone).utcoffset() == old
        low, high = (middle, high) if same else (low, middle)
    return before + timedelta(seconds=high)
