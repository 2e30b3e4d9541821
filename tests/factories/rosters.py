"""Rosters by their commands."""

from datetime import date, datetime, time, timedelta
from typing import Any

from accounts.models import RoleGrant, TeamMembership, User
from escalation.commands.roster_layer import set_layer
from escalation.commands.roster_plan import create_roster
from escalation.models import Roster
from ledger.actor import Actor

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


def lead(cast) -> Actor:
    """Cy, who keeps rosters."""
    return cast.cy_actor


def give(role: str, *users: User) -> None:
    """Let people hold a role everywhere."""
    for user in users:
        RoleGrant.objects.get_or_create(user=user, role=role, region="")


def join(team, *users: User) -> None:
    """Put people into a team."""
    for user in users:
        TeamMembership.objects.get_or_create(team=team, user=user)


def duty_roster(cast, at: datetime, *users: User, zone: str = "UTC", **facts: Any) -> Roster:
    """The duty managers' roster without layers; `users` hold the role afterwards."""
    give("duty_manager", *users)
    return create_roster(
        **{"name": "Duty managers", "role": "duty_manager", "time_zone": zone} | facts, actor=lead(cast), at=at
    )


def week_layer(roster: Roster, cast, at: datetime, *users: User, **facts: Any):
    """Weeks from Monday 00:00 of the week of 8 June 2026 on, `users` in turn."""
    usual = {"name": "Weeks", "unit": "week", "length": 1, "handoff": time(0), "starts_on": date(2026, 6, 8)}
    members = [user.pk for user in users]
    return set_layer(roster_id=roster.pk, **usual | {"members": members} | facts, actor=lead(cast), at=at)


def weeks(cast, at: datetime, *users: User, **facts: Any) -> Roster:
    """A duty managers' roster of one weekly layer."""
    roster = duty_roster(cast, at, *users)
    week_layer(roster, cast, at, *users, **facts)
    return roster
