"""Numbers of a ticket's timeline: where a stretch, a mark or a line stands, in the units of the picture."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from escalation.models import Notification
from escalation.simulator.proof import Told
from escalation.simulator.timeline import Lane, Mark, Timeline
from servicedesk.supervisor.simulation_drawing import LEFT, STEPS_S, TOP, pixels
from servicedesk.supervisor.timeline_words import patterns, pause_words, what_words
from servicedesk.web import times

WIDTH, RIGHT, ROW, PERSON = 1120, 1104, 48, 28


@dataclass(frozen=True, slots=True)
class Bar:
    """A stretch of a lane. words: who approved a pause, where there is room to say it."""

    x: str
    width: str
    kind: str
    title: str
    words: str = ""


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
    """One person's lane: (x, what, title)."""

    name: str
    y: int
    dots: Sequence[tuple[str, str, str]]


@dataclass(frozen=True, slots=True)
class Ask:
    """The line that is dragged: instants in milliseconds, places in the picture's units."""

    x: str
    now_x: str
    last_x: str
    now_ms: int
    last_ms: int
    at_ms: int
    minutes: int
    most: int
    some: str
    none: str


@dataclass(slots=True)
class Drawing:
    """A ticket's timeline."""

    lanes: list[DrawnLane]
    people: list[DrawnPerson]
    ticks: list[tuple[str, str]]
    now: str
    height: int
    foot: int
    ask: Ask
    width: int = WIDTH


def draw(line: Timeline, by: datetime) -> Drawing:
    """Return the picture of a timeline: a lane per clock, then one per person. by: where the dragged line stands."""
    scale = _Scale(line.first, line.last)
    y = TOP + 24
    lanes, people = [], []
    for lane in line.lanes:
        lanes.append(_lane(lane, y, scale))
        y += ROW
    words, channels = what_words(), dict(Notification.Channel.choices)
    for name, told in line.people.items():
        people.append(DrawnPerson(name, y, [(scale.x(one.at), one.what, _told(one, words, channels)) for one in told]))
        y += PERSON
    return Drawing(lanes, people, scale.ticks(), scale.x(line.now), y + 8, y - 12, _ask(line, by, scale))


def _ask(line: Timeline, by: datetime, scale: "_Scale") -> Ask:
    some, none = patterns()
    return Ask(
        x=scale.x(by), now_x=scale.x(line.now), last_x=scale.x(line.last), now_ms=_ms(line.now),
        last_ms=_ms(line.last), at_ms=_ms(by), minutes=int((by - line.now).total_seconds() // 60),
        most=int((line.last - line.now).total_seconds() // 60), some=some, none=none,
    )  # fmt: skip


def _ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)


def _told(one: Told, words: dict[str, str], channels: dict[str, str]) -> str:
    said = [one.code, words[one.what], times.hms(one.at), str(channels.get(one.channel, ""))]
    return " ".join(word for word in said if word)


def _lane(lane: Lane, y: int, scale: "_Scale") -> DrawnLane:
    name = _(lane.name) + (f" {lane.number}" if lane.number > 1 else "")
    bars = []
    for one in lane.stretches:
        title = f"{times.hm(one.begin)}–{times.hm(one.end)}"
        told = pause_words(one) if one.kind != "running" else ""
        approved = ", ".join(one.approvers) if one.kind == "paused" else ""
        bars.append(
            Bar(scale.x(one.begin), scale.width(one.begin, one.end), one.kind, f"{title} {told}".strip(), approved)
        )
    return DrawnLane(name, y, bars, [_diamond(mark, y, scale) for mark in lane.marks])


def _diamond(mark: Mark, y: int, scale: "_Scale") -> Diamond:
    x = scale.place(mark.at)
    points = " ".join(f"{pixels(a)},{pixels(b)}" for a, b in ((x, y - 6), (x + 6, y), (x, y + 6), (x - 6, y)))
    title = f"{mark.code} {_(mark.label) if mark.label else ''} {times.hms(mark.at)} {', '.join(mark.people)}".strip()
    return Diamond(points, pixels(x), mark.state, title, _late(mark.late_s) if mark.state == "late" else "")


def _late(seconds: str) -> str:
    """Return how late in words: "+0.4 s", from a minute on "+24 min"."""
    whole = timedelta(seconds=float(seconds))
    return f"+{times.span(whole)}" if whole >= timedelta(minutes=1) else f"+{seconds} s"


class _Scale:
    """Instants to units between LEFT and the right edge."""

    def __init__(self, first: datetime, last: datetime) -> None:
        self.first, self.last = first, last
        self.per_s = (RIGHT - LEFT) / max((last - first).total_seconds(), 1)

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
        """Return about eight instants on whole steps of the clock, with their time of day."""
        whole = (self.last - self.first).total_seconds()
        step = timedelta(seconds=next((s for s in STEPS_S if whole / s <= 9), STEPS_S[-1]))
        at = self.first - timedelta(seconds=self.first.timestamp() % step.total_seconds()) + step
        found = []
        while at <= self.last:
            found.append((self.x(at), times.hm(at)))
            at += step
        return found
