"""What an absence does to rosters: the turns it empties, and who stands beneath them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from escalation.rosters.read import alive
from escalation.rosters.schedule import covered, final, of_person
from escalation.rosters.shapes import Away, Plan, Turn
from escalation.rosters.spans import Span, clip, subtract


@dataclass(frozen=True, kw_only=True, slots=True)
class Emptied:
    """One turn of somebody who is away. instead: who answers first then; empty: hours in which the roster has nobody.

    Where it has nobody the deputy, the holders of the role, the manager or the duty manager are called.
    """

    plan: Plan
    turn: Turn
    instead: Sequence[Turn]
    empty: Sequence[Span]


def emptied(user_id: int, begin: datetime, end: datetime, at: datetime) -> list[Emptied]:
    """Return the turns of [begin, end) that the person would have, on rosters in force at `at`, by start. 1 query."""
    plans = [plan for plan in alive(at) if user_id in plan.people()]
    found = [one for plan in plans for one in _of_plan(plan, user_id, begin, end)]
    return sorted(found, key=lambda one: (one.turn.from_at, one.plan.name))


def still_open(rows: Iterable[Emptied]) -> list[Emptied]:
    """Return those in which the roster has nobody for a part of the turn."""
    return [row for row in rows if row.empty]


def _of_plan(plan: Plan, user_id: int, begin: datetime, end: datetime) -> list[Emptied]:
    here = plan.as_if_here(user_id)
    without = replace(here, absences=(*here.absences, Away(user_id=user_id, from_at=begin, to_at=end)))
    return [
        Emptied(
            plan=plan, turn=turn, instead=final(without, turn.from_at, turn.to_at),
            empty=subtract([(turn.from_at, turn.to_at)], covered(without, turn.from_at, turn.to_at)),
        )
        for turn in of_person(here, user_id, begin, end)
        if clip([(turn.from_at, turn.to_at)], begin, end)
    ]  # fmt: skip
