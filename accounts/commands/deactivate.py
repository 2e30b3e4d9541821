"""Somebody leaves: everything they hold goes to a successor, then their sign-ins end."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import AccountTeamMember, FailureCounter, RoleGrant, User
from accounts.roles import need
from accounts.signing_in import close_account
from ledger.actor import Actor
from ledger.errors import Refused
from ledger.record import record


@dataclass(frozen=True, kw_only=True, slots=True)
class Holding:
    """One kind of thing a person may hold, told by the room that owns it (this room is below them all).

    kind       "tickets", "work_items", "duties", "rosters", "ladder_roles", …
    refs       the open ones of a person, as texts an administrator can read.
    hand_over  give them all to the successor, as the actor, inside the caller's transaction.
    """

    kind: str
    refs: Callable[[User], list[str]]
    hand_over: Callable[[User, User, Actor, datetime], object]


def holdings_of(user: User, registry: Sequence[Holding] = ()) -> dict[str, list[str]]:
    """Return what `user` still holds, by kind; empty kinds left out. 1 query for each kind."""
    found = {holding.kind: holding.refs(user) for holding in (*OWN, *registry)}
    return {kind: refs for kind, refs in found.items() if refs}


@transaction.atomic
def deactivate_staff(
    *,
    user_id: int,
    successor_id: int | None,
    reason: str,
    actor: Actor,
    at: datetime,
    registry: Sequence[Holding] = (),
) -> User:
    """Hand over all a person holds, take their roles and teams, end their sessions and tokens.

    Raises Refused: not_allowed, unknown_person, yourself, reason_needed, last_administrator, and
    successor_needed (details `holds`: kind → references) while they hold anything and no active successor is named.
    """
    need(actor, "administrator")
    user = User.objects.select_for_update(no_key=True).filter(pk=user_id, kind="staff", is_active=True).first()
    if user is None:
        raise Refused("unknown_person", _("Choose an active member of staff."), field="user")
    if user.pk == actor.user_id:
        raise Refused("yourself", _("You cannot do this to yourself. Ask another administrator."), field="user")
    if not reason.strip():
        raise Refused("reason_needed", _("Write why."), field="reason")
    others = RoleGrant.objects.filter(role="administrator", user__is_active=True).exclude(user=user)
    if user.role_grants.filter(role="administrator").exists() and not others.exists():
        raise Refused("last_administrator", _("Name another administrator first."), field="user")
    holds = holdings_of(user, registry)
    successor = User.objects.filter(pk=successor_id or 0, kind="staff", is_active=True).exclude(pk=user.pk).first()
    if holds and successor is None:
        raise Refused("successor_needed", _("Name who takes over what is open."), field="successor", holds=holds)
    for holding in (*OWN, *registry):
        if holding.kind in holds and successor is not None:
            holding.hand_over(user, successor, actor, at)
    user.role_grants.all().delete()
    user.memberships.all().delete()
    FailureCounter.objects.filter(kind="agent", subject_id=user.pk).delete()
    close_account(user)
    record(
        "staff.deactivated",
        chain=f"staff:{user.uuid}",
        actor=actor,
        at=at,
        about=user,
        texts={"reason": reason.strip(), "name": user.name},
        person=str(user.uuid),
        successor=str(successor.uuid) if successor else None,
        handed_over={kind: len(refs) for kind, refs in holds.items()},
    )
    return user


def _ladder(user: User) -> list[str]:
    rows = AccountTeamMember.objects.filter(user=user).select_related("organisation")
    return _named(rows)


def _deputies(user: User) -> list[str]:
    rows = AccountTeamMember.objects.filter(deputy=user).select_related("organisation")
    return _named(rows)


def _named(rows: Iterable[AccountTeamMember]) -> list[str]:
    return [", ".join(filter(None, (str(row.get_role_display()), str(row.organisation or "")))) for row in rows]


def _reports(user: User) -> list[str]:
    return [person.name for person in user.reports.filter(is_active=True)]


OWN = (
    Holding(
        kind="ladder_roles",
        refs=_ladder,
        hand_over=lambda user, to, actor, at: AccountTeamMember.objects.filter(user=user).update(user=to),
    ),
    Holding(
        kind="deputy_roles",
        refs=_deputies,
        hand_over=lambda user, to, actor, at: AccountTeamMember.objects.filter(deputy=user).update(deputy=to),
    ),
    Holding(kind="reports", refs=_reports, hand_over=lambda user, to, actor, at: user.reports.update(manager=to)),
)
