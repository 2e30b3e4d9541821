"""What the engine fired on a stage beside what `plan` says of the same events, firing by firing."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any, NamedTuple

from django.db.models import Q

from escalation.models import Clock, Firing, Notification
from escalation.simulator.history import versions_by_policy
from escalation.simulator.logged import FIRST, LAST, OFFICE
from escalation.simulator.people import Rosters
from escalation.simulator.plan import plan_together
from escalation.simulator.shapes import Event, Version
from escalation.simulator.windows import Calendar, Windows, us
from servicedesk.demo.staged.moves import CALL, PROMISE, STEP
from servicedesk.demo.staged.told import told
from tickets.replay_map import LOG_ZONE, Step

Key = tuple[str, str, str, int, int]  # case, policy, rule, run, occurrence
SUBJECTS = ("ticket", "escalation", PROMISE, STEP, CALL)


class Fired(NamedTuple):
    """When it was due, when it fired, what came of it, whom it told."""

    due_at: datetime
    fired_at: datetime
    outcome: str
    people: frozenset[str]


@dataclass(slots=True)
class Verdict:
    """How many firings were compared, how many audited from the ledger, and the differences in words."""

    cases: int = 0
    firings: int = 0
    audited: int = 0
    refused: dict[str, int] = field(default_factory=dict)
    differences: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """JSON-able."""
        return {name: getattr(self, name) for name in self.__slots__}


def judge(
    applied: Mapping[str, Sequence[Step]], tickets: Mapping[str, int], until: datetime, *, rosters: Rosters,
    holiday: date | None, calls: Mapping[str, int] | None = None,
) -> Verdict:  # fmt: skip
    """Compare everything that fired on these tickets and calls with what the auditor says. 5 queries."""
    real = _real(*({pk: case for case, pk in of.items()} for of in (tickets, calls or {})))
    policies: dict[str, dict[str, Sequence[Version]]] = defaultdict(dict)
    for key, versions in versions_by_policy(*SUBJECTS).items():
        policies[versions[0].subject][key] = versions
    planned: dict[Key, Fired] = {}
    for case, steps in applied.items():
        for subject, events in told(steps, us(until)).items():
            planned |= _planned(case, policies[subject], events, rosters, _hours(holiday), until)
    found = [_differs(key, planned.get(key), real.get(key)) for key in sorted({*planned, *real})]
    return Verdict(cases=len(applied), firings=len(real), differences=[one for one in found if one])


def _hours(holiday: date | None) -> dict[str, Calendar]:
    day = ((time(8), time(18)),)
    closed = {holiday} if holiday else set()
    last = max(LAST, date(2028, 12, 31))
    return {OFFICE: Windows(str(LOG_ZONE), (*(day,) * 5, (), ()), closed, FIRST, last)}


def _planned(
    case: str, policies: Mapping[str, Sequence[Version]], events: list[Event], rosters: Rosters,
    calendars: Mapping[str, Calendar], until: datetime,
) -> dict[Key, Fired]:  # fmt: skip
    made: dict[Key, Fired] = {}
    if not events:
        return made
    for key, firings in plan_together(policies, events, rosters, calendars, us(until)).items():
        for one in firings:
            run = int(one.clock.rpartition("/")[2])
            people = frozenset(one.people) if one.outcome == "paged" else frozenset()
            made[case, key, one.code, run, one.occurrence] = Fired(one.due_at, one.fired_at, one.outcome, people)
    return made


def _real(cases: Mapping[int, str], calls: Mapping[int, str]) -> dict[Key, Fired]:
    here = Q(ticket__in=cases, subject_kind__in=SUBJECTS) | Q(subject_kind=CALL, subject_id__in=calls)
    clocks = Clock.objects.filter(here)
    told_by: dict[int, set[str]] = defaultdict(set)
    pages = Notification.objects.filter(firing__clock__in=clocks, kind="page")
    for pk, name, address in pages.values_list("firing_id", "user__name", "address"):
        told_by[pk].add(name or address)
    made: dict[Key, Fired] = {}
    for one in Firing.objects.filter(clock__in=clocks).select_related("clock"):
        clock = one.clock
        people = frozenset(told_by[one.pk]) if one.outcome == "paged" else frozenset()
        case = calls[clock.subject_id] if clock.subject_kind == CALL else cases[clock.ticket_id or 0]
        key = (case, clock.kind, one.rule_code, clock.run_no, one.occurrence)
        made[key] = Fired(one.due_at, one.fired_at, one.outcome, people)
    return made


def _differs(key: Key, planned: Fired | None, real: Fired | None) -> str:
    """Return the difference in a line, "" for none."""
    case, policy, code, _run, occurrence = key
    name = f"{case} {policy} {code}/{occurrence}"
    if planned is None and real is not None:
        return f"{name}: the engine fired it at {real.fired_at.isoformat()}, the plan does not"
    if real is None and planned is not None:
        return f"{name}: the plan fires it at {planned.fired_at.isoformat()}, the engine did not"
    if planned == real or planned is None or real is None:
        return ""
    said = zip(Fired._fields, planned, real, strict=True)
    return f"{name}: " + ", ".join(f"{what} {_said(a)} planned, {_said(b)} real" for what, a, b in said if a != b)


def _said(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    return "+".join(sorted(value)) or "nobody" if isinstance(value, frozenset) else str(value)
