"""Create, change and retire a roster (A-04)."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from catalogue.models import Calendar
from escalation.models import Roster
from escalation.rosters.fill import fill
from escalation.rosters.rules import gaps_of, locked, require_lead, require_role, require_scope, require_zone, written
from ledger.actor import Actor
from ledger.errors import Refused
from ledger.record import record


@transaction.atomic
def create_roster(
    *,
    name: str,
    role: str,
    scope: str = "global",
    time_zone: str,
    calendar_id: int | None = None,
    deputy_id: int | None = None,
    most_hours: int | None = None,
    least_rest: int | None = None,
    actor: Actor,
    at: datetime,
) -> Roster:
    """Begin the roster of a role or "team:<uuid>" in a scope; it has no layers yet.

    calendar_id  hours that must be covered; None = around the clock.   deputy_id  who answers when nobody on it can.
    most_hours   on duty in seven days, least_rest: hours between two turns; None = not watched.

    Raises Refused: not_allowed, unknown_role, unknown_scope, unknown_zone, name_missing, unknown_calendar,
    unknown_person, bad_limit, roster_there.
    """
    require_lead(actor)
    require_scope(scope, actor, everywhere=False)
    require_role(role)
    _require_facts(name, time_zone, calendar_id, deputy_id)
    _require_limits(most_hours, least_rest)
    return begin_roster(
        name=name, role=role, scope=scope, time_zone=time_zone, calendar_id=calendar_id, deputy_id=deputy_id,
        most_hours=most_hours, least_rest=least_rest, actor=actor, at=at,
    )  # fmt: skip


def begin_roster(
    *, name: str, role: str, scope: str, time_zone: str, actor: Actor, at: datetime, **facts: int | None
) -> Roster:  # fmt: skip
    """Write a roster of facts that were judged, inside the caller's transaction. Raises Refused("roster_there")."""
    try:
        with transaction.atomic():
            made = Roster.objects.create(
                name=name.strip(), role=role, scope=scope, time_zone=time_zone, created_at=at, **facts
            )
    except IntegrityError as error:
        if "roster_once" not in str(error):
            raise
        raise Refused("roster_there", _("There is a roster for this role in this place. Change that one."), "role")
    fill(made, at)
    record(
        "roster.created", chain=made.chain, actor=actor, at=at, roster=str(made.uuid), role=role,
        scope=scope.split(":")[0], time_zone=time_zone,
    )  # fmt: skip
    return made


@transaction.atomic
def change_roster(
    *,
    roster_id: int,
    name: str,
    time_zone: str,
    calendar_id: int | None,
    deputy_id: int | None,
    most_hours: int | None = None,
    least_rest: int | None = None,
    actor: Actor,
    at: datetime,
) -> Roster:
    """Change a roster's name, zone, hours to cover, deputy and limits. Turns stay as they are.

    Raises Refused: not_allowed, unknown_roster, unknown_scope, unknown_zone, name_missing, unknown_calendar,
    unknown_person, bad_limit.
    """
    require_lead(actor)
    roster = locked(roster_id, actor, at)
    require_scope(roster.scope, actor, everywhere=False)
    _require_facts(name, time_zone, calendar_id, deputy_id)
    _require_limits(most_hours, least_rest)
    facts = {"name": name.strip(), "time_zone": time_zone, "calendar_id": calendar_id, "deputy_id": deputy_id,
             "most_hours": most_hours, "least_rest": least_rest}  # fmt: skip
    changed = sorted(key for key, value in facts.items() if getattr(roster, key) != value)
    if not changed:
        return roster
    for key in changed:
        setattr(roster, key, facts[key])
    roster.save(update_fields=changed)
    deputy = str(User.objects.get(pk=deputy_id).uuid) if deputy_id else None
    record(
        "roster.changed", chain=roster.chain, actor=actor, at=at, roster=str(roster.uuid), changed=changed,
        time_zone=time_zone, deputy=deputy, most_hours=most_hours, least_rest=least_rest, texts={"name": name.strip()},
    )  # fmt: skip
    return roster


@transaction.atomic
def retire_roster(*, roster_id: int, reason: str, accept_gap: bool = False, actor: Actor, at: datetime) -> Roster:
    """End a roster: its past stays, its coming turns are gone, whoever holds the role answers.

    Raises Refused: not_allowed, unknown_roster, unknown_scope, reason_missing, and gap_left where turns were still to
    come and nobody said that they may go.
    """
    require_lead(actor)
    roster = locked(roster_id, actor, at)
    require_scope(roster.scope, actor, everywhere=False)
    if not reason.strip():
        raise Refused("reason_missing", _("Say why."), field="reason")
    if not accept_gap and roster.slots.filter(during__endswith__gt=at).exists():
        message = _("Turns are still to come; then whoever holds the role is called. Say that they may go.")
        raise Refused("gap_left", message, field="accept_gap")
    roster.layers.filter(to_at=None, from_at__lte=at).update(to_at=at)
    roster.overrides.filter(from_at__lte=at, to_at__gt=at).update(to_at=at, removed_at=at)
    roster.retired_at = at
    roster.save(update_fields=["retired_at"])
    written(roster, before=gaps_of(roster, at), accept_gap=True, actor=actor, at=at)
    record(
        "roster.retired", chain=roster.chain, actor=actor, at=at, roster=str(roster.uuid),
        texts={"reason": reason.strip()},
    )  # fmt: skip
    return roster


def _require_facts(name: str, zone: str, calendar_id: int | None, deputy_id: int | None) -> None:
    if not name.strip():
        raise Refused("name_missing", _("Give it a name."), field="name")
    require_zone(zone)
    if calendar_id is not None and not Calendar.objects.filter(pk=calendar_id).exists():
        raise Refused("unknown_calendar", _("Choose a calendar."), field="calendar")
    staff = User.objects.filter(pk=deputy_id or 0, kind=User.Kind.STAFF, is_active=True)
    if deputy_id is not None and not staff.exists():
        raise Refused("unknown_person", _("Choose an active member of staff."), field="deputy")


def _require_limits(most_hours: int | None, least_rest: int | None) -> None:
    if most_hours is not None and not 1 <= most_hours <= 168:
        raise Refused("bad_limit", _("A week has 1 to 168 hours."), field="most_hours")
    if least_rest is not None and not 1 <= least_rest <= 72:
        raise Refused("bad_limit", _("Rest lasts 1 to 72 hours."), field="least_rest")
