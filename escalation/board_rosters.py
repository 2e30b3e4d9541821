"""Rosters to read: who is on now, until when and who follows, gaps, swaps; for pages, CSV and API (A-04)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from accounts.models import Absence, Organisation, User
from escalation.board_absences import absences
from escalation.board_roster import COMPANY, OnCallRow, on_call, roles
from escalation.models import Roster, RosterOverride, RosterSwap
from escalation.rosters.gaps import WARN, Gap, all_gaps
from escalation.rosters.read import alive, every
from escalation.rosters.schedule import final, of_person, on_at, turns
from escalation.rosters.shapes import Plan, Turn
from escalation.rosters.strain import Strain, strains
from ledger.actor import Actor

AHEAD = timedelta(days=30)


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One roster now. on: everybody on, who answers first first; until None = beyond a month.

    then      the next turn of somebody else, None = none within a month; it overlaps where it begins before `until`.
    empty_to  until when nobody follows at `until` (or is on now), None = no gap there.
    """

    plan: Plan
    on: Sequence[tuple[User, Turn]]
    until: datetime | None
    then: Turn | None
    follower: User | None
    empty_to: datetime | None

    @property
    def overlaps(self) -> bool:
        """Whether the next one is on before this one ends."""
        return self.then is not None and self.until is not None and self.then.from_at < self.until


@dataclass(frozen=True, kw_only=True, slots=True)
class Rosters:
    """Everything the page tells. company: roles without a roster; overrides: from now on; places: scopes in words.

    strains   people over a limit of hours in the next 14 days.   away  absences of the next 30 days of people named.
    """

    at: datetime
    plans: Sequence[Plan]
    people: Mapping[int, User]
    lines: Sequence[Line]
    company: Sequence[OnCallRow]
    gaps: Sequence[Gap]
    overrides: Sequence[RosterOverride]
    swaps: Sequence[RosterSwap]
    places: Mapping[str, str]
    strains: Sequence[Strain]
    away: Sequence[Absence]


def rosters(at: datetime, actor: Actor) -> Rosters:
    """Return every roster the actor may see as it stands at `at`. 17 queries, however many rosters."""
    visible = set(Roster.objects.visible_to(actor).values_list("pk", flat=True))
    plans = [plan for plan in alive(at) if plan.pk in visible]
    people = User.objects.in_bulk({pk for plan in plans for pk in plan.people()})
    gaps = all_gaps(plans, at, at + WARN)
    kept = {plan.role for plan in plans}
    known = [(role, words) for role, words in roles(at) if role not in kept and (role in COMPANY or ":" not in role)]
    coming = RosterOverride.objects.filter(roster__in=visible, to_at__gt=at, removed_at=None)
    asked = RosterSwap.objects.filter(roster__in=visible, state="asked", to_at__gt=at)
    return Rosters(
        at=at, plans=plans, people=people, gaps=gaps, company=on_call(at, known),
        lines=[_line(plan, people, gaps, at) for plan in plans if plan.layers or plan.overrides],
        overrides=list(coming.select_related("roster", "user", "swap")),
        swaps=list(asked.select_related("roster", "asker", "other")), places=places({plan.scope for plan in plans}),
        strains=strains(plans, at, at + WARN), away=[row for row in absences(at, at + AHEAD) if row.user_id in people],
    )  # fmt: skip


def places(scopes: Iterable[str]) -> dict[str, str]:
    """Return scopes in words: "" for everywhere, a region, a customer's name. 1 query, none without customers."""
    keys = {int(scope.removeprefix("customer:")) for scope in scopes if scope.startswith("customer:")}
    names = dict(Organisation.objects.filter(pk__in=keys).values_list("pk", "name")) if keys else {}
    return {scope: _place(scope, names) for scope in scopes}


def _place(scope: str, names: Mapping[int, str]) -> str:
    kind, _colon, value = scope.partition(":")
    return {"region": value.upper(), "customer": names.get(int(value or 0) if value.isdigit() else 0, "")}.get(kind, "")


def at_moment(
    plans: Sequence[Plan], people: Mapping[int, User], at: datetime
) -> list[tuple[Plan, User | None, Turn | None]]:
    """Return who answers first on each roster at `at`, past or future: (roster, person, turn), None = nobody."""
    found = []
    for plan in plans:
        on = on_at(plan, at)
        found.append((plan, people[on[0].user_id] if on else None, on[0] if on else None))
    return found


def own_turns(user: User, begin: datetime, end: datetime) -> list[tuple[Plan, Turn]]:
    """Return the turns in which `user` is on in [begin, end), first or beside another, by start. 1 query."""
    plans = [plan for plan in every() if user.pk in plan.people()]
    found = [(plan, turn) for plan in plans for turn in of_person(plan, user.pk, begin, end)]
    return sorted(found, key=lambda pair: (pair[1].from_at, pair[0].name))


def _line(plan: Plan, people: Mapping[int, User], gaps: Sequence[Gap], at: datetime) -> Line:
    ahead = final(plan, at, at + AHEAD)
    now = next((turn for turn in ahead if turn.holds(at)), None)
    until = _until(ahead, now, at)
    all_turns = turns(plan, at, at + AHEAD)
    later = [t for t in all_turns if now and t.user_id != now.user_id and t.to_at >= (until or at) and t.from_at > at]
    if now is None:
        later = [turn for turn in all_turns if turn.from_at > at]
    then = min(later, key=lambda turn: (turn.from_at, -turn.rank, turn.slot), default=None)
    edge = until if now else at
    empty = next((gap.to_at for gap in gaps if gap.plan.pk == plan.pk and gap.from_at == edge), None)
    on = [(people[turn.user_id], turn) for turn in on_at(plan, at)]
    first = on[:1] if on and on[0][1].rank == 2 else [pair for pair in on if pair[1].rank == on[0][1].rank]
    return Line(
        plan=plan, on=first, until=until, then=then, follower=people[then.user_id] if then else None, empty_to=empty
    )


def _until(ahead: Sequence[Turn], now: Turn | None, at: datetime) -> datetime | None:
    """The end of the stretch in which the same person goes on answering; None = beyond a month."""
    if now is None:
        return None
    end = now.to_at
    for turn in ahead:
        if turn.from_at == end and turn.user_id == now.user_id:
            end = turn.to_at
    return end if end < at + AHEAD else None
