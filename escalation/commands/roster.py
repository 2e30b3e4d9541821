"""Put a person on call for a role and a stretch of time, above the rotation (A-04)."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from escalation.models import RosterSlot
from ledger.actor import Actor
from ledger.errors import Refused
from ledger.record import record


@transaction.atomic
def override(
    *,
    role: str,
    scope: str = "global",
    user_id: int,
    from_at: datetime,
    to_at: datetime,
    reason: str,
    slot: int = 1,
    actor: Actor,
    at: datetime,
) -> RosterSlot:
    """Add one override. scope: "global", "region:<name>" or "customer:<organisation id>".

    Raises Refused: not_allowed, unknown_person, unknown_scope, bad_times, over_already, reason_missing, overlap.
    """
    if not (actor.is_staff and actor.has_role("supervisor", "duty_manager")):
        raise Refused("not_allowed", _("A supervisor or duty manager changes the roster."))
    _require_scope(scope, actor)
    user = User.objects.filter(pk=user_id, kind=User.Kind.STAFF, is_active=True).first()
    if user is None:
        raise Refused("unknown_person", _("Choose an active member of staff."), field="user")
    if not role.strip():
        raise Refused("unknown_role", _("Choose a role or team."), field="role")
    if to_at <= from_at:
        raise Refused("bad_times", _("The end must be after the start."), field="to_at")
    if to_at <= at:
        raise Refused("over_already", _("These hours have passed; the past does not change."), field="to_at")
    if not reason.strip():
        raise Refused("reason_missing", _("Say why."), field="reason")
    try:
        with transaction.atomic():
            made = RosterSlot.objects.create(
                role=role, scope=scope, slot=slot, layer=RosterSlot.Layer.OVERRIDE, user=user,
                during=(max(from_at, at), to_at),
            )  # fmt: skip
    except IntegrityError as error:
        if "roster_no_overlap" not in str(error):
            raise
        raise Refused("overlap", _("Another override covers part of these hours. Choose others."), field="from_at")
    record(
        "roster.overridden",
        chain=f"roster:{role}"[:80],
        actor=actor,
        at=at,
        texts={"reason": reason.strip()},
        slot=str(made.uuid),
        role=role,
        scope=scope.split(":")[0],
        person=str(user.uuid),
        from_at=made.during[0],
        to_at=made.during[1],
    )
    return made


def _require_scope(scope: str, actor: Actor) -> None:
    kind, _colon, value = scope.partition(":")
    if kind == "global" and not value:
        return
    if kind == "region" and value and (not actor.regions or value in actor.regions):
        return
    known = value.isascii() and value.isdigit() and len(value) < 19
    if kind == "customer" and known and Organisation.objects.visible_to(actor).filter(pk=value).exists():
        return
    raise Refused("unknown_scope", _("Choose where it applies."), field="scope")
