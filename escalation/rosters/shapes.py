"""Rosters as plain values. Pure: no clock, no table."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from catalogue.hours import MIDNIGHT, Weekly, WorkingHours

UNITS = {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(weeks=1)}
BASE, ROTATION, OVERRIDE = 0, 1, 2
WORKDAYS = range(5)
ALWAYS = ((MIDNIGHT, MIDNIGHT),)


@dataclass(frozen=True, kw_only=True, slots=True)
class Window:
    """Hours of one weekday (0 = Monday) on the wall; `closes` not after `opens` = until then on the next day."""

    weekday: int
    opens: time
    closes: time


@dataclass(frozen=True, kw_only=True)
class Layer:
    """One rotation, true in [from_at, to_at); `to_at` None = until further notice. Fields as in `RosterLayer`.

    members  keys of people in their order, at least one.
    """

    key: str
    name: str
    zone: ZoneInfo
    unit: str
    length: int
    handoff: time
    starts_on: date
    members: tuple[int, ...]
    from_at: datetime
    to_at: datetime | None = None
    position: int = 1
    base: bool = False
    windows: tuple[Window, ...] = ()
    entitled_weekend: bool = False

    @property
    def step(self) -> timedelta:
        """How far apart two hand-offs are on the wall."""
        return UNITS[self.unit] * self.length

    @property
    def rank(self) -> int:
        """The layer of `RosterSlot` it is written to."""
        return BASE if self.base else ROTATION

    @cached_property
    def hours(self) -> WorkingHours | None:
        """Its windows; None = every hour. Raises ValueError where two windows overlap."""
        return WorkingHours(zone=self.zone, weekly=weekly(self.windows)) if self.windows else None

    @cached_property
    def workweek(self) -> WorkingHours:
        """Monday to Friday of its zone, for hours on which weekends need an entitlement."""
        return WorkingHours(zone=self.zone, weekly=tuple(ALWAYS if d in WORKDAYS else () for d in range(7)))


@dataclass(frozen=True, kw_only=True, slots=True)
class Override:
    """One person above every layer in [from_at, to_at). swap: it came of one."""

    key: str
    user_id: int
    from_at: datetime
    to_at: datetime
    swap: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Away:
    """One person cannot be called in [from_at, to_at), whatever layers and overrides say."""

    user_id: int
    from_at: datetime
    to_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """One roster with all its layers, past ones too. `required` None = around the clock must be covered.

    Alive in [from_at, to_at); `to_at` None = not retired. `filled_until` None = never written out.
    most_hours, least_rest  hours a person should be on in seven days, and rest; None = not watched.
    absences  of those named in it: their turns go to whoever stands beneath them.
    """

    pk: int
    uuid: str
    name: str
    role: str
    scope: str
    zone: str
    from_at: datetime
    to_at: datetime | None = None
    filled_until: datetime | None = None
    deputy_id: int | None = None
    calendar_id: int | None = None
    most_hours: int | None = None
    least_rest: int | None = None
    layers: tuple[Layer, ...] = field(default=())
    overrides: tuple[Override, ...] = field(default=())
    absences: tuple[Away, ...] = field(default=())

    def people(self) -> set[int]:
        """Return the keys of everybody named in it, now or ever."""
        named = {pk for layer in self.layers for pk in layer.members} | {o.user_id for o in self.overrides}
        return named | ({self.deputy_id} if self.deputy_id else set())

    def as_if_here(self, *users: int) -> "Plan":
        """Return it without the absences of `users`, of everybody if none is named."""
        return replace(self, absences=tuple(a for a in self.absences if users and a.user_id not in users))


@dataclass(frozen=True, kw_only=True, slots=True)
class Turn:
    """One person on call in [from_at, to_at). `rank` 0–2 as `RosterSlot.layer`; `slot` 1 answers first.

    key  of the layer or override.   layer  name of the layer; "" for an override.
    entitled  only for customers who bought weekends.
    """

    user_id: int
    from_at: datetime
    to_at: datetime
    rank: int
    slot: int = 1
    key: str = ""
    layer: str = ""
    entitled: bool = False
    swap: bool = False

    def holds(self, at: datetime) -> bool:
        """Whether it is on at `at`."""
        return self.from_at <= at < self.to_at


def weekly(windows: tuple[Window, ...]) -> Weekly:
    """Return windows as openings by weekday; one over midnight becomes two. Raises ValueError if two overlap."""
    week: list[list[tuple[time, time]]] = [[] for _ in range(7)]
    for window in windows:
        if window.closes > window.opens or window.closes == MIDNIGHT:
            week[window.weekday].append((window.opens, window.closes))
        else:
            week[window.weekday].append((window.opens, MIDNIGHT))
            week[(window.weekday + 1) % 7].append((MIDNIGHT, window.closes))
    ordered = tuple(tuple(sorted(day)) for day in week)
    for openings in ordered:
        for (_, closes), (opens, _end) in zip(openings, openings[1:], strict=False):
            if closes == MIDNIGHT or opens < closes:
                raise ValueError("two windows overlap")
    return ordered
