"""Numbers of the simulator's drawings: where a firing, a stretch or a line stands, in the units of the picture."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from escalation.simulator.timeline import Lane, Mark, Timeline
from servicedesk.web import times

LEFT, RIGHT, WIDTH, ROW, TOP = 176, 690, 840, 44, 24
STEPS_S = (60, 300, 600, 1800, 3600, 7200, 14_400, 28_800, 86_400, 172_800, 604_800, 2_592_000)
SHOWN = 10


def pixels(value: float) -> str:
    """Return a coordinate as text no language changes."""
    return f"{value:.1f}"


@dataclass(frozen=True, slots=True)
class Row:
    """One case of the chart: hollow = before, solid = after."""

    name: str
    note: str
    link: str
    y: int
    hollow: Sequence[str]
    solid: Sequence[str]
    over: str
    length: str
    words: str


@dataclass(slots=True)
class Chart:
    """The most different cases of a comparison. ticks: (x, label)."""

    rows: list[Row] = field(default_factory=list)
    ticks: list[tuple[str, str]] = field(default_factory=list)
    height: int = 0


def chart(differences: Sequence[dict[str, Any]]) -> Chart:
    """Return the drawing of the first ten differences of a comparison, seconds from the start of each case."""
    chosen = [one for one in differences if one.get("over_s") is not None][:SHOWN]
    longest = max((max([*one["before"][:20], *one["after"][:20], 60]) for one in chosen), default=60)
    step = next((s for s in STEPS_S if longest / s <= 7), STEPS_S[-1])
    scale = (RIGHT - LEFT) / max(longest, 1)
    made = Chart(height=TOP + ROW * len(chosen) + 8)
    made.ticks = [(pixels(LEFT + n * step * scale), _span(n * step)) for n in range(int(longest // step) + 1)]
    for number, one in enumerate(chosen):
        over = min(one["over_s"], longest)
        made.rows.append(
            Row(
                one["case"],
                one["note"],
                one["link"],
                TOP + ROW * number + 21,
                [pixels(LEFT + s * scale) for s in one["before"] if s <= longest],
                [pixels(LEFT + s * scale) for s in one["after"] if s <= longest],
                pixels(LEFT + over * scale),
                pixels(max(over * scale, 1)),
                _changes(one),
            )  # fmt: skip
        )
    return made


def changes(rows: Sequence[tuple[str, str, str, bool]]) -> list[dict[str, str]]:
    """Return the rows of figures with their change in words, and the icon of its direction; "" for none."""
    found = []
    for label, before, after, _differs in rows:
        more = int(after) - int(before) if before.isdigit() and after.isdigit() else 0
        icon = "trending-up" if more > 0 else "trending-down" if more < 0 else ""
        said = f"{more:+d}".replace("-", "−") if more else ""
        found.append({"label": label, "before": before, "after": after, "change": said, "icon": icon})
    return found


def _changes(one: dict[str, Any]) -> str:
    said = [(_("%(n)s more"), len(one["added"])), (_("%(n)s fewer"), len(one["removed"]))]
    said.append((_("%(n)s at another time"), len(one["moved"])))
    return ", ".join(words % {"n": n} for words, n in said if n)


def _span(seconds: int) -> str:
    return times.span(timedelta(seconds=seconds)) if seconds else "0"


@dataclass(frozen=True, slots=True)
class Bar:
    """A stretch of a lane."""

    x: str
    width: str
    kind: str
    title: str


@dataclass(frozen=True, slots=True)
class Diamond:
    """A mark of a lane; `points` of its outline, `x` of its middle."""

    points: str
    x: str
    state: str
    title: str
    late: str


@dataclass(frozen=True, slots=True)
class DrawnLane:
    """One clock as a lane; `y` of its middle."""

    name: str
    y: int
    bars: Sequence[Bar]
    diamonds: Sequence[Diamond]


@dataclass(frozen=True, slots=True)
class DrawnPerson:
    """One person's lane: (x, state, title)."""

    name: str
    y: int
    dots: Sequence[tuple[str, str, str]]


@dataclass(slots=True)
class Drawing:
    """A ticket's timeline."""

    lanes: list[DrawnLane]
    people: list[DrawnPerson]
    ticks: list[tuple[str, str]]
    now: str
    height: int
    foot: int


def draw(line: Timeline) -> Drawing:
    """Return the picture of a timeline: a lane per clock, then one per person."""
    scale = _Scale(line.first, line.last)
    y = TOP + 24
    lanes, people = [], []
    for lane in line.lanes:
        lanes.append(_lane(lane, y, scale))
        y += ROW
    for name, told in line.people.items():
        dots = [(scale.x(one.at), one.state, f"{one.code} {times.hms(one.at)} {one.channel}") for one in told]
        people.append(DrawnPerson(name, y, dots))
        y += 28
    return Drawing(lanes, people, scale.ticks(), scale.x(line.now), y + 8, y - 12)


def _lane(lane: Lane, y: int, scale: "_Scale") -> DrawnLane:
    name = _(lane.name) + (f" {lane.number}" if lane.number > 1 else "")
    bars = [
        Bar(scale.x(s.begin), scale.width(s.begin, s.end), s.kind, f"{times.hm(s.begin)}–{times.hm(s.end)}")
        for s in lane.stretches
    ]
    return DrawnLane(name, y, bars, [_diamond(mark, y, scale) for mark in lane.marks])


def _diamond(mark: Mark, y: int, scale: "_Scale") -> Diamond:
    x = scale.place(mark.at)
    points = " ".join(f"{pixels(a)},{pixels(b)}" for a, b in ((x, y - 6), (x + 6, y), (x, y + 6), (x - 6, y)))
    title = f"{mark.code} {_(mark.label) if mark.label else ''} {times.hms(mark.at)} {', '.join(mark.people)}".strip()
    return Diamond(points, pixels(x), mark.state, title, f"+{mark.late_s} s" if mark.state == "late" else "")


class _Scale:
    """Instants to units between LEFT and the right edge."""

    def __init__(self, first: datetime, last: datetime) -> None:
        self.first, self.last = first, last
        self.per_s = (WIDTH - LEFT - 16) / max((last - first).total_seconds(), 1)

    def place(self, at: datetime) -> float:
        """Return where an instant stands; those outside stand at the edge."""
        seconds = (min(max(at, self.first), self.last) - self.first).total_seconds()
        return LEFT + seconds * self.per_s

    def x(self, at: datetime) -> str:
        """Return where an instant stands, as text."""
        return pixels(self.place(at))

    def width(self, begin: datetime, end: datetime) -> str:
        """Return how wide a stretch is, at least one."""
        return pixels(max(self.place(end) - self.place(begin), 1))

    def ticks(self) -> list[tuple[str, str]]:
        """Return about six instants with their time of day."""
        whole = (self.last - self.first).total_seconds()
        step = next((s for s in STEPS_S if whole / s <= 7), STEPS_S[-1])
        found, at = [], self.first
        while at <= self.last:
            found.append((self.x(at), times.hm(at)))
            at += timedelta(seconds=step)
        return found
