"""What the floor shows: plain values, ready to draw once for everybody of one permission scope."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

MOST = 60
SHOWN = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class Watched:
    """One ticket to look at. `due_at` None = nothing is due; `since` = the last progress or news, None = neither."""

    number: str
    title: str
    priority: str
    organisation: str
    team: str
    owner: str
    due_at: datetime | None = None
    rule: str = ""
    since: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Watchlist:
    """The first rows of a list, and how many there are; `more` = at least so many, counting stopped."""

    rows: Sequence[Watched] = ()
    count: int = 0
    more: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Call:
    """A call that rings, or one that ended with neither ticket nor outcome (P-01)."""

    queue: str
    agent: str
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Calls:
    """Today on the telephone (C-07).

    waiting, longest   calls that ring now and how long the first has rung.
    in_time            share answered within their own target (20 s, 60 s where all were busy), percent; None = no call.
    average, slowest   waits until the answer, None without one.   lost: rang off unanswered.
    """

    waiting: int = 0
    longest: timedelta = timedelta()
    in_time: int | None = None
    average: timedelta | None = None
    slowest: timedelta | None = None
    lost: int = 0
    unfinished: Sequence[Call] = ()
    unfinished_count: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class OnShift:
    """Somebody of ours who is here. `roles` in words, "" for an agent; `until` None = no end is known.

    load  open tickets they own, of those the reader may see.   state: on_call, break, free, away.
    """

    name: str
    roles: str
    until: datetime | None
    load: int
    state: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Floor:
    """The whole floor. `calls` and `people` None = not for this reader."""

    breaching: Watchlist
    silent: Watchlist
    unheard: Watchlist
    calls: Calls | None
    people: Sequence[OnShift] | None
