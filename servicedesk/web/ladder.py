"""The escalation ladder as a stair: where each rung, label and line stands. components/ladder.html draws it."""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, field

WIDTH, LEFT, RIGHT = 840, 36, 824
STEP, TOP, FOOT = 56, 50, 54
CHAR = 7.2
NOW_ROOM = 100
GLYPHS = {
    "met": "M-4 0l3 3l5 -6",
    "fired": "M0 -4.5v5M0 3.5v.4",
    "breached": "M0 -4.5v5M0 3.5v.4",
    "cancelled": "M-4 -4l8 8M4 -4l-8 8",
    "paused": "M-2 -3.5v7M2 -3.5v7",
}
REACHED = ("met", "fired", "breached")
AHEAD = "M0 -4v4l2.6 2"


@dataclass(frozen=True, kw_only=True, slots=True)
class Rung:
    """One step as a page gives it.

    offset_minutes  from the first step, in the order of the policy; decides how far right it stands.
    when  "10 min · 14:16"; title and who in words; state as everywhere (met, fired, soon, running, …).
    """

    offset_minutes: int
    when: str
    clock: str
    title: str
    who: str = ""
    state: str = "running"


@dataclass(slots=True)
class Line:
    y: int
    text: str


@dataclass(slots=True)
class Step:
    """A rung with its place in the drawing."""

    rung: Rung
    x: int
    y: int
    glyph: str
    title: list[Line] = field(default_factory=list)
    when_y: int = 0
    who: list[Line] = field(default_factory=list)
    same_line: bool = True


def _position(offset: float, longest: int) -> int:
    """Early steps get more room than late ones: the square root of their share."""
    return round(LEFT + (RIGHT - 174 - LEFT) * (offset / longest) ** 0.5) if longest else LEFT


def _label(step: Step) -> None:
    room = max(int((RIGHT - step.x - 16) / CHAR), 12)
    y = step.y + 18
    for part in textwrap.wrap(step.rung.title, room)[:2] or [""]:
        step.title.append(Line(y, part))
        y += 15
    step.when_y = y
    step.same_line = len(step.rung.when) + len(step.rung.who) + 2 <= room
    if step.rung.who and not step.same_line and len(step.title) == 1:
        step.who.append(Line(y + 15, textwrap.shorten(step.rung.who, room, placeholder="…")))


def _rails(steps: list[Step], base: int, now_x: int) -> tuple[str, str, int]:
    """Return the path walked, the path ahead and the height at which now stands on it."""
    reached = max((i for i, s in enumerate(steps) if s.rung.state in REACHED), default=-1)
    done, ahead, y = f"M16 {base}", "", base
    for step in steps[: reached + 1]:
        done += f"H{step.x}V{step.y}"
        y = step.y
    start = max(now_x, steps[reached].x if reached >= 0 else 16)
    following = steps[reached + 1 :]
    if following:
        start = min(start, following[0].x)
        done += f"H{start}"
        ahead = f"M{start} {y}" + "".join(f"H{s.x}V{s.y}" for s in following)
    return (done if reached >= 0 or start > 16 else ""), ahead, y


def draw(rungs: Sequence[Rung], now_minutes: float | None = None) -> dict:
    """Return what the template needs: steps, the two rails, the height, the axis ticks. Empty for no rungs.

    now_minutes  since the first step; None draws no line of now.
    """
    if not rungs:
        return {"steps": []}
    height = TOP + STEP * len(rungs) + FOOT - 34
    longest = max(r.offset_minutes for r in rungs)
    base = TOP + STEP * (len(rungs) - 1)
    steps = []
    for index, rung in enumerate(rungs):
        step = Step(rung, _position(rung.offset_minutes, longest), base - STEP * index, GLYPHS.get(rung.state, AHEAD))
        _label(step)
        steps.append(step)
    now_x = 0 if now_minutes is None else _position(min(max(now_minutes, 0), longest), longest)
    rail, rail_next, now_y = _rails(steps, base, now_x)
    ticks = {s.x: s.rung.clock for s in steps}
    return {
        "steps": steps,
        "rail": rail,
        "rail_next": rail_next,
        "now_x": now_x,
        "now_y": now_y,
        "now_text_x": now_x - 6 if now_x > NOW_ROOM else now_x + 6,
        "now_anchor": "end" if now_x > NOW_ROOM else "start",
        "width": WIDTH,
        "height": height,
        "axis_y": height - 22,
        "tick_y": height - 28,
        "text_y": height - 7,
        "ticks": list(ticks.items()),
    }
