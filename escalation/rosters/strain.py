"""Hours on duty: who is on for longer than a roster allows in seven days, or rests too short between turns (A-04).

Hours of every roster that names a limit count together, those on two at once only once; a roster without limits, such
as standing by for whole weeks, is not watched. Only a warning: nobody is left uncalled for it. Pure.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from escalation.rosters.schedule import final, turns
from escalation.rosters.shapes import Plan
from escalation.rosters.spans import Span, clip, union

WEEK = timedelta(days=7)
HOURS, REST = "hours", "rest"


@dataclass(frozen=True, kw_only=True, slots=True)
class Strain:
    """One person over a limit. kind "hours": `amount` on duty in the seven days from `from_at`; "rest": `amount`
    free between `from_at` and `to_at`. `limit` and `amount` are durations."""

    user_id: int
    kind: str
    from_at: datetime
    to_at: datetime
    amount: timedelta
    limit: timedelta
    plan: Plan

    @property
    def hours(self) -> float:
        """The amount in hours, one decimal."""
        return round(self.amount / timedelta(hours=1), 1)

    @property
    def allowed(self) -> int:
        """The limit in hours."""
        return self.limit // timedelta(hours=1)


def strains(plans: Iterable[Plan], begin: datetime, end: datetime) -> list[Strain]:
    """Return who is over which limit in [begin, end), soonest first; each stretch of seven days once a person."""
    watched = [plan for plan in plans if plan.most_hours or plan.least_rest]
    on: dict[int, list[Span]] = defaultdict(list)
    limits: dict[int, dict[str, tuple[timedelta, Plan]]] = defaultdict(dict)
    for plan in watched:
        for user, span in _turns(plan, begin - WEEK, end + WEEK):
            on[user].append(span)
            _tighten(limits[user], plan)
    found = [one for user, spans in on.items() for one in _of_person(user, union(spans), limits[user], begin, end)]
    return sorted(found, key=lambda one: (one.from_at, one.user_id, one.kind))


def _turns(plan: Plan, begin: datetime, end: datetime) -> Iterator[tuple[int, Span]]:
    """Everybody who answers first or beside another."""
    for turn in [*final(plan, begin, end), *(turn for turn in turns(plan, begin, end) if turn.slot > 1)]:
        yield turn.user_id, (turn.from_at, turn.to_at)


def _tighten(known: dict[str, tuple[timedelta, Plan]], plan: Plan) -> None:
    most, rest = plan.most_hours, plan.least_rest
    if most and (HOURS not in known or timedelta(hours=most) < known[HOURS][0]):
        known[HOURS] = timedelta(hours=most), plan
    if rest and (REST not in known or timedelta(hours=rest) > known[REST][0]):
        known[REST] = timedelta(hours=rest), plan


def _of_person(
    user: int, spans: Sequence[Span], limits: dict[str, tuple[timedelta, Plan]], begin: datetime, end: datetime
) -> Iterator[Strain]:
    if HOURS in limits:
        limit, plan = limits[HOURS]
        after = begin - WEEK
        for start in (a for a, _b in spans):
            worked = _length(clip(spans, start, start + WEEK))
            if start >= after and start < end and start + WEEK > begin and worked > limit:
                yield Strain(user_id=user, kind=HOURS, from_at=start, to_at=start + WEEK, amount=worked, limit=limit,
                             plan=plan)  # fmt: skip
                after = start + WEEK
    if REST in limits:
        limit, plan = limits[REST]
        for (_a, ends), (starts, _b) in zip(spans, spans[1:], strict=False):
            if begin <= starts < end and starts - ends < limit:
                yield Strain(user_id=user, kind=REST, from_at=ends, to_at=starts, amount=starts - ends, limit=limit,
                             plan=plan)  # fmt: skip


def _length(spans: Iterable[Span]) -> timedelta:
    return sum((b - a for a, b in spans), timedelta())
