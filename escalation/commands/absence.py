"""Somebody is away, from when until when; their turns fall to whoever stands beneath them (A-04)."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import Absence, User
from escalation.models import Roster, RosterLayer, RosterOverride
from escalation.rosters.emptied import emptied, still_open
from escalation.rosters.fill import fill
from escalation.rosters.rules import may_lead
from ledger.actor import Actor
from ledger.errors import Refused
from ledger.record import record

LONGEST = timedelta(days=732)


@transaction.atomic
def plan_absence(
    *,
    user_id: int,
    from_at: datetime,
    to_at: datetime,
    reason: str,
    accept_turns: bool = False,
    actor: Actor,
    at: datetime,
) -> Absence:
    """Enter one absence, one's own or, as a supervisor, duty manager or administrator, another's. From `at` on.

    accept_turns  the turns it empties may be left to whoever stands beneath, until they are swapped or overridden.

    Raises Refused: not_allowed, unknown_person, bad_times, over_already, too_long, reason_missing, away_already, and
    turns_held (details `turns`, `empty`: how many) where it empties turns and nobody said that it may.
    """
    user = _person(user_id, actor)
    from_at = max(from_at, at)
    _require_hours(from_at, to_at, at)
    if not reason.strip():
        raise Refused("reason_missing", _("Say why."), field="reason")
    turns = emptied(user.pk, from_at, to_at, at)
    if turns and not accept_turns:
        raise _held(len(turns), len(still_open(turns)))
    made = _made(user, from_at, to_at, reason.strip(), actor, at)
    _refill(user, at)
    record(
        "staff.absence_planned", chain=f"staff:{user.uuid}", actor=actor, at=at, about=user,
        texts={"reason": made.reason}, person=str(user.uuid), absence=str(made.uuid), from_at=from_at, to_at=to_at,
        turns=len(turns), empty=len(still_open(turns)),
    )  # fmt: skip
    return made


@transaction.atomic
def end_absence(*, absence_id: int, actor: Actor, at: datetime) -> Absence:
    """End an absence now, or take one back that has not begun: from `at` on the person is called again.

    Raises Refused: not_allowed, unknown_absence, over_already.
    """
    known = Absence.objects.filter(pk=absence_id).values_list("user_id", flat=True).first()
    if known is None:
        raise Refused("unknown_absence", _("There is no such absence."))
    user = _person(known, actor)
    found = Absence.objects.get(pk=absence_id)
    if found.to_at <= at or found.ended_at is not None:
        raise Refused("over_already", _("This absence is over; the past does not change."))
    found.to_at, found.ended_at = max(found.from_at, at), at
    found.save(update_fields=["to_at", "ended_at"])
    _refill(user, at)
    record(
        "staff.absence_ended", chain=f"staff:{user.uuid}", actor=actor, at=at, about=user, person=str(user.uuid),
        absence=str(found.uuid), from_at=found.from_at, to_at=found.to_at,
    )  # fmt: skip
    return found


def may_plan(actor: Actor, user_id: int) -> bool:
    """Whether the actor may enter and end absences of that person."""
    return may_lead(actor) or (actor.is_staff and (actor.user_id == user_id or actor.has_role("administrator")))


def _person(user_id: int, actor: Actor) -> User:
    if not may_plan(actor, user_id):
        raise Refused("not_allowed", _("Only the person, a supervisor or a duty manager enters an absence."))
    rows = User.objects.select_for_update(no_key=True).filter(pk=user_id, kind=User.Kind.STAFF, is_active=True)
    user = rows.first()
    if user is None:
        raise Refused("unknown_person", _("Choose an active member of staff."), field="user")
    return user


def _require_hours(from_at: datetime, to_at: datetime, at: datetime) -> None:
    if to_at <= at:
        raise Refused("over_already", _("These hours have passed; the past does not change."), field="to_at")
    if to_at <= from_at:
        raise Refused("bad_times", _("The end must be after the start."), field="to_at")
    if to_at - from_at > LONGEST:
        raise Refused("too_long", _("An absence lasts at most two years. Choose an earlier end."), field="to_at")


def _made(user: User, from_at: datetime, to_at: datetime, reason: str, actor: Actor, at: datetime) -> Absence:
    try:
        with transaction.atomic():
            return Absence.objects.create(
                user=user, from_at=from_at, to_at=to_at, reason=reason, made_by_id=actor.user_id, made_at=at
            )
    except IntegrityError as error:
        if "absence_no_overlap" not in str(error):
            raise
        raise Refused("away_already", _("An absence covers part of these hours. End that one first."), field="from_at")


def _held(turns: int, empty: int) -> Refused:
    held = ngettext("%(n)d turn falls", "%(n)d turns fall", turns) % {"n": turns}
    message = _("%(held)s into these hours, %(n)d without anybody beneath. Swap or fill them, or say they may be left.")
    return Refused("turns_held", message % {"held": held, "n": empty}, field="accept_turns", turns=turns, empty=empty)


def _refill(user: User, at: datetime) -> None:
    """Write out anew every roster that names the person from `at` on."""
    layers = RosterLayer.objects.filter(Q(to_at=None) | Q(to_at__gt=at), members__contains=[user.pk])
    overrides = RosterOverride.objects.filter(user=user, to_at__gt=at)
    named = Q(pk__in=layers.values("roster_id")) | Q(pk__in=overrides.values("roster_id"))
    rows = Roster.objects.select_for_update(no_key=True).filter(named, retired_at=None)
    for roster in rows.order_by("pk"):
        fill(roster, at)
