"""The picture of the next 400 days: one bar for each role a policy tells, gaps where nobody answers."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language

from escalation.coverage import Hole
from escalation.ladder_words import COMPUTED, target_words
from escalation.policy_matched import Matched, matched
from escalation.readiness import DAYS, looked_at
from escalation.shapes import Shape, value
from ledger.record import canonical

LEFT, WIDE, HIGH, TOP = 228.0, 512.0, 30, 40
LEAST = 4.0
SHOWN = 12
REMEMBERED_S, COUNTED_S = 60, 600
UNTOLD = "untold"
ASKED = ("code", "targets", "anchor", "calendar", "unit", "when", "stop_on", "repeat_s")


@dataclass(frozen=True, kw_only=True, slots=True)
class Bar:
    """One role: name, height of its words, its gaps as (x, width)."""

    name: str
    y: int
    gaps: Sequence[tuple[str, str]]

    @property
    def top(self) -> int:
        """Where its bar begins."""
        return self.y - 12


@dataclass(frozen=True, kw_only=True, slots=True)
class Coverage:
    """The whole picture, and the same as sentences."""

    bars: Sequence[Bar]
    months: Sequence[tuple[str, str]]
    holes: Sequence[Any]
    more: int
    from_at: datetime
    to_at: datetime
    height: int

    @property
    def bottom(self) -> int:
        """Where the lines of the months end."""
        return self.height - 6


def coverage_of(holes: Iterable[Any], shape: Shape, at: datetime) -> Coverage:
    """Return the picture of the holes found for a shape from `at` on."""
    told = [word.partition(":")[0] for rule in shape["rules"] for word in rule["targets"] if word not in COMPUTED]
    roles = [role for role in dict.fromkeys(told) if role not in COMPUTED]
    by_role: dict[str, list[Any]] = {}
    found = list(holes)
    for hole in (one for one in found if one.kind in {"hole", "gap"}):
        by_role.setdefault(hole.role, []).append(hole)
    bars = [
        Bar(name=target_words(role), y=TOP + HIGH * place, gaps=[_place(hole, at) for hole in by_role.get(role, [])])
        for place, role in enumerate(roles)
    ]
    return Coverage(
        bars=bars, months=_months(at), holes=found[:SHOWN], more=max(len(found) - SHOWN, 0), from_at=at,
        to_at=at + timedelta(days=DAYS), height=TOP + HIGH * max(len(bars), 1) - 4,
    )  # fmt: skip


def _x(instant: datetime, at: datetime) -> float:
    share = (instant - at) / timedelta(days=DAYS)
    return LEFT + WIDE * min(max(share, 0.0), 1.0)


def _place(hole: Any, at: datetime) -> tuple[str, str]:
    start = _x(hole.from_at or at, at)
    end = _x(hole.to_at, at) if hole.to_at else LEFT + WIDE
    return f"{min(start, LEFT + WIDE - LEAST):.1f}", f"{max(end - start, LEAST):.1f}"


def _months(at: datetime) -> list[tuple[str, str]]:
    local = timezone.localtime(at)
    found = []
    year, month = local.year, local.month
    for _number in range(DAYS // 31):
        month += 1
        year, month = (year + 1, 1) if month > 12 else (year, month)
        first = local.replace(year=year, month=month, day=1, hour=0, minute=0)
        found.append((f"{_x(first, at):.1f}", str(year) if month == 1 else date_format(first, "M")))
    return found


def remembered(shape: Shape, at: datetime) -> list[Hole]:
    """Return who is missing, asked at most once a minute while somebody types times and names: those change nothing of
    it. A publication asks anew."""
    told = [{name: value(rule, name) for name in ASKED} for rule in shape["rules"]]
    said = canonical([shape["conditions"], shape["on_entitlement_calendar"], told, get_language()])
    key = f"policy-coverage:{hashlib.sha256(said.encode()).hexdigest()}"
    found: list[Hole] | None = cache.get(key)
    if found is None:
        found = looked_at(shape, at)
        cache.set(key, found, REMEMBERED_S)
    return found


def counted(shape: Shape, at: datetime) -> Matched | None:
    """Return how many the conditions held for in 13 weeks, counted at most every ten minutes for the same conditions.

    1 query when it is counted.
    """
    said = canonical([shape["subject"], shape["conditions"]])
    key = f"policy-matched:{hashlib.sha256(said.encode()).hexdigest()}"
    found: Matched | str | None = cache.get(key)
    if found is None:
        found = matched(shape, at) or UNTOLD
        cache.set(key, found, COUNTED_S)
    return found if isinstance(found, Matched) else None
