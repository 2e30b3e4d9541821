"""What a benchmark says: one JSON line per figure, and a table at the end."""

import json
import os
import platform
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.db import connection


@dataclass(frozen=True, kw_only=True, slots=True)
class Figure:
    """One measured value. `target` None = told only; `floor` = the same in raw SQL, in the same unit, None = none.

    `above` True where more is better.
    """

    name: str
    value: float
    unit: str
    target: float | None = None
    floor: float | None = None
    above: bool = False
    note: str = ""

    @property
    def met(self) -> bool:
        """Whether the target is met."""
        if self.target is None:
            return True
        return self.value >= self.target if self.above else self.value < self.target

    def line(self) -> str:
        """The figure as one JSON object, with the load average of this moment."""
        more = {"ratio": self.ratio, "met": self.met, "load": round(os.getloadavg()[0], 2)}
        return json.dumps({**asdict(self), **more})

    @property
    def ratio(self) -> float | None:
        """The value by its floor."""
        return round(self.value / self.floor, 1) if self.floor else None


def p(values: Sequence[float], share: float) -> float:
    """The percentile `share` (0.95) of the values."""
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


def spread(
    name: str, taken: Sequence[float], *, target: float | None, floor: float | None = None, note: str = ""
) -> Figure:
    """Return the figure of the 95th percentile of times in milliseconds; the note tells the rest."""
    said = f"p50 {statistics.median(taken):.1f}, max {max(taken):.1f}, n {len(taken)}{', ' + note if note else ''}"
    floor = round(floor, 2) if floor else None
    return Figure(name=name, value=round(p(taken, 0.95), 1), unit="ms p95", target=target, floor=floor, note=said)


def table(figures: Iterable[Figure]) -> str:
    """The figures as a Markdown table."""
    rows = ["| figure | value | target | raw SQL | ratio | note |", "|---|---|---|---|---|---|"]
    for f in figures:
        sign = "≥" if f.above else "<"
        target = "–" if f.target is None else f"{sign} {f.target:g} {'met' if f.met else 'MISSED'}"
        floor, ratio = (f"{f.floor:g}", f"{f.ratio:g}") if f.floor else ("–", "–")
        rows.append(f"| {f.name} | {f.value:g} {f.unit} | {target} | {floor} | {ratio} | {f.note} |")
    return "\n".join(rows)


def machine() -> dict[str, Any]:
    """Where this runs: processors, Python, PostgreSQL and whether it waits for the disk."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version'), current_setting('fsync')")
        version, fsync = cursor.fetchone()
    return {
        "cores": os.cpu_count(), "machine": platform.platform(), "python": platform.python_version(),
        "postgresql": version, "fsync": fsync, "load": [round(load, 1) for load in os.getloadavg()],
    }  # fmt: skip
