"""When shifts run, and which follows which. Pure.

Hours are walls: over a change of the clocks a shift is as long as it really was, a time the clocks skip means the
moment they jump, a time they show twice means the first.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from catalogue.hours import first_instant
from escalation.models import Shift

DAY = timedelta(days=1)
WEEK = timedelta(days=8)


@dataclass(frozen=True, slots=True)
class Window:
    """One run of a shift, [begin, end). weekend: it begins on a Saturday or Sunday of its place."""

    shift: Shift
    begin: datetime
    end: datetime
    weekend: bool

    def holds(self, at: datetime) -> bool:
        """Whether it runs at `at`."""
        return self.begin <= at < self.end


@dataclass(frozen=True, slots=True)
class Change:
    """One shift hands to the next. They overlap where the outgoing one ends after the incoming one begins."""

    outgoing: Window
    incoming: Window

    @property
    def first(self) -> datetime:
        """When the first of the two has to be ready: the next begins, or the last goes home before that."""
        return min(self.incoming.begin, self.outgoing.end)


def windows(shift: Shift, begin: datetime, end: datetime) -> list[Window]:
    """Return the runs that reach into [begin, end), by start, whole. O(days)."""
    zone = ZoneInfo(shift.time_zone)
    day, last = begin.astimezone(zone).date() - DAY, end.astimezone(zone).date()
    found = []
    while day <= last:
        if str(day.weekday()) in shift.weekdays:
            opens = first_instant(day, shift.starts, zone)
            closes = first_instant(day if shift.ends > shift.starts else day + DAY, shift.ends, zone)
            if opens < end and closes > begin:
                found.append(Window(shift, opens, closes, day.weekday() >= 5))
        day += DAY
    return found


def lanes(shifts: Sequence[Shift]) -> list[list[Shift]]:
    """Return the shifts that hand over, those of one region and team together."""
    found: dict[tuple[str, int | None], list[Shift]] = {}
    for shift in shifts:
        if shift.hands_over:
            found.setdefault((shift.region, shift.team_id), []).append(shift)
    return list(found.values())


def changes(lane: Sequence[Shift], begin: datetime, end: datetime) -> list[Change]:
    """Return the changes of a lane whose incoming shift begins in [begin, end), by that instant.

    The one before is the run that began last before it; those of one instant do not hand to each other.
    """
    runs = sorted(
        (run for shift in lane for run in windows(shift, begin - WEEK, end)),
        key=lambda run: (run.begin, run.end, run.shift.pk),
    )
    found = []
    for run in runs:
        before = [other for other in runs if other.begin < run.begin]
        if begin <= run.begin < end and before:
            found.append(Change(before[-1], run))
    return found
