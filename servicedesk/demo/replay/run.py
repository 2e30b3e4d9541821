"""Plays the steps in one order of time; what falls due between two steps fires, and time does its own work."""

import heapq
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Count
from django.test.utils import override_settings

from escalation.commands.fire import fire_due
from escalation.commands.seal import seal_firings
from escalation.models import Firing
from escalation.steady import steady
from ledger.errors import Refused
from ledger.verify import verify
from servicedesk.demo.replay.centre import read_centre
from servicedesk.demo.replay.findings import read_findings
from servicedesk.demo.replay.hands import Hands
from servicedesk.demo.replay.lean import lean
from servicedesk.demo.replay.log import in_order
from tickets.commands.housekeeping import confirm_unanswered, resume_due
from tickets.replay_map import Step

COUNTED = ("applied", "refused", "by_time", "fired", "breached", "hours", "called")
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
SILENCE_EVERY = timedelta(hours=1)
ENGINE = "replay"
SEALED = 1000
AT_ONCE = 2000
_FIRST = "SELECT min(wake_at) FROM esc_timer WHERE state = 'armed'"
_FIRST_OF = """
SELECT min(m.wake_at) FROM esc_clock c JOIN esc_timer m ON m.clock_id = c.id
WHERE c.ticket_id = %s AND m.state = 'armed'
"""


def first_due(ticket_id: int | None = None) -> datetime | None:
    """Return the earliest instant at which an armed timer, of this ticket only, wants to fire. None: none is armed."""
    with connection.cursor() as cursor:
        if ticket_id is None:
            cursor.execute(_FIRST)
        else:
            cursor.execute(_FIRST_OF, [ticket_id])
        due: datetime | None = cursor.fetchone()[0]
    return due


@dataclass(slots=True)
class Tally:
    """What a replay did. Seconds are of the machine's clock."""

    cases: int = 0
    events: int = 0
    applied: Counter = field(default_factory=Counter)
    refused: Counter = field(default_factory=Counter)
    by_time: Counter = field(default_factory=Counter)
    fired: Counter = field(default_factory=Counter)
    breached: Counter = field(default_factory=Counter)
    hours: Counter = field(default_factory=Counter)
    called: Counter = field(default_factory=Counter)
    entries: int = 0
    broken: list[str] = field(default_factory=list)
    seconds: float = 0.0
    cpu_seconds: float = 0.0

    def add(self, other: "Tally") -> None:
        """Add another part of the same log, played beside this one."""
        for name in COUNTED:
            getattr(self, name).update(getattr(other, name))
        self.cases, self.events = self.cases + other.cases, self.events + other.events
        self.entries, self.broken = self.entries + other.entries, self.broken + other.broken
        self.seconds = max(self.seconds, other.seconds)
        self.cpu_seconds += other.cpu_seconds

    def as_json(self) -> dict[str, Any]:
        """JSON-able; a refusal is keyed "command code"."""
        return {name: getattr(self, name) for name in self.__slots__}


class Replay:
    """One run. `tick`: the engine looks once in so many seconds of history, so nothing fires later than that.

    Up to 1800, the shortest period of a repeating rule, every occurrence still fires and pages on its own.
    """

    def __init__(self, tick: int) -> None:
        self.tick = tick
        self.hands = Hands(read_centre())
        self.tally = Tally()
        self.pauses: list[datetime] = []
        self.silence: datetime | None = None
        self.looked: int | None = None
        self.unsealed = False

    def play(self, cases: dict[str, list[Step]]) -> Tally:
        """Play all steps, then verify the ledger; return what happened."""
        began, cpu = time.monotonic(), time.process_time()
        at = None
        with lean(), steady(), override_settings(LEDGER_WIRING="servicedesk.demo.replay.wiring"):
            for case, step in in_order(cases):
                at = step.at_utc
                self.pass_time(at)
                self.fire_before(case, at)
                self.seal()
                self.take(case, step)
            if at is not None:
                self._fire(at)
            self.unsealed = True
            self.seal()
        self.tally.cases = len(cases)
        self.tally.events = len({step.source_row for steps in cases.values() for step in steps})
        self._look(at or EPOCH)
        self.tally.seconds, self.tally.cpu_seconds = time.monotonic() - began, time.process_time() - cpu
        return self.tally

    def take(self, case: str, step: Step) -> None:
        """Run one step and count it as applied, or as refused with its code."""
        try:
            self.hands.run(case, step)
        except Refused as refusal:
            self.tally.refused[f"{step.command} {refusal.code}"] += 1
            return
        self.tally.applied[step.command] += 1
        if step.command == "request_suspension":
            heapq.heappush(self.pauses, datetime.fromisoformat(step.params["until"]))

    def pass_time(self, until: datetime) -> None:
        """Let everything happen that time alone brings up to `until`, each at its own instant."""
        while self.pauses and self.pauses[0] <= until:
            at = heapq.heappop(self.pauses)
            self.look(at)
            self.seal()
            self.tally.by_time["resumed"] += resume_due(at=at)
        self.look(until)
        if self.silence is None or until >= self.silence:
            self.seal()
            self.tally.by_time["confirmed"] += confirm_unanswered(at=until)
            self.silence = until + SILENCE_EVERY

    def look(self, until: datetime) -> None:
        """Fire in sets: at every look of the engine up to `until` that finds something due."""
        if self.tick and self.looked == self._number(until):
            return
        due = first_due()
        while due is not None and (at := self._next_look(due)) <= until:
            due = self._fire(at)
        self.looked = self._number(until - timedelta(microseconds=1))

    def fire_before(self, case: str, at: datetime) -> None:
        """Fire all that is due where this case's own ticket has something due: a step never overtakes a deadline."""
        ticket_id = self.hands.tickets.get(case)
        if ticket_id and (due := first_due(ticket_id)) is not None and due <= at:
            self._fire(at)

    def seal(self) -> None:
        """Write what fired into the chains: before every step, so that each chain keeps the order of events."""
        if self.unsealed:
            while seal_firings(limit=SEALED) >= SEALED:
                pass
            self.unsealed = False

    def _fire(self, at: datetime) -> datetime | None:
        """Fire everything due at `at`; return what is due next."""
        self.unsealed = True
        fire_due(at, engine_id=ENGINE, limit=AT_ONCE)
        while (due := first_due()) is not None and due <= at:
            fire_due(at, engine_id=ENGINE, limit=AT_ONCE)
        return due

    def _number(self, at: datetime) -> int:
        """Return how many looks of the engine there were up to `at`; used where it looks at all."""
        return (at - EPOCH) // timedelta(seconds=self.tick or 1)

    def _next_look(self, due: datetime) -> datetime:
        if not self.tick:
            return due
        past = (due - EPOCH) % timedelta(seconds=self.tick)
        return due + (timedelta(seconds=self.tick) - past if past else timedelta())

    def _look(self, at: datetime) -> None:
        counted = Firing.objects.values_list("rule_code", "outcome").annotate(n=Count("pk"))
        for code, outcome, number in counted:
            self.tally.fired[f"{code} {outcome}"] = number
        for name, counter in read_findings().items():
            getattr(self.tally, name).update(counter)
        report = verify(at=at)
        self.tally.entries = report.entries
        self.tally.broken = [str(finding) for finding in report.broken]
