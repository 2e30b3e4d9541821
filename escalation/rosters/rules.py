"""What every roster command asks first: may they, which roster, may that person be called for the role."""

from collections.abc import Collection, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo, available_timezones

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Greatest
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from accounts.models import Absence, AccountTeamMember, Organisation, RoleGrant, Team, TeamMembership, User
from accounts.models.staff import LadderRole, Role
from escalation.models import Roster
from escalation.rosters.fill import fill
from escalation.rosters.gaps import WARN, Gap, all_gaps, new_gaps
from escalation.rosters.read import plan_of
from ledger.actor import Actor
from ledger.errors import Refused

LEADS = ("supervisor", "duty_manager")


def may_lead(actor: Actor) -> bool:
    """Whether the actor keeps rosters: leads, and tokens of no one customer with "rosters:write"."""
    token = actor.kind == "integration" and "rosters:write" in actor.scopes and actor.organisation_ids is None
    return token or (actor.is_staff and actor.has_role(*LEADS))


def require_lead(actor: Actor) -> None:
    """Raise Refused("not_allowed") for everybody but supervisors and duty managers."""
    if not may_lead(actor):
        raise Refused("not_allowed", _("A supervisor or duty manager changes the roster."))


def require_scope(scope: str, actor: Actor, *, everywhere: bool = True) -> None:
    """Raise Refused("unknown_scope") for a place that is none or not the actor's.

    everywhere  False: whoever is bound to regions may not touch what holds for all of them.
    """
    kind, _colon, value = scope.partition(":")
    if kind == "global" and not value and (everywhere or not actor.regions):
        return
    if kind == "region" and value and (not actor.regions or value in actor.regions):
        return
    known = value.isascii() and value.isdigit() and len(value) < 19
    if kind == "customer" and known and Organisation.objects.visible_to(actor).filter(pk=value).exists():
        return
    raise Refused("unknown_scope", _("Choose where it applies."), field="scope")


def require_role(role: str) -> None:
    """Raise Refused("unknown_role") for a word that names neither a role nor a team in work."""
    kind, _colon, uuid = role.partition(":")
    team = kind == "team" and uuid in {str(known) for known in _teams()}
    if not team and role not in {*Role.values, *LadderRole.values}:
        raise Refused("unknown_role", _("Choose a role or team."), field="role")


def require_zone(zone: str) -> None:
    """Raise Refused("unknown_zone") for a name that is no time zone."""
    if zone not in available_timezones():
        raise Refused("unknown_zone", _("Choose a time zone."), field="time_zone")


def require_people(keys: Sequence[int], role: str, scope: str, *, field: str) -> None:
    """Raise Refused: unknown_person, person_gone or lacks_role where one of `keys` cannot be called for `role`."""
    people = {user.pk: user for user in User.objects.filter(pk__in=keys, kind=User.Kind.STAFF)}
    holders = _holders(role, scope, people)
    for key in keys:
        if key not in people:
            raise Refused("unknown_person", _("Choose an active member of staff."), field=field)
        name = people[key].name
        if not people[key].is_active:
            left = _("%(name)s has left. Choose an active member of staff.")
            raise Refused("person_gone", left % {"name": name}, field=field)
        if key not in holders:
            lacks = _("%(name)s does not hold this role. Give it to them first, or choose somebody else.")
            raise Refused("lacks_role", lacks % {"name": name}, field=field)


def require_present(user_id: int, from_at: datetime, to_at: datetime, actor: Actor, *, field: str) -> None:
    """Raise Refused("person_away") where that person is away in a part of the hours. 1 query."""
    away = Absence.objects.filter(user=user_id, from_at__lt=to_at, to_at__gt=Greatest(from_at, F("from_at"))).first()
    if away is not None:
        said = {"begin": moment(away.from_at, actor), "end": moment(away.to_at, actor)}
        message = _("Away from %(begin)s to %(end)s. Choose somebody else, or other hours.")
        raise Refused("person_away", message % said, field=field)


def eligible(role: str) -> QuerySet[User]:
    """Return the active staff who can be called for a role, by name; nobody for a role that is none."""
    active = User.objects.filter(kind=User.Kind.STAFF, is_active=True).order_by("name")
    kind, _colon, uuid = role.partition(":")
    if kind == "team":
        return active.filter(memberships__team__uuid=uuid).distinct()
    if role in Role.values:
        return active.filter(role_grants__role=role).distinct()
    return active.filter(Q(ladder_roles__role=role) | Q(deputy_roles__role=role)).distinct()


def locked(roster_id: int, actor: Actor, at: datetime) -> Roster:
    """Return a roster in force, locked. Raises Refused("unknown_roster")."""
    rows = Roster.objects.visible_to(actor).select_for_update(no_key=True, of=("self",))
    roster = rows.filter(pk=roster_id, retired_at=None).first()
    if roster is None:
        raise Refused("unknown_roster", _("There is no such roster in force."), field="roster")
    return roster


def gaps_of(roster: Roster, at: datetime) -> list[Gap]:
    """Return what is empty in the next 14 days. At most 5 queries."""
    return all_gaps([plan_of(roster)], at, at + WARN)


def written(roster: Roster, *, before: Sequence[Gap], accept_gap: bool, actor: Actor, at: datetime) -> None:
    """Write the turns of a changed roster. Raises Refused("gap_left") for a gap that was not there `before`."""
    left = [] if accept_gap else new_gaps(before, gaps_of(roster, at))
    if left:
        begin, end = left[0]
        message = _(
            "This leaves nobody on from %(begin)s to %(end)s. Fill these hours, or say that they may stay empty."
        )
        said = {"begin": moment(begin, actor), "end": moment(end, actor)}
        raise Refused("gap_left", message % said, field="accept_gap", from_at=begin.isoformat(), to_at=end.isoformat())
    fill(roster, at)


def moment(at: datetime, actor: Actor) -> str:
    """Return an instant in the words and the zone of who reads it."""
    return date_format(at.astimezone(ZoneInfo(actor.time_zone or "UTC")), "j M H:i")


def _holders(role: str, scope: str, people: Collection[int]) -> set[int]:
    kind, _colon, rest = role.partition(":")
    if kind == "team":
        members = TeamMembership.objects.filter(team__uuid=rest, user__in=people)
        return set(members.values_list("user_id", flat=True))
    if role in Role.values:
        grants = RoleGrant.objects.filter(role=role, user__in=people)
        if scope.startswith("region:"):
            grants = grants.filter(region__in={"", scope.removeprefix("region:")})
        return set(grants.values_list("user_id", flat=True))
    rungs = AccountTeamMember.objects.filter(Q(user__in=people) | Q(deputy__in=people), role=role)
    return {pk for pair in rungs.values_list("user_id", "deputy_id") for pk in pair if pk}


def _teams() -> Collection:
    return Team.objects.filter(active=True).values_list("uuid", flat=True)
