"""Everything who-answers depends on over a long time, read once: rosters, account teams, grants, entitlements.

What is no roster's is taken as it stands today: nobody knows who will hold a role next spring.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain
from typing import Any

from django.db.models import Q

from accounts.absences import away_between
from accounts.models import AccountTeamMember, Organisation, RoleGrant, User
from catalogue.hours import WorkingHours
from catalogue.models import Calendar, Entitlement
from escalation.oncall import DUTY_MANAGER, GRANTED
from escalation.rosters.read import alive
from escalation.rosters.schedule import turns
from escalation.rosters.shapes import Plan
from escalation.rosters.spans import Span, subtract, union


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """For whom a role is looked up. `organisation_id` None = nobody's ticket; `facts`: what policies ask of them."""

    organisation_id: int | None
    name: str
    region: str
    weekend: bool
    calendar_id: int | None
    facts: Mapping[str, Any]

    @property
    def scopes(self) -> list[str]:
        """The places of rosters that count here, narrowest first."""
        own = [f"customer:{self.organisation_id}"] if self.organisation_id else []
        return [*own, *([f"region:{self.region}"] if self.region else []), "global"]


class World:
    """Who would answer, for every role and place, in [begin, end): asked of plain rows, no query.

    people   staff by key.     team  account team by (role, organisation key or None).
    granted  (user key, region) by role.
    away     when people are away, by key.
    """

    def __init__(
        self,
        begin: datetime,
        end: datetime,
        *,
        plans: Iterable[Plan],
        people: Mapping[int, User],
        places: Sequence[Place],
        team: Mapping[tuple[str, int | None], AccountTeamMember] | None = None,
        granted: Mapping[str, list[tuple[int, str]]] | None = None,
        calendars: Mapping[int, Calendar] | None = None,
        away: Mapping[int, list[Span]] | None = None,
    ) -> None:
        self.begin, self.end = begin, end
        self.whole: list[Span] = [(begin, end)]
        self.plans: dict[tuple[str, str], Plan] = {(plan.role, plan.scope): plan for plan in plans}
        self.people, self.places = people, places
        self.team, self.granted, self.calendars = team or {}, granted or {}, calendars or {}
        self.away = away or {}
        self._own: dict[tuple, list[Span]] = {}
        self._turns: dict[tuple[int, bool], list[tuple[int, Span]]] = {}

    def here(self, pk: int | None) -> bool:
        """Whether that person can be told today."""
        user = self.people.get(pk) if pk is not None else None
        return user is not None and user.is_active and user.available

    def own(self, role: str, place: Place) -> list[Span]:
        """Return when somebody of the role answers: on a roster, in the account team, by grant, deputy or manager."""
        key = self.key(role, place)
        if key not in self._own:
            held = [self._present(pk) for pk in self.constant(role, place)]
            always = self.whole in held
            self._own[key] = self.whole if always else union([*chain(*held), *self._rostered(role, place)])
        return self._own[key]

    def fallback(self, place: Place) -> list[Span]:
        """Return when a duty manager answers."""
        return self.own(DUTY_MANAGER, place)

    def key(self, role: str, place: Place) -> tuple:
        """Return what decides the answer: places with the same key have the same hours."""
        plans = [self.plans[role, scope].pk for scope in place.scopes if (role, scope) in self.plans]
        member = self.member(role, place)
        regions = place.region if any(region for _user, region in self.granted.get(role, ())) else ""
        return role, tuple(plans), member.pk if member else None, regions, place.weekend

    def member(self, role: str, place: Place) -> AccountTeamMember | None:
        """Return who stands in the account team for the role."""
        return self.team.get((role, place.organisation_id)) or self.team.get((role, None))

    def constant(self, role: str, place: Place) -> set[int]:
        """Return who of the role can be told at any hour they are not away, whatever a roster says."""
        asked: set[int | None] = {user for user, region in self.granted.get(role, ()) if region in {"", place.region}}
        member = self.member(role, place)
        if member:
            asked |= {member.user_id, member.deputy_id, self._manager(member.user_id)}
        asked |= {self.plans[role, scope].deputy_id for scope in place.scopes if (role, scope) in self.plans}
        return {pk for pk in asked if pk and self.here(pk)}

    def rostered(self, role: str, place: Place) -> set[int]:
        """Return who stands on a roster of the role here, at any time ahead."""
        return {user for scope in place.scopes for user, _span in self._turns_of(role, scope, place.weekend)}

    def hours(self, calendar_id: int | None) -> WorkingHours | None:
        """Return a calendar's hours; None = around the clock."""
        calendar = self.calendars.get(calendar_id or 0)
        return None if calendar is None or calendar.round_the_clock else calendar.hours()

    def _manager(self, pk: int) -> int | None:
        user = self.people.get(pk)
        return user.manager_id if user else None

    def _rostered(self, role: str, place: Place) -> list[Span]:
        spans = []
        for scope in place.scopes:
            for user, span in self._turns_of(role, scope, place.weekend):
                manager = self._manager(user)
                if self.here(user):
                    spans.append(span)
                elif manager is not None and self.here(manager):
                    spans.extend(subtract([span], union(self.away.get(manager, ()))))
        return union(spans)

    def _present(self, pk: int) -> list[Span]:
        return subtract(self.whole, union(self.away[pk])) if pk in self.away else self.whole

    def _turns_of(self, role: str, scope: str, weekend: bool) -> list[tuple[int, Span]]:
        plan = self.plans.get((role, scope))
        if plan is None:
            return []
        if (plan.pk, weekend) not in self._turns:
            self._turns[plan.pk, weekend] = [
                (turn.user_id, (turn.from_at, turn.to_at))
                for turn in turns(plan, self.begin, self.end)
                if weekend or not turn.entitled
            ]
        return self._turns[plan.pk, weekend]


NOWHERE = Place(organisation_id=None, name="", region="", weekend=True, calendar_id=None, facts={})


def _place(row: Organisation, bought: Entitlement | None) -> Place:
    facts = {
        "segment": row.segment, "service_category": row.service_category,
        "region": row.region, "production": row.production or bool(bought and bought.production),
    }  # fmt: skip
    return Place(
        organisation_id=row.pk, name=row.name, region=row.region, facts=facts,
        weekend=bool(bought and bought.weekend_cover), calendar_id=bought.calendar_id if bought else None,
    )  # fmt: skip


def load(begin: datetime, end: datetime) -> World:
    """Return the world as the tables hold it. 10 queries."""
    granted: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for role, user, region in RoleGrant.objects.filter(role__in=GRANTED).values_list("role", "user_id", "region"):
        granted[role].append((user, region))
    return World(
        begin, end,
        plans=alive(begin),
        people={user.pk: user for user in User.objects.filter(kind=User.Kind.STAFF)},
        places=_places(begin.date()),
        team={(row.role, row.organisation_id): row for row in AccountTeamMember.objects.order_by("pk")},
        granted=granted,
        calendars={row.pk: row for row in Calendar.objects.prefetch_related("openings", "holidays")},
        away=away_between(begin, end),
    )  # fmt: skip


def _places(day: date) -> list[Place]:
    in_force = Entitlement.objects.filter(Q(valid_to=None) | Q(valid_to__gte=day), valid_from__lte=day)
    bought = {row.organisation_id: row for row in in_force.order_by("valid_from")}
    rows = Organisation.objects.exclude(status="former").order_by("name")
    return [_place(row, bought.get(row.pk)) for row in rows] or [NOWHERE]
