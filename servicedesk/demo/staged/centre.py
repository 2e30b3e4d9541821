"""The centre of a staged simulation: that of a replay, and somebody for every rung, or nobody at all."""

from datetime import date
from typing import Any

from accounts.models import AccountTeamMember, Organisation, RoleGrant, User
from catalogue.models import Calendar, Holiday
from escalation.models import Policy
from escalation.seed import publish
from escalation.simulator.logged import ROLES
from escalation.simulator.people import Grant, Member, Rosters
from servicedesk.demo.people import COMPANY
from servicedesk.demo.replay import centre
from tickets.replay_map import Step

RUNGS = ("account_manager", "service_delivery_manager", "technical_account_manager", "regional_manager",
         "executive_support")  # fmt: skip
GRANTED = {"@supervisor": "supervisor", "@duty_manager": "duty_manager", "quality_reviewer": "quality_reviewer"}


def seed(cases: dict[str, list[Step]], shape: dict[str, Any], *, holiday: date | None, nobody: bool) -> None:
    """Make the centre in which these cases are worked, with one policy in the version `shape`.

    holiday  of the customer's calendar. nobody: no role has anybody but the agents and who approves pauses.
    """
    centre.seed(cases, None)
    policy = Policy.objects.get(key=shape["key"])
    publish(policy, {**shape, "conditions": shape.get("conditions") or {}}, at=centre.BEGINNING)
    organisation = Organisation.objects.get(name=centre.CUSTOMER_NAME)
    Organisation.objects.filter(pk=organisation.pk).update(production=True)
    if holiday is not None:
        Holiday.objects.create(
            calendar=Calendar.objects.get(name="Office hours of the log"), on=holiday, name="Holiday"
        )
    if nobody:
        AccountTeamMember.objects.all().delete()
        RoleGrant.objects.filter(role__in=GRANTED.values()).delete()
        return
    for role in (*RUNGS, "quality_reviewer"):
        user = User.objects.filter(name=role).first() or _person(role)
        if role in RUNGS:
            AccountTeamMember.objects.create(role=role, user=user, organisation=organisation)
        else:
            RoleGrant.objects.create(user=user, role=role)


def _person(name: str) -> User:
    return User.objects.create(email=f"{name}@staged.example", name=name, kind="staff", password="!")  # noqa: S106


def rosters(break_glass: list[str], *, nobody: bool) -> Rosters:
    """Return who answers for what in that centre, by name: said anew here, not read from its tables."""
    if nobody:
        return Rosters(break_glass=break_glass)
    company = [Member(role, None, role) for role in ROLES if role in COMPANY]
    rungs = [Member(role, 1, role) for role in RUNGS]
    return Rosters(team=[*company, *rungs], grants=[Grant(role, who) for who, role in GRANTED.items()],
                   break_glass=break_glass)  # fmt: skip
