"""Set and end a layer of a roster. The version before ends where the new one begins: the past stays true (A-04)."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Greatest
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from catalogue.hours import first_instant
from escalation.models import Roster, RosterLayer
from escalation.rosters.read import windows_of
from escalation.rosters.rules import gaps_of, locked, require_lead, require_people, require_scope, require_zone, written
from escalation.rosters.shapes import weekly
from ledger.actor import Actor
from ledger.errors import Refused
from ledger.record import record

LONGEST, MOST = 366, 60


@transaction.atomic
def set_layer(
    *,
    roster_id: int,
    name: str,
    members: Sequence[int],
    unit: str,
    length: int,
    handoff: time,
    starts_on: date,
    time_zone: str = "",
    windows: Sequence[Mapping[str, Any]] = (),
    position: int = 1,
    base: bool = False,
    entitled_weekend: bool = False,
    accept_gap: bool = False,
    actor: Actor,
    at: datetime,
) -> RosterLayer:
    """Add a layer, or replace the one of that name from its first hand-off on (from `at`, if that has passed).

    Fields as in `RosterLayer`; members are keys in their order; time_zone "" = the roster's.

    Raises Refused: not_allowed, unknown_roster, unknown_scope, name_missing, unknown_zone, bad_rotation, bad_windows,
    members_missing, unknown_person, person_gone, lacks_role, gap_left, overlap.
    """
    require_lead(actor)
    roster = locked(roster_id, actor, at)
    require_scope(roster.scope, actor, everywhere=False)
    zone = time_zone or roster.time_zone
    _require_shape(name, zone, unit, length, position, members)
    _require_windows(windows)
    require_people(members, roster.role, roster.scope, field="members")
    before = gaps_of(roster, at) if roster.layers.filter(_in_force(at)).exists() else None
    begins = max(first_instant(starts_on, handoff, ZoneInfo(zone)), at)
    _end(roster, name.strip(), begins)
    made = RosterLayer.objects.create(
        roster=roster, name=name.strip(), position=position, base=base, time_zone=zone, unit=unit, length=length,
        handoff=handoff, starts_on=starts_on, members=list(members), windows=[dict(row) for row in windows],
        entitled_weekend=entitled_weekend, from_at=begins,
    )  # fmt: skip
    written(roster, before=before or (), accept_gap=accept_gap or before is None, actor=actor, at=at)
    people = {pk: str(uuid) for pk, uuid in User.objects.filter(pk__in=members).values_list("pk", "uuid")}
    record(
        "roster.layer_set", chain=roster.chain, actor=actor, at=at, roster=str(roster.uuid), layer=str(made.uuid),
        called=made.name, from_at=begins, members=[people[pk] for pk in members], unit=unit, length=length,
        handoff=handoff, starts_on=starts_on, time_zone=zone, windows=made.windows, position=position, base=base,
        entitled_weekend=entitled_weekend,
    )  # fmt: skip
    return made


@transaction.atomic
def end_layer(
    *, roster_id: int, name: str, reason: str, accept_gap: bool = False, actor: Actor, at: datetime
) -> Roster:
    """End the layer of that name now.

    Raises Refused: not_allowed, unknown_roster, unknown_scope, unknown_layer, reason_missing, gap_left.
    """
    require_lead(actor)
    roster = locked(roster_id, actor, at)
    require_scope(roster.scope, actor, everywhere=False)
    if not roster.layers.filter(_in_force(at), name=name).exists():
        raise Refused("unknown_layer", _("There is no such layer in force."), field="name")
    if not reason.strip():
        raise Refused("reason_missing", _("Say why."), field="reason")
    before = gaps_of(roster, at)
    _end(roster, name, at)
    if not accept_gap and not roster.layers.filter(_in_force(at)).exists():
        message = _("This is the last layer; then whoever holds the role is called. Say that it may go.")
        raise Refused("gap_left", message, field="accept_gap")
    written(roster, before=before, accept_gap=accept_gap, actor=actor, at=at)
    record(
        "roster.layer_ended", chain=roster.chain, actor=actor, at=at, roster=str(roster.uuid), called=name,
        texts={"reason": reason.strip()},
    )  # fmt: skip
    return roster


def _in_force(at: datetime) -> Q:
    return Q(to_at=None) | Q(to_at__gt=at)


def _end(roster: Roster, name: str, begins: datetime) -> None:
    rows = roster.layers.filter(_in_force(begins), name=name)
    rows.update(to_at=Greatest(F("from_at"), begins))


def _require_shape(name: str, zone: str, unit: str, length: int, position: int, members: Sequence[int]) -> None:
    if not name.strip() or len(name) > 60:
        raise Refused("name_missing", _("Give it a name."), field="name")
    require_zone(zone)
    if unit not in RosterLayer.Unit.values or not 1 <= length <= LONGEST or not 0 <= position <= LONGEST:
        raise Refused("bad_rotation", _("A turn lasts 1 to 366 hours, days or weeks."), field="length")
    if not 1 <= len(members) <= MOST:
        raise Refused("members_missing", _("Name one to sixty people, in their order."), field="members")


def _require_windows(windows: Sequence[Mapping[str, Any]]) -> None:
    try:
        shapes = windows_of([dict(row) for row in windows])
        if any(not 0 <= window.weekday <= 6 for window in shapes):
            raise ValueError("no such weekday")
        weekly(shapes)
    except (ValueError, KeyError, TypeError, IndexError):
        raise Refused("bad_windows", _("Hours of one day must not overlap; write them as 09:00 to 17:00."), "windows")
