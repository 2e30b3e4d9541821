"""Put a person on call for a role and a stretch of time, above every layer; take it back (A-04)."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Team, User
from accounts.models.staff import LadderRole, Role
from escalation.commands.roster_plan import begin_roster
from escalation.models import Roster, RosterOverride, RosterSwap
from escalation.rosters.fill import fill
from escalation.rosters.rules import (
    gaps_of,
    locked,
    require_lead,
    require_people,
    require_present,
    require_role,
    require_scope,
    written,
)
from ledger.actor import Actor
from ledger.errors import Refused
from ledger.record import record

WORDS = {**dict(LadderRole.choices), **dict(Role.choices)}


@transaction.atomic
def override(
    *,
    role: str,
    scope: str = "global",
    user_id: int,
    from_at: datetime,
    to_at: datetime,
    reason: str,
    actor: Actor,
    at: datetime,
) -> RosterOverride:
    """Add one override; a role without a roster gets one, that holds nothing else. Hours before `at` are left out.

    scope: "global", "region:<name>" or "customer:<organisation id>".

    Raises Refused: not_allowed, unknown_scope, unknown_role, unknown_person, person_gone, lacks_role, bad_times,
    over_already, person_away, reason_missing, overlap.
    """
    require_lead(actor)
    require_scope(scope, actor)
    require_role(role)
    require_people([user_id], role, scope, field="user")
    require_hours(from_at, to_at, at)
    require_present(user_id, max(from_at, at), to_at, actor, field="user")
    if not reason.strip():
        raise Refused("reason_missing", _("Say why."), field="reason")
    roster = _roster(role, scope, actor, at)
    made = put(roster, user_id=user_id, from_at=max(from_at, at), to_at=to_at, actor=actor, at=at)
    fill(roster, at)
    record(
        "roster.overridden", chain=roster.chain, actor=actor, at=at, texts={"reason": reason.strip()},
        roster=str(roster.uuid), override=str(made.uuid), role=role, scope=scope.split(":")[0],
        person=str(User.objects.get(pk=user_id).uuid), from_at=made.from_at, to_at=made.to_at,
    )  # fmt: skip
    return made


@transaction.atomic
def remove_override(
    *, override_id: int, reason: str, accept_gap: bool = False, actor: Actor, at: datetime
) -> RosterOverride:
    """End an override now; the hours it had already stay. One of a swap can be removed too: both are told by its mail.

    Raises Refused: not_allowed, unknown_override, unknown_scope, over_already, reason_missing, gap_left.
    """
    require_lead(actor)
    known = RosterOverride.objects.filter(pk=override_id).values_list("roster_id", flat=True).first()
    if known is None:
        raise Refused("unknown_override", _("There is no such override."), field="override")
    roster = locked(known, actor, at)
    require_scope(roster.scope, actor)
    found = RosterOverride.objects.select_related("user").get(pk=override_id)
    if found.to_at <= at or found.removed_at is not None:
        raise Refused("over_already", _("These hours have passed; the past does not change."), field="override")
    if not reason.strip():
        raise Refused("reason_missing", _("Say why."), field="reason")
    before = gaps_of(roster, at)
    found.to_at, found.removed_at = max(found.from_at, at), at
    found.save(update_fields=["to_at", "removed_at"])
    written(roster, before=before, accept_gap=accept_gap, actor=actor, at=at)
    record(
        "roster.override_removed", chain=roster.chain, actor=actor, at=at, texts={"reason": reason.strip()},
        roster=str(roster.uuid), override=str(found.uuid), person=str(found.user.uuid), from_at=found.from_at,
        to_at=found.to_at,
    )  # fmt: skip
    return found


def put(
    roster: Roster, *, user_id: int, from_at: datetime, to_at: datetime, actor: Actor, at: datetime,
    swap: RosterSwap | None = None,
) -> RosterOverride:  # fmt: skip
    """Write one override on a locked roster. Raises Refused("overlap") where another covers part of it."""
    try:
        with transaction.atomic():
            return RosterOverride.objects.create(
                roster=roster, user_id=user_id, from_at=from_at, to_at=to_at, swap=swap, made_by_id=actor.user_id,
                made_at=at,
            )  # fmt: skip
    except IntegrityError as error:
        if "override_no_overlap" not in str(error):
            raise
        raise Refused("overlap", _("Another override covers part of these hours. Choose others."), field="from_at")


def require_hours(from_at: datetime, to_at: datetime, at: datetime) -> None:
    """Raise Refused: bad_times or over_already."""
    if to_at <= from_at:
        raise Refused("bad_times", _("The end must be after the start."), field="to_at")
    if to_at <= at:
        raise Refused("over_already", _("These hours have passed; the past does not change."), field="to_at")


def _roster(role: str, scope: str, actor: Actor, at: datetime) -> Roster:
    """Return the roster in force, locked; begin one where there is none, unless somebody else just did."""
    rows = Roster.objects.filter(role=role, scope=scope, retired_at=None).values_list("pk", flat=True)
    found = rows.first()
    if found is None:
        try:
            return begin_roster(name=_name(role), role=role, scope=scope, time_zone=actor.time_zone, actor=actor, at=at)
        except Refused:
            found = rows.all()[0]
    return locked(found, actor, at)


def _name(role: str) -> str:
    kind, _colon, uuid = role.partition(":")
    return Team.objects.get(uuid=uuid).name if kind == "team" else str(WORDS[role])
