"""Runs stories in one order of time and lets the clocks fire what falls due between two steps.

A story is a generator: it yields the instant of its next step and takes the step when it is resumed. Before each step
`fire_due` runs at every instant at which a timer is due, and every firing is sealed, as the engine would have done.
"""

import heapq
import itertools
from collections.abc import Generator, Iterable
from datetime import datetime

from django.db.models import Min

from escalation.commands.fire import fire_all
from escalation.commands.seal import seal_firings
from escalation.models import Timer

Script = Generator[datetime, None, None]


def perform(scripts: Iterable[Script], *, until: datetime, engine_id: str) -> int:
    """Run all scripts to their ends, then fire what is due up to `until`; return the number of timers fired.

    Steps of two scripts at one instant keep the order of the scripts. A step is never taken early or twice.
    """
    order = itertools.count()
    agenda: list[tuple[datetime, int, Script]] = []
    for script in scripts:
        heapq.heappush(agenda, (next(script), next(order), script))
    fired = 0
    while agenda:
        at, _, script = heapq.heappop(agenda)
        fired += fire_until(at, engine_id=engine_id)
        following = next(script, None)
        if following is not None:
            heapq.heappush(agenda, (following, next(order), script))
    return fired + fire_until(until, engine_id=engine_id)


def fire_until(until: datetime, *, engine_id: str) -> int:
    """Fire at every instant up to `until` at which something is due; return the number of timers fired."""
    total = 0
    while (due := next_due()) is not None and due <= until:
        total += fire_all(due, engine_id=engine_id)
        while seal_firings():
            pass
    return total


def next_due() -> datetime | None:
    """Return the earliest instant at which an armed timer wants to fire, None if none is armed."""
    return Timer.objects.filter(state=Timer.State.ARMED).aggregate(first=Min("wake_at"))["first"]
