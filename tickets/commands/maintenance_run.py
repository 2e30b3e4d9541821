"""Planned work runs, ends, moves or is given up (C-29, V-21)."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from ledger.actor import Actor
from ledger.errors import Refused
from tickets import planned
from tickets.commands.maintenance_base import (
    judge_window,
    require_leader,
    require_state,
    store_window,
    take_window,
    tell_window,
)
from tickets.commands.maintenance_notice import CANCELLED, LONGER, MOVED, tell_customers
from tickets.commands.maintenance_plan import require_window
from tickets.models import Maintenance
from tickets.text import require_reason, require_words

State = Maintenance.State
OUTCOMES = (State.DONE, State.FAILED)


@transaction.atomic
def start_maintenance(*, maintenance_id: int, actor: Actor, at: datetime, version: int | None = None) -> Maintenance:
    """Begin the work, from a quarter of an hour before the window to its end; only then are pages held back.

    Raises Refused: wrong_state, too_early, past_window.
    """
    window = _led(maintenance_id, actor, version, State.NOTICED)
    if at < window.starts_at - planned.EARLY:
        raise Refused("too_early", _("The window has not come yet. Move it, or wait."))
    if at >= window.ends_at:
        raise Refused("past_window", _("The window is over. Move the work to another."))
    window.state, window.started_at = State.RUNNING, at
    store_window(window)
    tell_window("maintenance.started", window, actor=actor, at=at, ends_at=window.ends_at)
    return window


@transaction.atomic
def extend_maintenance(
    *, maintenance_id: int, ends_at: datetime, reason: str, actor: Actor, at: datetime, version: int | None = None
) -> Maintenance:
    """Let running work take longer; the customers are told. Raises Refused: wrong_state, bad_window, no_reason."""
    window = _led(maintenance_id, actor, version, State.RUNNING)
    reason = require_reason(reason)
    if ends_at <= max(at, window.ends_at) or ends_at - window.starts_at > planned.LONGEST:
        raise Refused("bad_window", _("Choose a later end, within two days of the start."), "ends_at")
    before, window.ends_at = window.ends_at, ends_at
    store_window(window)
    tell_customers(window, LONGER, actor=actor, at=at)
    texts = {"reason": reason}
    tell_window("maintenance.extended", window, actor=actor, at=at, texts=texts, before=before, ends_at=ends_at)
    return window


@transaction.atomic
def finish_maintenance(
    *, maintenance_id: int, result: str, outcome: str, actor: Actor, at: datetime, version: int | None = None
) -> Maintenance:
    """Say how it ended, in words that customers read. Raises Refused: wrong_state, bad_outcome, placeholder."""
    window = _led(maintenance_id, actor, version, State.RUNNING)
    if result not in OUTCOMES:
        raise Refused("bad_outcome", _("Say whether the work is done or has failed."), "result")
    window.outcome = require_words(outcome, "outcome")[:2000]
    window.state, window.ended_at = result, at
    store_window(window)
    tell_customers(window, result, actor=actor, at=at)
    tell_window("maintenance.ended", window, actor=actor, at=at, texts={"outcome": window.outcome}, result=result)
    return window


@transaction.atomic
def cancel_maintenance(
    *, maintenance_id: int, reason: str, actor: Actor, at: datetime, version: int | None = None
) -> Maintenance:
    """Give planned work up before it starts; who was told of it hears so. Raises Refused: wrong_state, no_reason."""
    window = _led(maintenance_id, actor, version, State.DRAFT, State.REQUESTED, State.APPROVED, State.NOTICED)
    reason = require_reason(reason)
    window.state, window.ended_at = State.CANCELLED, at
    store_window(window)
    tell_customers(window, CANCELLED, actor=actor, at=at)
    tell_window("maintenance.cancelled", window, actor=actor, at=at, texts={"reason": reason})
    return window


@transaction.atomic
def move_maintenance(
    *,
    maintenance_id: int,
    starts_at: datetime,
    ends_at: datetime,
    reason: str,
    actor: Actor,
    at: datetime,
    version: int | None = None,
) -> Maintenance:
    """Choose another window: approvals are void, it is a draft again; who was told of the old one hears so.

    Raises Refused: wrong_state, bad_window, past_window, no_reason.
    """
    window = _led(maintenance_id, actor, version, State.DRAFT, State.REQUESTED, State.APPROVED, State.NOTICED)
    reason = require_reason(reason)
    require_window(starts_at, ends_at, at)
    if window.state == State.NOTICED:
        tell_customers(window, MOVED, actor=actor, at=at)
    if window.approvals.filter(round_no=window.round_no).exists():
        window.round_no += 1
    before, window.starts_at, window.ends_at = window.starts_at, starts_at, ends_at
    window.state, window.approved_at, window.needed = State.DRAFT, None, []
    window.off_peak_reason = window.lead_reason = ""
    longest = int((ends_at - starts_at) / timedelta(minutes=1))
    window.down_minutes = min(window.down_minutes, longest)
    judge_window(window, at=at)
    store_window(window)
    tell_window(
        "maintenance.moved", window, actor=actor, at=at, texts={"reason": reason}, before=before,
        starts_at=starts_at, ends_at=ends_at,
    )  # fmt: skip
    return window


def _led(maintenance_id: int, actor: Actor, version: int | None, *states: str) -> Maintenance:
    window = take_window(maintenance_id, actor, version)
    require_leader(window, actor)
    require_state(window, *states)
    return window
