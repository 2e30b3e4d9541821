"""What a run of the auditor adds up to: pages by role and hour, people woken, calls to the top, breaches. Pure."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from escalation.simulator.shapes import Firing
from escalation.simulator.windows import DAY, SECOND, Zone, table

NIGHT = frozenset({22, 23, 0, 1, 2, 3, 4, 5})
TOP = frozenset({"ceo", "deputy_gm", "executive_support", "centre_director"})
HOUR = 3600 * SECOND
MINUTE = 60 * SECOND


@dataclass(slots=True)
class Figures:
    """Sums over cases.

    by_code     firings that were told, by rule. breaches: promises broken, by rule, whoever was told.
    night       people told at night, by (role, hour of the customer's wall clock).
    woken       (person, night): each counts once, however often they were told that night.
    to_first_s  seconds from the start of a case to the first person told, one per case that told anybody.
    """

    cases: int = 0
    firings: int = 0
    pages: int = 0
    nobody: int = 0
    top: int = 0
    by_code: Counter[str] = field(default_factory=Counter)
    breaches: Counter[str] = field(default_factory=Counter)
    breached_cases: Counter[str] = field(default_factory=Counter)
    night: Counter[tuple[str, int]] = field(default_factory=Counter)
    people: Counter[str] = field(default_factory=Counter)
    woken: set[tuple[str, int]] = field(default_factory=set)
    to_first_s: list[int] = field(default_factory=list)

    def add(self, firings: Iterable[Firing], *, began: int, zone: str) -> None:
        """Add one case."""
        self.cases += 1
        wall, first, breached = table(zone), None, set()
        for one in firings:
            self.firings += 1
            if one.breach:
                self.breaches[one.code] += 1
                breached.add(one.code)
            if one.outcome == "no_recipient":
                self.nobody += 1
            elif one.outcome == "paged":
                first = one.fired if first is None or one.fired < first else first
                self._page(one, wall)
        self.breached_cases.update(breached)
        if first is not None:
            self.to_first_s.append((first - began) // SECOND)

    def _page(self, one: Firing, wall: Zone) -> None:
        self.by_code[one.code] += 1
        self.pages += len(one.people)
        self.people.update(one.people)
        self.top += sum(role in TOP for role in one.roles)
        local = one.fired + wall.quick(one.fired)
        hour = local // HOUR % 24
        if hour in NIGHT:
            night = (local - 12 * HOUR) // DAY
            self.woken.update((person, night) for person in one.people)
            for role in one.roles:
                self.night[role, hour] += 1

    def as_dict(self) -> dict[str, Any]:
        """JSON-able, whole numbers only; `to_first_s`: the middle and the ninetieth of a hundred, None without any."""
        waits = sorted(self.to_first_s)
        return {
            "cases": self.cases, "firings": self.firings, "pages": self.pages, "nobody": self.nobody,
            "top": self.top, "woken": len(self.woken), "people": len(self.people),
            "by_code": dict(sorted(self.by_code.items())), "breaches": dict(sorted(self.breaches.items())),
            "breached_cases": dict(sorted(self.breached_cases.items())),
            "night": [[role, hour, n] for (role, hour), n in sorted(self.night.items())],
            "night_pages": sum(self.night.values()),
            "most_called": [[person, n] for person, n in self.people.most_common(20)],
            "to_first_s": {"median": waits[len(waits) // 2], "p90": waits[len(waits) * 9 // 10]} if waits else None,
        }  # fmt: skip
