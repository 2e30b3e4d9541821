"""Two versions of a policy over the same cases: who would be called more, less, later. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from escalation.simulator.figures import Figures
from escalation.simulator.people import NOBODY, Rosters
from escalation.simulator.plan import plan
from escalation.simulator.shapes import Case, Firing, Version, version_of
from escalation.simulator.windows import SECOND, Calendar, instant

LISTED = 200
DRAWN = 40
Shape = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Difference:
    """What changed for one case. Each entry (rule, occurrence, due instant in ISO form); moved: (…, old, new).

    before, after  seconds from the start of the case to each firing of the old and the new version, at most `DRAWN`.
    over_s         seconds to its last event.
    """

    case: str
    note: str
    link: str
    added: list[tuple[str, int, str]]
    removed: list[tuple[str, int, str]]
    moved: list[tuple[str, int, str, str]]
    before: list[int]
    after: list[int]
    over_s: int
    cut: int = 0

    @property
    def size(self) -> int:
        """How many firings differ."""
        return len(self.added) + len(self.removed) + len(self.moved) + self.cut

    def as_dict(self) -> dict[str, Any]:
        """JSON-able."""
        return {
            "case": self.case, "note": self.note, "link": self.link, "added": [list(row) for row in self.added],
            "removed": [list(row) for row in self.removed], "moved": [list(row) for row in self.moved],
            "before": self.before, "after": self.after, "over_s": self.over_s, "more": self.cut,
        }  # fmt: skip


@dataclass(slots=True)
class Comparison:
    """Figures of both versions, and the cases that differ, the most different first."""

    old: Figures = field(default_factory=Figures)
    new: Figures = field(default_factory=Figures)
    added: int = 0
    removed: int = 0
    moved: int = 0
    differing: int = 0
    differences: list[Difference] = field(default_factory=list)

    def add(self, case: Case, before: list[Firing], after: list[Firing]) -> None:
        """Add one case as both versions would have served it."""
        began = case.events[0].at if case.events else 0
        self.old.add(before, began=began, zone=case.zone)
        self.new.add(after, began=began, zone=case.zone)
        found = _difference(case, before, after)
        if found is None:
            return
        self.differing += 1
        self.added += found[1]
        self.removed += found[2]
        self.moved += found[3]
        self.differences.append(found[0])
        if len(self.differences) > 4 * LISTED:
            self._shorten()

    def as_dict(self) -> dict[str, Any]:
        """JSON-able, whole numbers only; at most `LISTED` differing cases are listed."""
        self._shorten()
        return {
            "cases": self.new.cases, "old": self.old.as_dict(), "new": self.new.as_dict(), "added": self.added,
            "removed": self.removed, "moved": self.moved, "differing": self.differing,
            "differences": [one.as_dict() for one in self.differences],
        }  # fmt: skip

    def _shorten(self) -> None:
        self.differences.sort(key=lambda one: (-one.size, one.case))
        del self.differences[LISTED:]


def compare(
    old: Shape | Version | None, new: Shape | Version, cases: Iterable[Case], *, rosters: Rosters = NOBODY,
    calendars: Mapping[str, Calendar] | None = None,
) -> Comparison:  # fmt: skip
    """Return what changes from `old` to `new` over `cases`. old None: there was no version, so nothing fired."""
    before, after = _version(old) if old is not None else None, _version(new)
    found = Comparison()
    for case in cases:
        was = plan(before, case.events, rosters, calendars, case.until) if before else []
        found.add(case, was, plan(after, case.events, rosters, calendars, case.until))
    return found


def _version(said: Shape | Version) -> Version:
    return said if isinstance(said, Version) else version_of({**said, "enforce_from": None})


def _difference(case: Case, before: list[Firing], after: list[Firing]) -> tuple[Difference, int, int, int] | None:
    was, now = {one.key: one for one in before}, {one.key: one for one in after}
    added = [one for key, one in now.items() if key not in was]
    removed = [one for key, one in was.items() if key not in now]
    moved = [(was[key], one) for key, one in now.items() if key in was and was[key].due != one.due]
    total = len(added) + len(removed) + len(moved)
    if not total:
        return None
    some = Difference(
        case.name, case.note, case.link, [_said(one) for one in added[:30]], [_said(one) for one in removed[:30]],
        [(one.code, one.occurrence, _iso(old.due), _iso(one.due)) for old, one in moved[:30]],
        _seconds(case, before), _seconds(case, after), _over(case),
        total - min(len(added), 30) - min(len(removed), 30) - min(len(moved), 30),
    )  # fmt: skip
    return some, len(added), len(removed), len(moved)


def _seconds(case: Case, firings: list[Firing]) -> list[int]:
    began = case.events[0].at
    return sorted((one.due - began) // SECOND for one in firings)[:DRAWN]


def _over(case: Case) -> int:
    return (case.events[-1].at - case.events[0].at) // SECOND


def _said(one: Firing) -> tuple[str, int, str]:
    return one.code, one.occurrence, _iso(one.due)


def _iso(at: int) -> str:
    return instant(at).isoformat()
