"""Absences to read: whose, from when until when, and what each still empties (A-04)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from accounts.models import Absence, User
from escalation.commands.absence import may_plan
from escalation.rosters.emptied import Emptied, emptied
from ledger.actor import Actor


@dataclass(frozen=True, kw_only=True, slots=True)
class Leave:
    """One absence with the turns to come that it empties. people: everybody named there, by key."""

    absence: Absence
    turns: Sequence[Emptied]
    people: dict[int, User]

    @property
    def empty(self) -> int:
        """How many of its turns have hours without anybody on the roster."""
        return sum(1 for row in self.turns if row.empty)


def absences(at: datetime, until: datetime | None = None) -> QuerySet[Absence]:
    """Return the absences of active staff that are not over at `at`, soonest first, people with them; `until`: only
    those that begin before. 1 query."""
    rows = Absence.objects.filter(to_at__gt=at, user__is_active=True, ended_at=None)
    if until is not None:
        rows = rows.filter(from_at__lt=until)
    return rows.select_related("user", "made_by").order_by("from_at", "pk")


def leave(absence: Absence, at: datetime) -> Leave:
    """Return one absence with what of it is still to come. 2 queries."""
    begin = max(absence.from_at, at)
    turns = emptied(absence.user_id, begin, absence.to_at, at) if begin < absence.to_at else []
    keys = {turn.user_id for row in turns for turn in row.instead}
    return Leave(absence=absence, turns=turns, people=User.objects.in_bulk(keys))


def may_read_reason(actor: Actor, absence: Absence) -> bool:
    """Whether the reason is shown: to the person and to those who may enter it."""
    return may_plan(actor, absence.user_id)
