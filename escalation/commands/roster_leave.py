"""Somebody leaves: every turn to come goes to a successor; what was stays (domain.md, "Also expected")."""

from datetime import datetime

from django.db.models import CharField, DateTimeField, F, Func, Q, Value
from django.db.models.functions import Greatest

from accounts.models import User
from escalation.models import Roster, RosterLayer, RosterOverride, RosterSlot, RosterSwap
from escalation.rosters.fill import fill
from ledger.actor import Actor
from ledger.record import record


def turns_held(user: User, at: datetime) -> list[str]:
    """Return what of rosters is open for a person, as texts an administrator can read. 1 query."""
    none, words = Value(None, output_field=DateTimeField()), CharField()
    layers = _layers(user, at).values_list("roster__name", "name", none)
    overrides = _overrides(user, at).values_list("roster__name", Value("", output_field=words), "from_at")
    by_hand = RosterSlot.objects.filter(user=user, roster=None, during__endswith__gt=at)
    slots = by_hand.values_list("role", "scope", Func("during", function="lower", output_field=DateTimeField()))
    rows = layers.order_by().union(overrides.order_by(), slots.order_by(), all=True)
    return [", ".join(part for part in (*names, f"{begins:%Y-%m-%d %H:%M}" if begins else "") if part)
            for *names, begins in sorted(rows, key=lambda row: (row[0], row[1], row[2] or at))]  # fmt: skip


def hand_over_turns(user: User, to: User, actor: Actor, at: datetime) -> None:
    """Put `to` in the place of `user` from `at` on, in every layer, override, deputyship and turn entered by hand.

    Inside the caller's transaction. Open questions of swaps are withdrawn.
    """
    touched = {layer.roster_id for layer in _layers(user, at)} | {row.roster_id for row in _overrides(user, at)}
    touched |= set(Roster.objects.filter(deputy=user).values_list("pk", flat=True))
    rosters = list(Roster.objects.select_for_update(no_key=True).filter(pk__in=touched).order_by("pk"))
    for layer in _layers(user, at):
        _replace_layer(layer, user, to, at)
    for row in _overrides(user, at):
        _replace_override(row, to, actor, at)
    Roster.objects.filter(deputy=user).update(deputy=to)
    asked = RosterSwap.objects.filter(Q(asker=user) | Q(other=user), state=RosterSwap.State.ASKED)
    asked.update(state=RosterSwap.State.WITHDRAWN, answered_at=at)
    RosterSlot.objects.filter(user=user, roster=None, during__endswith__gt=at).update(user=to)
    for roster in rosters:
        if roster.retired_at is None:
            fill(Roster.objects.get(pk=roster.pk), at)
        record(
            "roster.handed_over", chain=roster.chain, actor=actor, at=at, roster=str(roster.uuid),
            person=str(user.uuid), successor=str(to.uuid),
        )  # fmt: skip


def _layers(user: User, at: datetime):
    rows = RosterLayer.objects.filter(Q(to_at=None) | Q(to_at__gt=at), members__contains=[user.pk])
    return rows.filter(roster__retired_at=None)


def _overrides(user: User, at: datetime):
    return RosterOverride.objects.filter(user=user, to_at__gt=at, roster__retired_at=None)


def _replace_layer(layer: RosterLayer, user: User, to: User, at: datetime) -> None:
    begins, ends = max(layer.from_at, at), layer.to_at
    RosterLayer.objects.filter(pk=layer.pk).update(to_at=Greatest(F("from_at"), begins))
    members = [to.pk if pk == user.pk else pk for pk in layer.members]
    columns = {f.name: getattr(layer, f.name) for f in RosterLayer._meta.fields if f.name not in {"id", "uuid"}}
    RosterLayer.objects.create(**columns | {"members": members, "from_at": begins, "to_at": ends})


def _replace_override(row: RosterOverride, to: User, actor: Actor, at: datetime) -> None:
    begins, ends = max(row.from_at, at), row.to_at
    RosterOverride.objects.filter(pk=row.pk).update(to_at=begins, removed_at=at)
    RosterOverride.objects.create(
        roster_id=row.roster_id, user=to, from_at=begins, to_at=ends, swap_id=row.swap_id, made_by_id=actor.user_id,
        made_at=at,
    )  # fmt: skip
