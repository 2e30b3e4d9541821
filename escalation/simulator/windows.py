"""Working time as stretches of UTC and a running sum, so that a question costs one bisection. Pure.

Instants and durations are whole microseconds; instants count from 1970 UTC. Shares no code with `catalogue.hours`.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import accumulate
from zoneinfo import ZoneInfo

SECOND = 1_000_000
DAY = 86_400 * SECOND
FAR = 1 << 62
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICRO = timedelta(microseconds=1)
Week = Sequence[Sequence[tuple[time, time]]]


def us(at: datetime) -> int:
    """Return an aware instant as microseconds since 1970."""
    return (at - _EPOCH) // _MICRO


def instant(at_us: int) -> datetime:
    """Return microseconds since 1970 as an aware UTC instant."""
    return _EPOCH + timedelta(microseconds=at_us)


class Zone:
    """The offsets of one time zone, and the first instant its wall shows a local time or later."""

    def __init__(self, name: str, first: date, last: date) -> None:
        self._zone = ZoneInfo(name)
        self.pieces: list[tuple[int, int, int]] = []  # from, to, offset
        at, end = us(datetime.combine(first, time(), UTC)) - 2 * DAY, us(datetime.combine(last, time(), UTC)) + 2 * DAY
        begin, offset = at, self.offset(at)
        while at < end:
            after = at + DAY
            if self.offset(after) != offset:
                edge = self._edge(at, after, offset)
                self.pieces.append((begin, edge, offset))
                begin, at, offset = edge, edge, self.offset(edge)
            else:
                at = after
        self.pieces.append((begin, end + DAY, offset))
        self._ends = [piece[1] for piece in self.pieces]

    def offset(self, at: int) -> int:
        """Return how far the wall is ahead of UTC at an instant."""
        shift = instant(at).astimezone(self._zone).utcoffset()
        assert shift is not None
        return shift // _MICRO

    def quick(self, at: int) -> int:
        """Return the offset at an instant within the table, by one bisection."""
        return self.pieces[min(bisect_right(self._ends, at), len(self.pieces) - 1)][2]

    def wall(self, at: int) -> datetime:
        """Return what the wall shows, naive."""
        return (_EPOCH + timedelta(microseconds=at + self.offset(at))).replace(tzinfo=None)

    def first(self, local: datetime) -> int:
        """Return the first instant the wall shows the naive time `local` or later."""
        wanted = us(local.replace(tzinfo=UTC))
        near = max(bisect_right(self._ends, wanted - DAY) - 1, 0)
        for begin, end, offset in self.pieces[near:]:
            if wanted - offset < end:
                return max(begin, wanted - offset)
        raise ValueError("the local time lies outside this zone's table")

    def _edge(self, low: int, high: int, offset: int) -> int:
        while high - low > SECOND:
            middle = (low + high) // 2 // SECOND * SECOND
            low, high = (middle, high) if self.offset(middle) == offset else (low, middle)
        return high


class Windows:
    """The openings of one calendar between two days. What lies beyond the last of them is FAR."""

    def __init__(self, zone: str, week: Week, closed: Iterable[date], first: date, last: date) -> None:
        self.zone = Zone(zone, first, last)
        shut, days = set(closed), []
        found: list[tuple[int, int]] = []
        for number in range((last - first).days + 1):
            day = first + timedelta(days=number)
            begun = len(found)
            for opens, closes in () if day in shut else week[day.weekday()]:
                until = datetime.combine(day + timedelta(days=closes == time()), closes)
                stretch = self.zone.first(datetime.combine(day, opens)), self.zone.first(until)
                if stretch[0] < stretch[1]:
                    found.append(stretch)
            if len(found) > begun:
                days.append((day.toordinal(), found[-1][1]))
        self.starts, self.ends = [a for a, _ in found], [b for _, b in found]
        self.sums = list(accumulate((b - a for a, b in found), initial=0))
        self.days = days
        self._ordinals = [day for day, _ in days]
        self._week, self._shut = week, shut

    def reading(self, at: int) -> int:
        """Return the working time from the first day to `at`."""
        n = bisect_right(self.starts, at)
        return self.sums[n] - max(self.ends[n - 1] - at, 0) if n else 0

    def reached(self, reading: int) -> int:
        """Return the first instant at which that much working time has passed since the first day."""
        n = bisect_left(self.sums, reading, 1)
        if n >= len(self.sums):
            return FAR
        return self.ends[n - 1] - (self.sums[n] - reading)

    def between(self, begin: int, end: int) -> int:
        """Return the working time in [begin, end); 0 when `end` is not after `begin`."""
        return self.reading(end) - self.reading(begin) if end > begin else 0

    def add(self, begin: int, budget: int) -> int:
        """Return when `budget` has passed since `begin`; `begin` itself for none or less."""
        return self.reached(self.reading(begin) + budget) if budget > 0 else begin

    def after_days(self, begin: int, days: int, *, end_of_day: bool) -> int:
        """Return the same wall time `days` working days after `begin`, or the end of that day's last opening."""
        wall = self.zone.wall(begin)
        n = bisect_right(self._ordinals, wall.toordinal()) + days - 1
        if n >= len(self.days):
            return FAR
        ordinal, closing = self.days[n]
        return closing if end_of_day else self.zone.first(datetime.combine(date.fromordinal(ordinal), wall.time()))

    def opens_on(self, day: date) -> bool:
        """Whether that local day has any opening, on whatever side of the table it lies."""
        return day not in self._shut and bool(self._week[day.weekday()])

    def open_days(self) -> set[int]:
        """Return the ordinals of days with any opening."""
        return set(self._ordinals)


@lru_cache(maxsize=64)
def table(zone: str) -> Zone:
    """Return the offsets of a zone from 2009 to 2040, kept."""
    return Zone(zone, date(2009, 1, 1), date(2040, 1, 1))


@lru_cache(maxsize=64)
def weekdays(zone: str, year: int) -> Windows:
    """Return whole days, Monday to Friday, from a month before a year to a year and a month after it."""
    whole = ((time(), time()),)
    return Windows(zone, (*(whole,) * 5, (), ()), (), date(year - 1, 12, 1), date(year + 2, 1, 31))


class Always:
    """Elapsed time: every instant counts."""

    def reading(self, at: int) -> int:
        """Return `at` itself."""
        return at

    def between(self, begin: int, end: int) -> int:
        """Return the time from one to the other, 0 when not after."""
        return max(end - begin, 0)

    def add(self, begin: int, budget: int) -> int:
        """Return `budget` after `begin`; before it for a negative one."""
        return begin + budget


ALWAYS = Always()
Calendar = Windows | Always
