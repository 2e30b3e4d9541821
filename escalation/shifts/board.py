"""Who is on shift now and next, what they have on their hands, who takes a break (A-04)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, QuerySet

from accounts.models import Team, User
from escalation.board import role_name
from escalation.models import Break, Handover, RosterSlot, Shift
from escalation.shifts.agenda import known_shifts
from escalation.shifts.pattern import Window, windows
from escalation.shifts.people import Managers, named
from ledger.actor import Actor
from tickets.models import Commitment, Interaction, Ticket
from tickets.words import TIERS

AHEAD = timedelta(days=8)


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One shift: its run now (None = off) and the next, with who manages each; overlaps: another one runs beside it."""

    shift: Shift
    now: Window | None
    manager: User | None
    then: Window | None
    follower: User | None
    overlaps: bool
    handover: Handover | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """Somebody on now. until: None = no end is planned. tickets, promises, calls: what is open on their hands;
    on_break: since when, None = working."""

    user: User
    roles: Sequence[str]
    until: datetime | None
    tickets: int
    promises: int
    calls: int
    on_break: datetime | None


def shift_rows(actor: Actor, at: datetime) -> list[Row]:
    """Return the shifts the actor's regions know, those that run first. 4 queries, more where no roster says."""
    shifts = known_shifts(actor)
    runs: Mapping[Shift, list[Window]] = {row: windows(row, at, at + AHEAD) for row in shifts}
    shown = {row: ([run for run in some if run.holds(at)][:1], [run for run in some if run.begin > at][:1])
             for row, some in runs.items()}  # fmt: skip
    people = named(Managers(at), [run for pair in shown.values() for some in pair for run in some])
    on = [now[0] for now, _then in shown.values() if now]
    waiting = Handover.objects.visible_to(actor).filter(state__in=["draft", "signed"], until__gt=at)
    sheets = {row.incoming_shift_id: row for row in waiting.order_by("-starts_at")}
    return sorted(
        (_row(row, *shown[row], people, on, sheets.get(row.pk)) for row in shifts),
        key=lambda row: (row.now is None, row.now.begin if row.now else row.then.begin if row.then else at),
    )


def on_shift(actor: Actor, at: datetime) -> list[Person]:
    """Return everybody the rosters have on at `at`, with what is on their hands. 6 queries, however many."""
    slots = RosterSlot.objects.filter(during__contains=at, user__is_active=True).select_related("user")
    places = {"global", *(f"region:{region}" for region in actor.regions)}
    found: dict[int, list[RosterSlot]] = defaultdict(list)
    for slot in slots.exclude(scope__startswith="customer:"):
        if not actor.regions or slot.scope in places:
            found[slot.user_id].append(slot)
    keys, me = list(found), Ticket.objects.visible_to(actor)
    held = _counted(me.filter(owner__in=keys, state__in=TIERS), "owner_id")
    owed = _counted(Commitment.objects.filter(state="open", made_by__in=keys, ticket__in=me), "made_by_id")
    talking = Interaction.objects.filter(agent__in=keys, channel="call", answered_at__isnull=False, ended_at=None)
    calls = _counted(talking, "agent_id")
    resting = dict(Break.objects.filter(user__in=keys, to_at=None).values_list("user_id", "from_at"))
    teams = {f"team:{uuid}": name for uuid, name in Team.objects.values_list("uuid", "name")}
    people = [
        Person(
            user=some[0].user, roles=sorted({teams.get(slot.role) or role_name(slot.role) for slot in some}),
            until=_last(some), tickets=held.get(key, 0), promises=owed.get(key, 0),
            calls=calls.get(key, 0), on_break=resting.get(key),
        )
        for key, some in found.items()
    ]  # fmt: skip
    return sorted(people, key=lambda person: person.user.name)


def running_break(user_id: int | None) -> Break | None:
    """Return the break somebody takes now, None for none. 1 query."""
    return Break.objects.filter(user=user_id or 0, to_at=None).first()


def shift_of(actor: Actor, at: datetime) -> Window | None:
    """Return the run the actor manages or is on at `at`, by its region and team; None where none runs. 2 queries."""
    runs = [run for row in known_shifts(actor) for run in windows(row, at, at + timedelta(microseconds=1))]
    mine = [run for run in runs if not run.shift.team_id or run.shift.team_id in actor.team_ids]
    managers = Managers(at) if mine else None
    return next((run for run in mine if managers and managers.of(run) == actor.user_id), mine[0] if mine else None)


def _row(
    shift: Shift,
    now: Sequence[Window],
    then: Sequence[Window],
    people: Mapping[Window, User | None],
    on: Sequence[Window],
    sheet: Handover | None,
) -> Row:
    first, second = now[0] if now else None, then[0] if then else None
    lane = [run for run in on if (run.shift.region, run.shift.team_id) == (shift.region, shift.team_id)]
    return Row(
        shift=shift, now=first, manager=people.get(first) if first else None, then=second,
        follower=people.get(second) if second else None, overlaps=bool(first) and len(lane) > 1, handover=sheet,
    )  # fmt: skip


def _last(slots: Sequence[RosterSlot]) -> datetime | None:
    """When the last of these turns ends; None where one has no end."""
    ends = [slot.during.upper for slot in slots]
    return None if None in ends else max(ends)


def _counted(rows: QuerySet[Any], by: str) -> dict[int, int]:
    return {row[by]: row["n"] for row in rows.values(by).annotate(n=Count("pk")).order_by()}
