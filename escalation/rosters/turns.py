"""When which member of a layer is on. Hand-offs are wall times: over a change of the clocks a turn is as long as it
really was, a time the clocks skip means the moment they jump, a time they show twice means the first. Pure."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from catalogue.hours import WorkingHours, first_instant
from escalation.rosters.shapes import Layer
from escalation.rosters.spans import Span, clip, subtract, union

_DAY = timedelta(days=1)


def turn_number(layer: Layer, at: datetime) -> int:
    """Return how many hand-offs lie between the first and `at`; negative before the first.

    Where clocks fall back the wall alone would say it twice: the instants of the hand-offs decide.
    """
    wall = at.astimezone(layer.zone).replace(tzinfo=None)
    n = (wall - _first_wall(layer)) // layer.step
    while handoff(layer, n) > at:
        n -= 1
    while handoff(layer, n + 1) <= at:
        n += 1
    return n


def handoff(layer: Layer, n: int) -> datetime:
    """Return the instant, in UTC, of hand-off `n`; 0 is the first."""
    wall = _first_wall(layer) + n * layer.step
    return _instant(wall, layer.zone)


def member_turns(layer: Layer, begin: datetime, end: datetime) -> Iterator[tuple[int, Span]]:
    """Yield (member, stretch) of every stretch that reaches into [begin, end), ascending, none empty.

    A stretch is a turn within validity and windows, whole: it may begin before `begin` and end after `end`.
    """
    until = layer.to_at or datetime.max.replace(tzinfo=UTC)
    n = max(turn_number(layer, max(begin, layer.from_at)), 0)
    while (starts := handoff(layer, n)) < min(end, until):
        low, high = max(starts, layer.from_at), min(handoff(layer, n + 1), until)
        for piece in _open(layer, low, high):
            if piece[0] < end and piece[1] > begin:
                yield layer.members[n % len(layer.members)], piece
        n += 1


def openings(hours: WorkingHours, begin: datetime, end: datetime) -> list[Span]:
    """Return the openings of [begin, end), merged over midnight, in UTC."""
    if hours.is_always():
        return clip([(begin, end)], begin, end)
    day, last = begin.astimezone(hours.zone).date() - _DAY, end.astimezone(hours.zone).date()
    found: list[Span] = []
    while day <= last:
        found.extend(hours.openings(day))
        day += _DAY
    return clip(union(found), begin, end)


def by_weekend(layer: Layer, begin: datetime, end: datetime) -> list[tuple[Span, bool]]:
    """Return [begin, end) cut where weekends of its zone begin and end, each piece with whether it is one."""
    working = openings(layer.workweek, begin, end)
    weekend = subtract([(begin, end)], working)
    return sorted([*((span, False) for span in working), *((span, True) for span in weekend)])


def _first_wall(layer: Layer) -> datetime:
    return datetime.combine(layer.starts_on, layer.handoff)


@lru_cache(maxsize=65_536)
def _instant(wall: datetime, zone: ZoneInfo) -> datetime:
    return first_instant(wall.date(), wall.time(), zone)


def _open(layer: Layer, begin: datetime, end: datetime) -> list[Span]:
    if begin >= end:
        return []
    return [(begin, end)] if layer.hours is None else openings(layer.hours, begin, end)
