"""Members of staff: who they are, what they may do, where they work. Administrators only (V-13)."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import RoleGrant, Team, TeamMembership, User
from accounts.models.staff import Role
from accounts.roles import need
from ledger.actor import Actor
from ledger.errors import Refused
from ledger.record import record


@transaction.atomic
def add_staff(*, email: str, name: str, actor: Actor, at: datetime, time_zone: str = "UTC") -> User:
    """Add a member of staff who cannot sign in yet: an invitation sets the first password.

    Raises Refused: not_allowed, no_name, email_taken.
    """
    need(actor, Role.ADMINISTRATOR)
    if not name.strip() or "@" not in email:
        raise Refused("no_name", _("Write a name and an e-mail address."), field="name")
    try:
        with transaction.atomic():
            user = User.objects.create_user(email, None, name=name.strip(), kind="staff", time_zone=time_zone)
    except IntegrityError as error:
        raise Refused(
            "email_taken", _("Somebody signs in with this address already. Use another."), field="email"
        ) from error
    _record("staff.added", user, actor, at, texts={"name": user.name, "email": user.email})
    return user


@transaction.atomic
def grant_role(*, user_id: int, role: str, actor: Actor, at: datetime, region: str = "") -> RoleGrant:
    """Give a role, for one region or (empty) for all. Nobody gives one to themselves.

    Raises Refused: not_allowed, unknown_person, unknown_role, own_role, has_role.
    """
    user = _person(user_id, actor)
    if role not in Role.values:
        raise Refused("unknown_role", _("Choose a role."), field="role")
    grant, made = RoleGrant.objects.get_or_create(user=user, role=role, region=region)
    if not made:
        raise Refused("has_role", _("This person has the role already. Choose another."), field="role")
    _open_admin(user)
    _record("staff.role_granted", user, actor, at, role=role, region=region)
    return grant


@transaction.atomic
def revoke_role(*, user_id: int, role: str, actor: Actor, at: datetime, region: str = "") -> User:
    """Take a role away. Raises Refused: not_allowed, unknown_person, own_role, no_such_grant, last_administrator."""
    user = _person(user_id, actor)
    administrators = RoleGrant.objects.select_for_update().filter(role=Role.ADMINISTRATOR, user__is_active=True)
    if role == Role.ADMINISTRATOR and not [grant for grant in administrators if grant.user_id != user.pk]:
        raise Refused("last_administrator", _("Name another administrator first."), field="role")
    if not RoleGrant.objects.filter(user=user, role=role, region=region).delete()[0]:
        raise Refused("no_such_grant", _("This person does not have the role. Choose another."), field="role")
    _open_admin(user)
    _record("staff.role_revoked", user, actor, at, role=role, region=region)
    return user


@transaction.atomic
def join_team(*, user_id: int, team_id: int, actor: Actor, at: datetime) -> TeamMembership:
    """Put a person into a team. Raises Refused: not_allowed, unknown_person, unknown_team, in_team."""
    user, team = _person(user_id, actor, own=True), _team(team_id, actor)
    membership, made = TeamMembership.objects.get_or_create(user=user, team=team)
    if not made:
        raise Refused("in_team", _("This person is in the team already. Choose another."), field="team")
    _record("staff.joined_team", user, actor, at, team=str(team.uuid))
    return membership


@transaction.atomic
def leave_team(*, user_id: int, team_id: int, actor: Actor, at: datetime) -> User:
    """Take a person out of a team. Raises Refused: not_allowed, unknown_person, unknown_team, not_in_team."""
    user, team = _person(user_id, actor, own=True), _team(team_id, actor)
    if not TeamMembership.objects.filter(user=user, team=team).delete()[0]:
        raise Refused("not_in_team", _("This person is not in the team. Choose another."), field="team")
    _record("staff.left_team", user, actor, at, team=str(team.uuid))
    return user


def _person(user_id: int, actor: Actor, *, own: bool = False) -> User:
    need(actor, Role.ADMINISTRATOR)
    if user_id == actor.user_id and not own:
        raise Refused("own_role", _("You cannot do this to yourself. Ask another administrator."))
    user = User.objects.select_for_update(no_key=True).filter(pk=user_id, kind="staff", is_active=True).first()
    if user is None:
        raise Refused("unknown_person", _("Choose an active member of staff."), field="user")
    return user


def _team(team_id: int, actor: Actor) -> Team:
    team = Team.objects.visible_to(actor).filter(pk=team_id).first()
    if team is None:
        raise Refused("unknown_team", _("Choose a team."), field="team")
    return team


def _open_admin(user: User) -> None:
    """Administrators reach the configuration pages; nobody else does."""
    user.is_staff = user.is_superuser = user.role_grants.filter(role=Role.ADMINISTRATOR).exists()
    user.save(update_fields=["is_staff", "is_superuser"])


def _record(name: str, user: User, actor: Actor, at: datetime, **data: Any) -> None:
    record(name, chain=f"staff:{user.uuid}", actor=actor, at=at, about=user, person=str(user.uuid), **data)
