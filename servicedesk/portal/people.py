"""Whom a customer turns to, in order, and who is on duty: live from account team and roster (X-01, X-03)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.absences import away_at
from accounts.models import AccountTeamMember, Organisation, User
from accounts.models.staff import LadderRole
from catalogue.models import Entitlement
from escalation.oncall import DUTY_MANAGER, OnCall, Scope, present
from servicedesk.portal import words

DOES = {
    "account_manager": _("Knows your sites and your contract, and brings in every team you need."),
    "director_support": _("Told at once of every formal escalation; answers within 10 minutes."),
    "vp_customer_experience": _("Told together with the two above."),
    "ceo": _("Informed by us no later than 30 minutes after your request, and stays on until it is solved."),
}
INFORMED_BY_US = "ceo"


@dataclass(frozen=True, slots=True)
class Rung:
    """One person in the order of calling. `user` None = nobody holds the role now; `called` False = we inform."""

    role: str
    title: str
    does: Any
    user: User | None
    deputy: str
    called: bool


@dataclass(frozen=True, slots=True)
class OnDuty:
    """The duty manager of this instant. `until` and `then` None or "" = not on the roster."""

    user: User | None
    until: datetime | None
    then: str


def roles(organisation: Organisation) -> tuple[str, ...]:
    """Return the ladder of this organisation: production customers reach the chief executive (X-01)."""
    return words.LADDER if organisation.production else words.LADDER[:3]


def ladder(organisation: Organisation, at: datetime) -> list[Rung]:
    """Return the account team in order; who is away is named by deputy. 2 queries."""
    rows = AccountTeamMember.objects.filter(Q(organisation=organisation) | Q(organisation=None))
    held = {
        (m.role, m.organisation_id is not None): m
        for m in rows.filter(role__in=words.LADDER).select_related("user", "deputy")
    }
    made, away = [], away_at(at)
    for role in roles(organisation):
        member = held.get((role, True)) or held.get((role, False))
        made.append(_rung(role, member, away))
    return made


def _rung(role: str, member: AccountTeamMember | None, away: Collection[int]) -> Rung:
    user = member.user if member and present(member.user, away) else None
    deputy = member.deputy if member and present(member.deputy, away) else None
    title = str(LadderRole(role).label)
    shown = user or deputy
    return Rung(role, title, DOES[role], shown, deputy.name if deputy and user else "", role != INFORMED_BY_US)


def duty_manager(organisation: Organisation, at: datetime) -> OnDuty:
    """Return who is duty manager for this organisation now, until when, and who comes then. 5 queries."""
    on_call = OnCall(at, [organisation.pk])
    scope = Scope(organisation_id=organisation.pk, region=organisation.region)
    found = on_call.who(DUTY_MANAGER, scope)
    slots = [s for key, held in on_call.slots.items() if key[0] == DUTY_MANAGER for s in held]
    slot = next((s for s in slots if found.user and s.user_id == found.user.pk), None)
    until = slot.during.upper if slot else None
    then = _after(organisation, until) if until else None
    return OnDuty(found.user, until, then.name if then and then != found.user else "")


def _after(organisation: Organisation, at: datetime) -> User | None:
    found = OnCall(at, [organisation.pk]).who(
        DUTY_MANAGER, Scope(organisation_id=organisation.pk, region=organisation.region)
    )
    return found.user


def promises(organisation: Organisation, at: datetime) -> list[tuple[Any, int | None, int | None]]:
    """Return what the plan in force promises: (in the customer's words, minutes to reply, minutes to solve)."""
    valid = Entitlement.objects.filter(organisation=organisation, valid_from__lte=at.date())
    found = valid.filter(Q(valid_to=None) | Q(valid_to__gte=at.date())).order_by("-valid_from").first()
    targets = found.targets if found else {}
    return [
        (text, targets[priority].get("respond"), targets[priority].get("resolve"))
        for priority, text in words.TARGETS
        if isinstance(targets.get(priority), dict)
    ]
