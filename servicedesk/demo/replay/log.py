"""The log as steps in one order of time."""

import csv
import gzip
import heapq
from collections import deque
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from tickets.replay_map import Step, cases_of, plan_case

Ordered = tuple[str, Step]  # case, step


def planned(path: Path, *, limit: int | None = None, share: tuple[int, int] = (0, 1)) -> dict[str, list[Step]]:
    """Return the steps of each case of the file, plain or gzip, in the order of the file.

    limit  only the newest cases, the last of the file: the oldest were open for years, and the clocks fire all along.
    share  (i, n): only every n-th of those, beginning with the i-th.
    """
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", newline="", encoding="utf-8") as rows:
        cases = deque(cases_of(csv.DictReader(rows)), maxlen=limit)
        return {events[0].case: list(plan_case(events)) for events in islice(cases, share[0], None, share[1])}


def in_order(cases: dict[str, list[Step]]) -> Iterator[Ordered]:
    """Yield every step of every case by time; steps of one instant keep the order of their cases and their plan."""
    runs = [
        [(step.at_utc, number, place, case, step) for place, step in enumerate(steps)]
        for number, (case, steps) in enumerate(cases.items())
    ]
    for _at, _number, _place, case, step in heapq.merge(*runs, key=lambda row: row[:3]):
        yield case, step
