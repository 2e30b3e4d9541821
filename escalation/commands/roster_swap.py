"""Ask somebody to take hours of one's own; accept, decline or withdraw. Both words are on record (A-04)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from escalation.commands.roster import put, require_hours
from escalation.models import Roster, RosterOverride, RosterSwap
from escalation.rosters.fill import fill
from escalation.rosters.read import plan_of
from escalation.rosters.rules import locked, may_lead, require_people, require_present
from escalation.rosters.schedule import of_person
from escalation.rosters.spans import union
from ledger.actor import Actor
from ledger.errors import Refused
from ledger.record import record


@transaction.atomic
def ask_swap(
    *,
    roster_id: int,
    other_id: int,
    from_at: datetime,
    to_at: datetime,
    back_from_at: datetime | None = None,
    back_to_at: datetime | None = None,
    reason: str = "",
    asker_id: int | None = None,
    actor: Actor,
    at: datetime,
) -> RosterSwap:
    """Ask `other` to take the hours; back_…: hours of theirs that the asker takes in return, None = none.

    asker_id  whose hours they are; None = the actor's own. For another only a supervisor or duty manager asks.

    Raises Refused: unknown_roster, not_allowed, bad_times, over_already, same_person, unknown_person, person_gone,
    lacks_role, person_away, not_yours, not_theirs, overlap, asked_already.
    """
    asker = asker_id or actor.user_id
    own = actor.is_staff and asker == actor.user_id
    if asker is None or not (own or may_lead(actor)):
        raise Refused("not_allowed", _("Only who is on call, a supervisor or a duty manager asks for a swap."))
    roster = locked(roster_id, actor, at)
    require_hours(from_at, to_at, at)
    if asker == other_id:
        raise Refused("same_person", _("Choose somebody else."), field="other")
    require_people([other_id], roster.role, roster.scope, field="other")
    require_present(other_id, max(from_at, at), to_at, actor, field="other")
    back = _back(back_from_at, back_to_at, at)
    swap = RosterSwap(
        roster=roster, asker_id=asker, other_id=other_id, from_at=max(from_at, at), to_at=to_at, asked_at=at,
        back_from_at=back[0] if back else None, back_to_at=back[1] if back else None,
    )  # fmt: skip
    _require_theirs(swap)
    asked = roster.swaps.filter(state="asked", asker_id=asker, from_at__lt=to_at, to_at__gt=from_at)
    if asked.exists():
        raise Refused("asked_already", _("These hours are asked for already. Withdraw that first."), field="from_at")
    swap.save()
    _record("roster.swap_asked", swap, actor, at, reason)
    return swap


@transaction.atomic
def accept_swap(*, swap_id: int, actor: Actor, at: datetime) -> RosterSwap:
    """Take the hours: they become overrides of both, from `at` on where they have begun.

    Raises Refused: unknown_swap, not_yours, answered_already, over_already, unknown_roster, person_gone, lacks_role,
    person_away, not_theirs, overlap.
    """
    swap = _open(swap_id, actor, at)
    if actor.user_id != swap.other_id:
        raise Refused("not_yours", _("Only who was asked accepts or declines."))
    require_hours(swap.from_at, swap.to_at, at)
    roster = swap.roster
    require_people([swap.other_id], roster.role, roster.scope, field="other")
    swap.from_at = max(swap.from_at, at)
    require_present(swap.other_id, swap.from_at, swap.to_at, actor, field="other")
    _require_theirs(swap)
    put(roster, user_id=swap.other_id, from_at=swap.from_at, to_at=swap.to_at, actor=actor, at=at, swap=swap)
    if swap.back_from_at and swap.back_to_at and swap.back_to_at > at:
        begins = max(swap.back_from_at, at)
        put(roster, user_id=swap.asker_id, from_at=begins, to_at=swap.back_to_at, actor=actor, at=at, swap=swap)
    _answer(swap, RosterSwap.State.ACCEPTED, at)
    fill(roster, at)
    _record("roster.swap_accepted", swap, actor, at)
    return swap


@transaction.atomic
def decline_swap(*, swap_id: int, reason: str = "", actor: Actor, at: datetime) -> RosterSwap:
    """Say no: nothing changes. Raises Refused: unknown_swap, not_yours, answered_already."""
    swap = _open(swap_id, actor, at)
    if actor.user_id != swap.other_id:
        raise Refused("not_yours", _("Only who was asked accepts or declines."))
    _answer(swap, RosterSwap.State.DECLINED, at)
    _record("roster.swap_declined", swap, actor, at, reason)
    return swap


@transaction.atomic
def withdraw_swap(*, swap_id: int, actor: Actor, at: datetime) -> RosterSwap:
    """Take the question back. Raises Refused: unknown_swap, not_yours, answered_already."""
    swap = _open(swap_id, actor, at)
    if actor.user_id != swap.asker_id and not may_lead(actor):
        raise Refused("not_yours", _("Only who asked withdraws."))
    _answer(swap, RosterSwap.State.WITHDRAWN, at)
    _record("roster.swap_withdrawn", swap, actor, at)
    return swap


def _open(swap_id: int, actor: Actor, at: datetime) -> RosterSwap:
    visible = Roster.objects.visible_to(actor)
    known = RosterSwap.objects.filter(pk=swap_id, roster__in=visible).values_list("roster_id", flat=True).first()
    if known is None or not (actor.is_staff or may_lead(actor)):
        raise Refused("unknown_swap", _("There is no such question."))
    roster = locked(known, actor, at)
    swap = RosterSwap.objects.select_related("asker", "other").get(pk=swap_id)
    if swap.state != RosterSwap.State.ASKED:
        raise Refused("answered_already", _("This was answered already."))
    swap.roster = roster
    return swap


def _answer(swap: RosterSwap, state: str, at: datetime) -> None:
    swap.state, swap.answered_at = state, at
    swap.save(update_fields=["state", "answered_at"])


def _back(begin: datetime | None, end: datetime | None, at: datetime) -> tuple[datetime, datetime] | None:
    if begin is None and end is None:
        return None
    if begin is None or end is None or end <= begin or begin < at:
        raise Refused("bad_times", _("The hours in return need a start to come and a later end."), field="back_to_at")
    return begin, end


def _require_theirs(swap: RosterSwap) -> None:
    """Refuse hours that are not the asker's, return hours that are not the other's, and hours under an override."""
    if not _on_all(swap.roster, swap.asker_id, swap.from_at, swap.to_at):
        message = _("These hours are not all theirs to give: the roster says somebody else.")
        raise Refused("not_yours", message, field="from_at")
    spans = [(swap.from_at, swap.to_at)]
    if swap.back_from_at and swap.back_to_at:
        if not _on_all(swap.roster, swap.other_id, swap.back_from_at, swap.back_to_at):
            message = _("The hours in return are not all theirs: the roster says somebody else.")
            raise Refused("not_theirs", message, field="back_from_at")
        spans.append((swap.back_from_at, swap.back_to_at))
    for begin, end in spans:
        if RosterOverride.objects.filter(roster=swap.roster, from_at__lt=end, to_at__gt=begin).exists():
            raise Refused("overlap", _("An override covers part of these hours. Have it removed first."), "from_at")


def _on_all(roster: Roster, user_id: int, begin: datetime, end: datetime) -> bool:
    """Hours that an absence empties are still theirs to give."""
    on = of_person(plan_of(roster).as_if_here(user_id), user_id, begin, end)
    return union((turn.from_at, turn.to_at) for turn in on) == [(begin, end)]


def _record(name: str, swap: RosterSwap, actor: Actor, at: datetime, reason: str = "") -> None:
    record(
        name, chain=swap.roster.chain, actor=actor, at=at, roster=str(swap.roster.uuid), swap=str(swap.uuid),
        asker=str(swap.asker.uuid), other=str(swap.other.uuid), from_at=swap.from_at, to_at=swap.to_at,
        back_from_at=swap.back_from_at, back_to_at=swap.back_to_at, texts={"reason": reason.strip()},
    )  # fmt: skip
