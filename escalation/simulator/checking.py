"""What should have fired beside what did: the comparing part of the audit, for subjects of every kind."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, QuerySet

from escalation.models import Ack, Clock, Firing, Policy
from escalation.simulator.history import calendars_between, rosters_between, versions_by_policy
from escalation.simulator.plan import plan_together
from escalation.simulator.shapes import Event, Version
from escalation.simulator.shapes import Firing as Planned
from escalation.simulator.windows import us
from ledger.models import Entry

RACE = timedelta(seconds=60)  # a stop this soon after the due time may have come before the engine looked
MOOT = "moot"
Key = tuple[str, int, str, int]  # policy, run, rule, occurrence
Subject = tuple[str, int]  # kind, key


class Log(NamedTuple):
    """What happened to one subject. ways: its events; several where what the log leaves open has several answers."""

    kind: str
    subject_id: int
    name: str
    ways: Sequence[list[Event]]


@dataclass(frozen=True, slots=True)
class Finding:
    """One difference. what: "missing" (should have fired), "extra" (should not), "due" or "outcome".

    ticket  number of the ticket; "interaction:<id>" and the like for what has none.
    """

    ticket: str
    policy: str
    code: str
    occurrence: int
    what: str
    planned: str
    real: str

    @property
    def sentence(self) -> str:
        """A line for an operator."""
        said = f"{self.planned or '–'} / {self.real or '–'}"
        return f"{self.ticket} {self.code}/{self.occurrence} {self.what} {said}"

    def as_dict(self) -> dict[str, Any]:
        """JSON-able."""
        return {name: getattr(self, name) for name in self.__slots__}


class Checker:
    """Compares logs with clocks in [first, last). 12 queries to make, 2 for each call of `check`.

    firings, findings  what it saw so far. calendars: as tables, from 800 days before.
    """

    def __init__(self, first: datetime, last: datetime) -> None:
        self.first, self.last, self.firings = first, last, 0
        self.findings: list[Finding] = []
        self.policies: dict[str, dict[str, Sequence[Version]]] = defaultdict(dict)
        for key, versions in versions_by_policy().items():
            self.policies[versions[0].subject][key] = versions
        self._retired = set(Policy.objects.filter(current=None).values_list("key", flat=True))
        self._edits = _edits()
        self._rosters = rosters_between(first, last)
        self.calendars = calendars_between(first - timedelta(days=800), last)

    def check(self, logs: Sequence[Log], clocks: QuerySet[Clock]) -> None:
        """Compare these logs with all that fired on these clocks; what fired on no log's subject is a difference."""
        running, left_out = self._clocks(clocks)
        real = self._real(clocks)
        for log in logs:
            subject = (log.kind, log.subject_id)
            mine = real.pop(subject, {})
            self.firings += len(mine)
            seen = [self._compare(log.name, self._planned(log.kind, way, running[subject]), mine, left_out[subject])
                    for way in log.ways]  # fmt: skip
            fewest: list[Finding] = min(seen, key=len)
            self.findings += fewest
        for subject, rows in real.items():
            self.firings += len(rows)
            clock = next(iter(rows.values())).clock
            said = clock.ticket.number if clock.ticket else clock.chain or clock.subject_kind
            self.findings += self._compare(said, {}, rows, left_out[subject])

    def _planned(self, kind: str, events: list[Event], running: set[tuple[str, int]]) -> dict[Key, Planned]:
        """What should have fired; a retired policy starts no clocks, those that ran go on."""
        found = plan_together(self.policies[kind], events, self._rosters, self.calendars, us(self.last))
        planned: dict[Key, Planned] = {}
        for key, fired in found.items():
            for one in fired:
                run = int(one.clock.rpartition("/")[2])
                if key not in self._retired or (key, run) in running:
                    planned[key, run, one.code, one.occurrence] = one
        return planned

    def _real(self, clocks: QuerySet[Clock]) -> dict[Subject, dict[Key, Firing]]:
        rows = Firing.objects.filter(clock__in=clocks, due_at__gte=self.first, due_at__lt=self.last)
        found: dict[Subject, dict[Key, Firing]] = defaultdict(dict)
        for one in rows.select_related("clock__ticket"):
            clock = one.clock
            found[clock.subject_kind, clock.subject_id][clock.kind, clock.run_no, one.rule_code, one.occurrence] = one
        return found

    def _clocks(self, clocks: QuerySet[Clock]) -> tuple[Mapping[Subject, set], Mapping[Subject, set]]:
        """The clocks of each subject, and those of them whose firings are no function of the log alone: on another
        version than the one in force at their start, or on a calendar edited since; and those beside tickets that
        somebody acknowledged a page of, which their logs do not tell."""
        running: dict[Subject, set[tuple[str, int]]] = defaultdict(set)
        found: dict[Subject, set[tuple[str, int]]] = defaultdict(set)
        answered = Exists(Ack.objects.filter(clock=OuterRef("pk")))
        for clock in clocks.select_related("version", "calendar").annotate(answered=answered):
            subject, name = (clock.subject_kind, clock.subject_id), (clock.kind, clock.run_no)
            running[subject].add(name)
            known = self.policies[clock.subject_kind].get(clock.kind, ())
            by_start = [v for v in known if v.from_us <= us(clock.started_at)]
            expected = by_start[-1].n if by_start else 1
            edited = self._edits.get(str(clock.calendar.uuid)) if clock.calendar else None
            untold = clock.answered and clock.subject_kind not in ("ticket", "escalation")
            if untold or clock.version.n != expected or (edited is not None and edited >= clock.started_at):
                found[subject].add(name)
        return running, found

    def _compare(
        self, name: str, planned: Mapping[Key, Planned], real: Mapping[Key, Firing], left_out: set[tuple[str, int]]
    ) -> list[Finding]:
        first, last = us(self.first), us(self.last) - RACE // timedelta(microseconds=1)
        found: dict[Key, Finding] = {}
        for key, one in planned.items():
            if first <= one.due < last and key[:2] not in left_out and key not in real:
                found[key] = _finding(name, key, "missing", one.due_at.isoformat(), "")
        for key, row in real.items():
            said = planned.get(key)
            if key[:2] in left_out:
                continue
            if said is None:
                found[key] = _finding(name, key, "extra", "", row.due_at.isoformat())
            elif said.due_at != row.due_at:
                found[key] = _finding(name, key, "due", said.due_at.isoformat(), row.due_at.isoformat())
            elif row.outcome == MOOT and said.outcome != MOOT and row.fired_at - row.due_at > RACE:
                found[key] = _finding(name, key, "outcome", said.outcome, row.outcome)
        return [found[key] for key in sorted(found)]


def _edits() -> dict[str, datetime]:
    """When each calendar was last edited, by its public id. 1 query."""
    rows = Entry.objects.filter(name="configuration.changed", chain="configuration:catalogue.calendar")
    return {str(data.get("row")): at for data, at in rows.order_by("at", "pk").values_list("data", "at")}


def _finding(name: str, key: Key, what: str, planned: str, real: str) -> Finding:
    return Finding(name, key[0], key[2], key[3], what, planned, real)
