"""Move running clocks onto the version in force: begun by a person who saw the preview, done in short batches."""

from collections.abc import Collection
from datetime import datetime

from django.db import DatabaseError, transaction
from django.utils.translation import gettext_lazy as _

from escalation.commands.draft import locked_policy
from escalation.models import Clock, PolicyMove, PolicyVersion
from escalation.moving_batch import move_clocks
from ledger.actor import SYSTEM, Actor
from ledger.errors import Refused
from ledger.record import record

BATCH = 50
ROUNDS = 5
_BUSY = {"55P03", "40P01"}


def to_move(version: PolicyVersion, kind: str):
    """Return the clocks of the policy that still count by another version, as a queryset."""
    rows = Clock.objects.filter(kind=kind).exclude(state=Clock.State.STOPPED)
    return rows.exclude(version=version)


@transaction.atomic
def migrate_clocks(*, key: str, version_n: int, fire: Collection[str], actor: Actor, at: datetime) -> PolicyMove:
    """Begin to move the running clocks of a policy onto its version in force; `continue_moves` does the work.

    version_n  the version whose preview was seen. fire: codes of rules that fire at once where their new time has
               passed already; every other one that is past is skipped, never fired in silence.

    Raises Refused: not_allowed, unknown_policy, not_in_force (retired, not enforced yet, or another one is in force
    by now), moving_already, nothing_to_move.
    """
    policy = locked_policy(key, actor)
    version = policy.current
    if version is None or version.n != version_n or (version.enforce_from or version.published_at) > at:
        raise Refused("not_in_force", _("That version is not in force now. Look at the preview again."))
    if PolicyMove.objects.filter(policy=policy, state=PolicyMove.State.RUNNING).exists():
        raise Refused("moving_already", _("The clocks of this policy are being moved already."))
    total = to_move(version, key).count()
    if not total:
        raise Refused("nothing_to_move", _("Every running clock counts by this version already."))
    move = PolicyMove.objects.create(
        policy=policy, to=version, fire=sorted(set(fire)), total=total, begun_by_id=actor.user_id, begun_at=at,
        touched_at=at,
    )  # fmt: skip
    record(
        "policy.move_begun", chain=f"policy:{key}", actor=actor, at=at, move=str(move.uuid), n=version.n, total=total,
        fire=move.fire,
    )  # fmt: skip
    return move


@transaction.atomic
def stop_move(*, key: str, actor: Actor, at: datetime) -> PolicyMove:
    """Leave the rest of the clocks on their versions. Raises Refused: not_allowed, unknown_policy, not_moving."""
    policy = locked_policy(key, actor)
    rows = PolicyMove.objects.select_for_update(of=("self",), no_key=True)
    move = rows.filter(policy=policy, state=PolicyMove.State.RUNNING).first()
    if move is None:
        raise Refused("not_moving", _("No clocks of this policy are being moved."))
    _end(move, PolicyMove.State.STOPPED, actor, at)
    return move


def continue_moves(at: datetime, *, batches: int = 200, size: int = BATCH) -> int:
    """Go on with every move that runs, up to `batches` short transactions of `size` clocks; return how many it moved.

    Called again after a crash it goes on where it stood: a clock and the count of it change in one commit.
    """
    moved = 0
    for pk in PolicyMove.objects.filter(state=PolicyMove.State.RUNNING).values_list("pk", flat=True):
        for _number in range(batches):
            done = _batch(pk, at, size)
            if done is None:
                break
            moved += done
    return moved


def _batch(move_id: int, at: datetime, size: int) -> int | None:
    """Move the next clocks in one transaction; None = this move is over, waits, or is in other hands."""
    while True:
        try:
            with transaction.atomic():
                return _step(move_id, at, size)
        except DatabaseError as error:
            if getattr(error.__cause__, "pgcode", None) not in _BUSY:
                raise
            if size == 1:
                return _leave(move_id, at)
            size = 1


def _step(move_id: int, at: datetime, size: int) -> int | None:
    move = _held(move_id)
    if move is None:
        return None
    ids = list(_next(move).values_list("pk", flat=True)[:size])
    if not ids:
        return _turn(move, at)
    moved = move_clocks(ids, move.to, fire=move.fire, at=at)
    move.moved += len(moved)
    move.after_id, move.touched_at = ids[-1], at
    move.save(update_fields=["moved", "after_id", "touched_at"])
    return len(moved)


@transaction.atomic
def _leave(move_id: int, at: datetime) -> int | None:
    """Pass over one clock whose ticket is in somebody's hands; the next round comes to it again."""
    move = _held(move_id)
    first = _next(move).values_list("pk", flat=True).first() if move else None
    if move is None or first is None:
        return None
    move.after_id, move.left, move.touched_at = first, move.left + 1, at
    move.save(update_fields=["after_id", "left", "touched_at"])
    return 0


def _turn(move: PolicyMove, at: datetime) -> int | None:
    """Begin another round for the clocks that had to wait, else end."""
    if move.left and move.round_no < ROUNDS:
        move.round_no, move.after_id, move.left, move.touched_at = move.round_no + 1, 0, 0, at
        move.save(update_fields=["round_no", "after_id", "left", "touched_at"])
        return 0
    _end(move, PolicyMove.State.DONE, SYSTEM, at)
    return None


def _end(move: PolicyMove, state: str, actor: Actor, at: datetime) -> None:
    move.state, move.ended_at, move.touched_at = state, at, at
    move.save(update_fields=["state", "ended_at", "touched_at"])
    name = "policy.moved" if state == PolicyMove.State.DONE else "policy.move_stopped"
    record(
        name, chain=f"policy:{move.policy.key}", actor=actor, at=at, move=str(move.uuid), n=move.to.n,
        moved=move.moved, total=move.total, left=move.left,
    )  # fmt: skip


def _held(move_id: int) -> PolicyMove | None:
    rows = PolicyMove.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
    return rows.select_related("policy", "to").filter(pk=move_id, state=PolicyMove.State.RUNNING).first()


def _next(move: PolicyMove):
    return to_move(move.to, move.policy.key).filter(pk__gt=move.after_id).order_by("pk")
