"""Who answers for a role at an instant, read from slots and account teams. Pure; shares no code with `oncall`.

Narrowest scope first, then the top layer; then the account team, its deputy and manager; then who holds the role; then
the duty manager; then the break-glass list. A rung with nobody present is passed over at once.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

DUTY_MANAGER = "duty_manager"
OWN = ("owner", "agent")


class Slot(NamedTuple):
    """A stretch of a roster: [begin, end) in microseconds."""

    role: str
    scope: str
    slot: int
    layer: int
    person: str
    begin: int
    end: int


class Member(NamedTuple):
    """Somebody's place in an account team; organisation None = company-wide."""

    role: str
    organisation: int | None
    person: str
    deputy: str | None = None
    manager: str | None = None


class Grant(NamedTuple):
    """A held role; region empty = everywhere; teams: those the holder is a member of."""

    role: str
    person: str
    region: str = ""
    teams: frozenset[int] = frozenset()


class Place(NamedTuple):
    """What a role is looked up for. people: those the subject itself names."""

    organisation: int | None = None
    region: str = ""
    team: int | None = None
    owner: str | None = None
    people: Mapping[str, str] = {}


class Rosters:
    """Slots, account teams and grants of a stretch of time. away: people nobody can tell."""

    def __init__(
        self, slots: Sequence[Slot] = (), team: Sequence[Member] = (), grants: Sequence[Grant] = (),
        break_glass: Sequence[str] = (), away: Collection[str] = (), managers: Mapping[str, str] | None = None,
    ) -> None:  # fmt: skip
        self.team = {(m.role, m.organisation): m for m in team}
        self.grants, self.break_glass = list(grants), tuple(break_glass[:1])
        self.away, self.managers = frozenset(away), managers or {}
        self._slots: dict[tuple[str, str], list[Slot]] = defaultdict(list)
        for slot in slots:
            self._slots[slot.role, slot.scope].append(slot)
        self._edges = sorted({edge for slot in slots for edge in (slot.begin, slot.end)})
        self._known: dict[tuple, tuple[str, ...]] = {}

    def who(self, role: str, place: Place, at: int) -> str | None:
        """Return who is told for a role, None for nobody at all."""
        if role in OWN:
            if place.owner is not None and place.owner not in self.away:
                return place.owner
            role = "supervisor"
        return next(iter(self._order(role, place, at)), None)

    def second(self, role: str, place: Place, at: int, *, instead_of: str | None) -> str | None:
        """Return who is told when the person of a role was not reached."""
        member = self._member(role, place)
        slot = next(iter(self._on(role, place, at)), None)
        ask = [member.deputy, self.managers.get(member.person, member.manager)] if member else []
        ask += [self.managers.get(slot.person)] if slot else []
        ask += self._named(DUTY_MANAGER, place, at)
        found = (one for one in ask if one is not None and one not in self.away and one != instead_of)
        return next(found, self.break_glass[0] if self.break_glass else None)

    def _order(self, role: str, place: Place, at: int) -> tuple[str, ...]:
        key = (role, place.organisation, place.region, place.team, bisect_right(self._edges, at))
        if key not in self._known:
            names = [*self._named(role, place, at), *self._named(DUTY_MANAGER, place, at)]
            self._known[key] = (*(n for n in names if n not in self.away), *self.break_glass)
        return self._known[key]

    def _named(self, role: str, place: Place, at: int) -> list[str]:
        found = [slot.person for slot in self._on(role, place, at)]
        member = self._member(role, place)
        if member:
            rungs = (member.person, member.deputy, self.managers.get(member.person, member.manager))
            found += [one for one in rungs if one]
        held = [g for g in self.grants if g.role == role and g.region in {"", place.region}]
        return found + [g.person for g in sorted(held, key=lambda g: place.team not in g.teams)]

    def _on(self, role: str, place: Place, at: int) -> Iterator[Slot]:
        scopes = [f"customer:{place.organisation}"] if place.organisation else []
        scopes += [f"region:{place.region}"] if place.region else []
        for scope in (*scopes, "global"):
            on = [slot for slot in self._slots.get((role, scope), ()) if slot.begin <= at < slot.end]
            yield from sorted(on, key=lambda slot: (-slot.layer, slot.slot))

    def _member(self, role: str, place: Place) -> Member | None:
        return self.team.get((role, place.organisation)) or self.team.get((role, None))


NOBODY = Rosters()
