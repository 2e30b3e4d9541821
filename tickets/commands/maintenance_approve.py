"""Planned work is asked for and decided by each function, all people distinct (C-29)."""

from datetime import datetime

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
    touched,
)
from tickets.commands.maintenance_plan import require_window
from tickets.models import Maintenance, MaintenanceApproval
from tickets.text import require_reason

State = Maintenance.State


@transaction.atomic
def request_maintenance(
    *,
    maintenance_id: int,
    actor: Actor,
    at: datetime,
    off_peak_reason: str = "",
    lead_reason: str = "",
    version: int | None = None,
) -> Maintenance:
    """Ask the functions for their approval: technical review, key customers where one is touched, the cutover itself,
    and one more for international circuits. Each request is a round of its own.

    Raises Refused: wrong_state, past_window, no_impact, on_peak (in working hours without a reason), short_notice
    (too late for the lead time of a customer without a reason).
    """
    window = take_window(maintenance_id, actor, version)
    require_leader(window, actor)
    require_state(window, State.DRAFT)
    require_window(window.starts_at, window.ends_at, at)
    customers = touched(window)
    if not customers:
        raise Refused("no_impact", _("This work touches nobody. Add the services it reaches."))
    judge_window(window, at=at)
    if not window.off_peak:
        window.off_peak_reason = _explained(off_peak_reason, "on_peak", "off_peak_reason")
    if window.notice_by is not None and at > window.notice_by:
        window.lead_reason = _explained(lead_reason, "short_notice", "lead_reason")
    if window.approvals.filter(round_no=window.round_no).exists():
        window.round_no += 1
    window.needed = planned.needed((each.segment for each in customers), international=window.international)
    window.state, window.requested_by_id, window.requested_at = State.REQUESTED, actor.user_id or window.owner_id, at
    store_window(window)
    tell_window(
        "maintenance.requested", window, actor=actor, at=at, needed=window.needed, round=window.round_no,
        off_peak=window.off_peak, due_at=_due(window, at),
        texts={"off_peak_reason": window.off_peak_reason, "lead_reason": window.lead_reason},
    )  # fmt: skip
    return window


@transaction.atomic
def decide_maintenance(
    *,
    maintenance_id: int,
    function: str,
    approved: bool,
    actor: Actor,
    at: datetime,
    reason: str = "",
    version: int | None = None,
) -> Maintenance:
    """Approve or decline for one function. The last approval approves the work; a decline sends it back to its draft.

    Raises Refused: wrong_state, not_needed, no_role, same_person, decided, no_reason.
    """
    window = take_window(maintenance_id, actor, version)
    require_state(window, State.REQUESTED)
    refusal = why_not_decide(window, function, actor)
    if refusal is not None:
        raise refusal
    reason = reason.strip() if approved else require_reason(reason)
    MaintenanceApproval.objects.create(
        maintenance=window, round_no=window.round_no, function=function, person_id=actor.user_id or 0,
        approved=approved, reason=reason[:1000], at=at,
    )  # fmt: skip
    done = set(window.approvals.filter(round_no=window.round_no, approved=True).values_list("function", flat=True))
    last = approved and set(window.needed) <= done
    if last:
        window.state, window.approved_at = State.APPROVED, at
    elif not approved:
        window.state = State.DRAFT
    store_window(window)
    name = "maintenance.approved" if last else "maintenance.consented" if approved else "maintenance.declined"
    tell_window(
        name, window, actor=actor, at=at, texts={"reason": reason}, function=function, round=window.round_no,
    )  # fmt: skip
    return window


def why_not_decide(window: Maintenance, function: str, actor: Actor) -> Refused | None:
    """Return why `actor` may not decide for `function` in this round, None where they may. 1 query, 0 prefetched."""
    if function not in window.needed:
        return Refused("not_needed", _("This function need not approve. Look at who still must."), "function")
    if not actor.is_staff or not actor.has_role(*planned.ROLES_OF[function]):
        return Refused("no_role", _("You do not approve for this function. Ask one of its approvers."), "function")
    earlier = [row for row in window.approvals.all() if row.round_no == window.round_no]
    if actor.user_id in {window.requested_by_id, window.owner_id, *(row.person_id for row in earlier)}:
        message = _("Nobody approves their own work or for two functions. Ask another approver.")
        return Refused("same_person", message)
    if function in {row.function for row in earlier}:
        return Refused("decided", _("This function has decided already. Another one must approve."), "function")
    return None


def _due(window: Maintenance, at: datetime) -> datetime:
    """By when customers are told: by their lead times, or before the work begins where these have passed already."""
    ahead = window.notice_by is not None and window.notice_by > at
    return window.notice_by if ahead and window.notice_by else window.starts_at


def _explained(reason: str, code: str, field: str) -> str:
    """Return the reason, or refuse with what is wrong of the window."""
    if reason.strip():
        return require_reason(reason, field)[:1000]
    messages = {
        "on_peak": _("The window lies in working hours of a customer. Move it, or say why it cannot be off-peak."),
        "short_notice": _("It is too late for the lead time of a customer. Move it, or say why it cannot wait."),
    }
    raise Refused(code, messages[code], field)
