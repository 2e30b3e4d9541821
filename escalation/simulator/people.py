"""Who answers for a role at an instant, read from slots and account teams. Pure; shares no code with `oncall`.

Narrowest scope first, then the top layer; then the account team; deputies; who holds the role; managers; the duty
manager; then the break-glass list. A rung with nobody present is passed over at once.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

DUTY_MANAGER = "duty_manager"
OWN = ("owner", "agent")


class Slot(NamedTuple):
    """A stretch of a roster: [begin, end) in microseconds. entitled: only for customers who bought that cover."""

    role: str
    scope: str
    slot: int
    layer: int
    person: str
    begin: int
    end: int
    entitled: bool = False


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
    teams: frozenset[int | str] = frozenset()


class Place(NamedTuple):
    """What a role is looked up for. people: those the subject itself names."""

    organisation: int | None = None
    region: str = ""
    team: int | str | None = None
    owner: str | None = None
    people: Mapping[str, str] = {}


class Rosters:
    """Slots, account teams and grants of a stretch of time. away: people nobody can tell; absent: when they cannot
    be told, [begin, end) in microseconds."""

    def __init__(
        self, slots: Sequence[Slot] = (), team: Sequence[Member] = (), grants: Sequence[Grant] = (),
        break_glass: Sequence[str] = (), away: Collection[str] = (), managers: Mapping[str, str] | None = None,
        deputies: Mapping[tuple[str, str], str] | None = None, covered: Collection[int] = (),
        absent: Mapping[str, Sequence[tuple[int, int]]] | None = None,
    ) -> None:  # fmt: skip
        """deputies: of rosters, by (role, scope). covered: customers who bought cover at weekends."""
        self.team = {(m.role, m.organisation): m for m in team}
        self.deputies, self.covered = deputies or {}, frozenset(covered)
        self.grants, self.break_glass = list(grants), tuple(break_glass[:1])
        self.away, self.managers = frozenset(away), managers or {}
        self._slots: dict[tuple[str, str], list[Slot]] = defaultdict(list)
        for slot in slots:
            self._slots[slot.role, slot.scope].append(slot)
        self.absent = absent or {}
        turns = {edge for slot in slots for edge in (slot.begin, slot.end)}
        self._edges = sorted(turns | {edge for some in self.absent.values() for span in some for edge in span})
        self._known: dict[tuple, tuple[str, ...]] = {}

    def who(self, role: str, place: Place, at: int) -> str | None:
        """Return who is told for a role, None for nobody at all."""
        if role in OWN:
            if place.owner is not None and self.here(place.owner, at):
                return place.owner
            role = "supervisor"
        return next(iter(self._order(role, place, at)), None)

    def second(self, role: str, place: Place, at: int, *, instead_of: str | None) -> str | None:
        """Return who is told when the person of a role was not reached."""
        ask = [*self._deputies(role, place), *self._managers(role, place, at), *self._named(DUTY_MANAGER, place, at)]
        found = (one for one in ask if self.here(one, at) and one != instead_of)
        return next(found, self.break_glass[0] if self.break_glass else None)

    def _order(self, role: str, place: Place, at: int) -> tuple[str, ...]:
        key = (role, place.organisation, place.region, place.team, bisect_right(self._edges, at))
        if key not in self._known:
            names = [*self._named(role, place, at), *self._named(DUTY_MANAGER, place, at)]
            self._known[key] = (*(n for n in names if self.here(n, at)), *self.break_glass)
        return self._known[key]

    def here(self, person: str, at: int) -> bool:
        """Whether a person can be told at an instant."""
        return person not in self.away and not any(a <= at < b for a, b in self.absent.get(person, ()))

    def _named(self, role: str, place: Place, at: int) -> list[str]:
        member = self._member(role, place)
        held = [g for g in self.grants if g.role == role and g.region in {"", place.region}]
        return [
            *(slot.person for slot in self._on(role, place, at)),
            *([member.person] if member else []),
            *self._deputies(role, place),
            *(g.person for g in sorted(held, key=lambda g: place.team is None or place.team not in g.teams)),
            *self._managers(role, place, at),
        ]

    def _deputies(self, role: str, place: Place) -> list[str]:
        member = self._member(role, place)
        found = [self.deputies.get((role, scope)) for scope in _scopes(place)]
        return [one for one in (*found, member.deputy if member else None) if one]

    def _managers(self, role: str, place: Place, at: int) -> list[str]:
        member = self._member(role, place)
        first = [self.managers.get(member.person, member.manager)] if member else []
        return [one for one in (*first, *(self.managers.get(s.person) for s in self._on(role, place, at))) if one]

    def _on(self, role: str, place: Place, at: int) -> Iterator[Slot]:
        for scope in _scopes(place):
            on = [slot for slot in self._slots.get((role, scope), ()) if slot.begin <= at < slot.end]
            for slot in sorted(on, key=lambda slot: (-slot.layer, slot.slot)):
                if not slot.entitled or place.organisation is None or place.organisation in self.covered:
                    yield slot

    def _member(self, role: str, place: Place) -> Member | None:
        return self.team.get((role, place.organisation)) or self.team.get((role, None))


def _scopes(place: Place) -> list[str]:
    own = [f"customer:{place.organisation}"] if place.organisation else []
    return [*own, *([f"region:{place.region}"] if place.region else []), "global"]


NOBODY = Rosters()
