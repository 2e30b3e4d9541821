"""From rosters to the two drawings of the page: shifts that follow the sun, and two weeks layer by layer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from escalation.rosters.gaps import Gap
from escalation.rosters.schedule import final, turns
from escalation.rosters.shapes import OVERRIDE, Plan, Turn
from escalation.rosters.spans import clip, intersect, union
from servicedesk.web import times

LEFT, RIGHT = 128.0, 836.0
DAYS = 14
LETTER = 6.6
DAY = timedelta(days=1)
HIGH, TALL = 26, 32


@dataclass(frozen=True, kw_only=True, slots=True)
class Bar:
    """One rectangle: place, size and the words in it ("" where they would not fit)."""

    x: str
    y: int
    width: str
    css: str
    text: str = ""
    text_x: str = ""
    height: int = HIGH

    @property
    def text_y(self) -> int:
        """The line its words stand on."""
        return self.y + self.height // 2 + 4

    @property
    def above(self) -> int:
        """The line of words above it."""
        return self.y - 4

    @property
    def late(self) -> bool:
        """Whether words beside it must end where it begins, or they would run out of the drawing."""
        return float(self.x) > RIGHT - 160


@dataclass(kw_only=True, slots=True)
class Picture:
    """What a template draws. labels: (x, y, class, words); grid: x of lines; now: x or ""; told: the same as words."""

    height: int = 0
    labels: list[tuple[str, int, str, str]] = field(default_factory=list)
    bars: list[Bar] = field(default_factory=list)
    holes: list[tuple[Bar, str]] = field(default_factory=list)
    grid: list[str] = field(default_factory=list)
    shades: list[tuple[str, str]] = field(default_factory=list)
    rules: list[int] = field(default_factory=list)
    now: str = ""
    now_text: str = ""
    told: list[str] = field(default_factory=list)
    top: int = 24

    @property
    def bottom(self) -> int:
        """Where lines from top to bottom end."""
        return self.height - 16 if self.now_text else self.height - 4

    @property
    def inner(self) -> int:
        """How high the drawing is between its top and its bottom."""
        return self.bottom - self.top

    @property
    def foot(self) -> int:
        """The line of the words of now."""
        return self.height - 3


class Scale:
    """Instants to places between the margins."""

    def __init__(self, begin: datetime, end: datetime) -> None:
        self.begin, self.end = begin, end

    def x(self, at: datetime) -> float:
        """Return the place of `at`."""
        return LEFT + (RIGHT - LEFT) * ((at - self.begin) / (self.end - self.begin))

    def bar(self, begin: datetime, end: datetime, y: int, css: str, name: str = "", height: int = HIGH) -> Bar:
        """Return the rectangle of a stretch, with as much of a name as fits."""
        low, high = self.x(max(begin, self.begin)), self.x(min(end, self.end))
        width = max(high - low - 2, 2.0)
        return Bar(
            x=f"{low + 1:.1f}", y=y, width=f"{width:.1f}", css=css, text=fitting(name, width), height=height,
            text_x=f"{low + 9:.1f}",
        )  # fmt: skip


def fitting(name: str, width: float) -> str:
    """Return a name, shortened to "Omar H." or "OH", or "" where nothing fits."""
    words = name.split()
    shorts = [name, f"{words[0]} {words[-1][0]}." if len(words) > 1 else name, "".join(w[0] for w in words)]
    return next((short for short in shorts if short and len(short) * LETTER + 14 <= width), "")


def first_day(at: datetime) -> datetime:
    """Return midnight of the Monday of `at`, in the reader's zone."""
    local = timezone.localtime(at)
    return datetime.combine(local.date() - timedelta(days=local.weekday()), time.min, tzinfo=local.tzinfo)


def two_weeks(plans: Sequence[Plan], people: Mapping[int, User], gaps: Sequence[Gap], at: datetime) -> Picture:
    """Return rotations, overrides and their result, roster by roster, from Monday on."""
    monday = first_day(at)
    days = [datetime.combine(monday.date() + n * DAY, time.min, tzinfo=monday.tzinfo) for n in range(DAYS + 1)]
    scale = Scale(days[0], days[-1])
    made = Picture(now=f"{scale.x(at):.1f}")
    for day, after in zip(days, days[1:], strict=False):
        made.grid.append(f"{scale.x(day):.1f}")
        css = "now-t" if day <= at < after else "t-m"
        made.labels.append((f"{(scale.x(day) + scale.x(after)) / 2:.1f}", 16, css, date_format(day, "D j")))
        if day.weekday() >= 5:
            made.shades.append((f"{scale.x(day):.1f}", f"{scale.x(after) - scale.x(day):.1f}"))
    y = 34
    for plan in plans:
        if plan.layers:
            y = _roster(made, scale, plan, people, [gap for gap in gaps if gap.plan.pk == plan.pk], y)
    made.height = y + 6
    return made


def _roster(made: Picture, scale: Scale, plan: Plan, people, gaps: Sequence[Gap], y: int) -> int:
    made.rules.append(y - 7)
    made.labels += [("0", y + 10, "t-b", plan.name[:17]), ("0", y + 24, "t-s", _kept(plan))]
    every = turns(plan, scale.begin, scale.end)
    overrides = [turn for turn in every if turn.rank == OVERRIDE]
    if overrides:
        y = _row(made, scale, [turn for turn in every if turn.rank != OVERRIDE and turn.slot == 1], people, y, "slot")
        made.labels.append(("120", y + 17, "t-e", _("Overrides")))
        y = _row(made, scale, overrides, people, y, "slot-over")
    shown = final(plan, scale.begin, scale.end)
    if overrides or gaps:
        y += 16
        made.labels.append(("120", y + 17, "t-e", _("On call")))
    free = 0.0
    for a, b in clip(sorted((gap.from_at, gap.to_at) for gap in gaps), scale.begin, scale.end):
        words = _("%(begin)s to %(end)s nobody") % {"begin": times.hm(a), "end": times.hm(b)}
        bar = scale.bar(a, b, y - 3, "slot-gap", height=TALL)
        room = len(words) * LETTER
        left = float(bar.x) - (room if bar.late else 0)
        made.holes.append((bar, words if left >= free else ""))
        free = left + room + LETTER if left >= free else free
        made.told.append(f"{plan.name}: {date_format(timezone.localtime(a), 'D j F')} {words}")
    return _row(made, scale, shown, people, y, "slot-on") + 8


def _row(made: Picture, scale: Scale, shown: Sequence[Turn], people, y: int, css: str) -> int:
    for turn in shown:
        name = people[turn.user_id].name + (f", {_('swap')}" if turn.swap else "")
        made.bars.append(scale.bar(turn.from_at, turn.to_at, y, css, name))
    return y + HIGH + 6


def _kept(plan: Plan) -> str:
    return _("%(n)d layers") % {"n": len(plan.layers)} if len(plan.layers) > 1 else times.city(plan.zone)


def sun(plan: Plan, people: Mapping[int, User], at: datetime) -> Picture:
    """Return the layers of one roster that run side by side, for a day around `at`, with a ruler for each zone."""
    begin = timezone.localtime(at).replace(minute=0, second=0, microsecond=0) - timedelta(hours=7)
    scale = Scale(begin, begin + DAY)
    made = Picture(now=f"{scale.x(at):.1f}", now_text=_("Now %(time)s") % {"time": times.hm(at)})
    layers = [layer for layer in plan.layers if layer.to_at is None or layer.to_at > begin]
    zones = list(dict.fromkeys([timezone.get_current_timezone_name(), *(layer.zone.key for layer in layers)]))
    for n, zone in enumerate(zones):
        made.labels.append(("0", 14 + 17 * n, "t-b" if n == 0 else "t-s", times.city(zone)))
    for hours in range(1, 24, 3):
        tick = begin + timedelta(hours=hours)
        made.grid.append(f"{scale.x(tick):.1f}")
        for n, zone in enumerate(zones):
            clock = f"{tick.astimezone(ZoneInfo(zone)):%H:%M}"
            made.labels.append((f"{scale.x(tick):.1f}", 14 + 17 * n, "t-m", clock))
    y = 14 + 17 * len(zones) + 10
    made.top = y - 8
    spans = {}
    every = turns(plan, scale.begin, scale.end)
    order = {turn.layer: n for n, turn in reversed(list(enumerate(every)))}
    for layer in sorted(layers, key=lambda layer: order.get(layer.name, 99)):
        mine = [turn for turn in every if turn.layer == layer.name]
        spans[layer.name] = (union((turn.from_at, turn.to_at) for turn in mine), y)
        made.labels.append(("0", y + 20, "t-b", layer.name[:17]))
        for a, b in spans[layer.name][0]:
            who = people[next(turn for turn in mine if turn.from_at <= a < turn.to_at).user_id].name
            made.bars.append(scale.bar(a, b, y, "slot-on" if a <= at < b else "slot", who, TALL))
            made.told.append(f"{layer.name}: {times.hm(a)} – {times.hm(b)}, {who}")
        y += 40
    _laps(made, scale, list(spans.values()))
    made.height = y + 16
    return made


def _laps(made: Picture, scale: Scale, rows: Sequence[tuple]) -> None:
    for (one, y), (two, _y) in zip(rows, rows[1:], strict=False):
        for a, b in intersect(one, two):
            made.bars.append(scale.bar(a, b, y, "lap", height=72))


def follows_the_sun(plan: Plan, at: datetime) -> bool:
    """Whether a roster is shifts side by side in more than one zone."""
    alive = [layer for layer in plan.layers if layer.to_at is None or layer.to_at > at]
    return len({layer.zone.key for layer in alive}) > 1 and len({layer.position for layer in alive}) == 1
