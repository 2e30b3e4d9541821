"""Who commands, and who has which part in the response (V-19)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from ledger.actor import Actor
from ledger.errors import Refused
from tickets.commands.base import ref
from tickets.commands.major_base import fresh_major, require_state, store_major, take_major, tell_major
from tickets.commands.major_impact import OPEN_STATES
from tickets.major_access import require_leads
from tickets.models import MajorIncident, MajorRole


@transaction.atomic
def change_commander(
    *, incident_id: int, user_id: int, actor: Actor, at: datetime, version: int | None = None
) -> MajorIncident:
    """Hand the command to somebody else of ours; pages of silence go to them from now on.

    Raises Refused("unknown_person"), ("same_person"), ("not_leading"), ("wrong_state").
    """
    incident = take_major(incident_id, actor, version)
    require_leads(incident, actor)
    require_state(incident, *OPEN_STATES)
    person = _person(user_id)
    if person.pk == incident.commander_id:
        raise Refused("same_person", _("That person has the command already."), "user")
    before, incident.commander = incident.commander, person
    store_major(incident)
    tell_major(
        "major.commander_changed", incident, actor=actor, at=at, commander=person.pk, who=ref(person),
        before=ref(before),
    )  # fmt: skip
    return fresh_major(incident)


@transaction.atomic
def add_role(*, incident_id: int, part: str, user_id: int, actor: Actor, at: datetime) -> MajorRole:
    """Give somebody a part in the response. Additive. Raises Refused("bad_part"), ("unknown_person"), ("has_part")."""
    incident = take_major(incident_id, actor)
    require_leads(incident, actor)
    require_state(incident, *OPEN_STATES)
    if part not in MajorRole.Part.values:
        raise Refused("bad_part", _("Choose the part from the list."), "part")
    person = _person(user_id)
    role, made = MajorRole.objects.get_or_create(
        incident=incident, part=part, user=person, left_at=None, defaults={"since": at}
    )
    if not made:
        raise Refused("has_part", _("That person has this part already."), "user")
    tell_major("major.role_given", incident, actor=actor, at=at, part=part, who=ref(person))
    return role


@transaction.atomic
def end_role(*, incident_id: int, role_uuid: str, actor: Actor, at: datetime) -> MajorIncident:
    """End somebody's part. Raises Refused("unknown_role"), ("not_leading")."""
    incident = take_major(incident_id, actor)
    require_leads(incident, actor)
    role = incident.roles.filter(uuid=role_uuid, left_at=None).select_related("user").first()
    if role is None:
        raise Refused("unknown_role", _("That part has ended already. Look at the team again."), "role")
    role.left_at = at
    role.save()
    tell_major("major.role_ended", incident, actor=actor, at=at, part=role.part, who=ref(role.user))
    return incident


def _person(user_id: int) -> User:
    found = User.objects.filter(pk=user_id, kind=User.Kind.STAFF, is_active=True).first()
    if found is None:
        raise Refused("unknown_person", _("Name somebody of ours who is active."), "user")
    return found
