"""Numbers of the simulator's chart: where a firing of either version stands, in the units of the picture."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _

from servicedesk.web import times

LEFT, RIGHT, ROW, TOP = 176, 690, 44, 24
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
