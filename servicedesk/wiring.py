"""Who hears of what: the whole coupling between rooms, on one page.

DELIVERIES  fact → outbox topics that `channels.dispatch` sends.
REACTIONS   fact → functions `(entry, *, about, actor)` run in the same transaction.
CHECKS      functions `(at) -> sentences` that a whole `verify_ledger` run asks.
hint        what the live pages are told, after commit; never content.
"""

from typing import Any

from ledger.models import Entry

_CLOCKS = ["escalation.reactions.on_ticket_fact"]
_DUTIES = ["escalation.reactions.on_escalation_fact"]
_CALLS = ["escalation.subject_reactions.on_interaction_fact"]
_PROMISES = ["escalation.subject_reactions.on_promise_fact"]
_STEPS = ["escalation.subject_reactions.on_work_item_fact"]
_SHIFTS = ["escalation.subject_reactions.on_handover_fact"]
_MAJORS = ["escalation.major_reactions.on_major_fact"]
_MAJOR_STEPS = ["escalation.major_reactions.on_step_fact"]
_WINDOWS = ["escalation.planned_reactions.on_maintenance_fact"]
_RUNNING = [*_WINDOWS, "escalation.muting.on_window_fact"]
_RECURS = ["tickets.commands.recurrence.on_triaged"]
_WAKES = ["tickets.commands.snooze.on_customers_word"]
_INBOX = ["channels.notices.on_ticket_fact"]
_ENDS = ["escalation.commands.close.on_ticket_ended"]

DELIVERIES: dict[str, list[str]] = {
    "ticket.verified": ["mail.acknowledgement"],
    "ticket.rejected": ["mail.attempt_notice"],
    "ticket.resolved": ["mail.confirm_request", "mail.stand_down"],
    "ticket.cancelled": ["mail.stand_down"],
    "ticket.merged": ["mail.stand_down"],
    "ticket.team_engaged": ["mail.team_engaged", "chat.team_engaged"],
    "ticket.suspension_requested": ["mail.consent_request"],
    "ticket.on_call_engaged": ["mail.team_engaged", "chat.team_engaged"],
    "note.added": ["mail.customer_news", "mail.progress"],
    "commitment.moved": ["mail.extension"],
    "appointment.made": ["mail.appointment"],
    "appointment.moved": ["mail.appointment"],
    "appointment.cancelled": ["mail.appointment"],
    "escalation.requested": ["mail.escalation_receipt"],
    "escalation.team_engaged": ["mail.team_engaged", "chat.team_engaged"],
    "escalation.closed": ["mail.stand_down"],
    "maintenance.customer_told": ["mail.maintenance"],
    "alarm.raised": ["mail.alarm"],
    "policy.reading_asked": ["mail.policy_reading"],
    "policy.read": ["mail.policy_reading"],
    "policy.reading_declined": ["mail.policy_reading"],
    "staff.absence_planned": ["mail.absence"],
    "staff.absence_ended": ["mail.absence"],
    "roster.gaps_checked": ["mail.roster_gaps"],
    "roster.swap_asked": ["mail.roster_swap"],
    "roster.swap_accepted": ["mail.roster_swap"],
    "roster.swap_declined": ["mail.roster_swap"],
    "roster.swap_withdrawn": ["mail.roster_swap"],
    "major.updated": ["mail.major_update"],
    "verification.locked": ["mail.lock_notice"],
    "verification.agent_locked": ["mail.lock_notice"],
}

REACTIONS: dict[str, list[str]] = {
    "ticket.logged": _CLOCKS,
    "ticket.verified": _CLOCKS,
    "ticket.acknowledged": _CLOCKS,
    "ticket.rejected": [*_CLOCKS, *_ENDS],
    "ticket.assigned": _INBOX,
    "ticket.triaged": [*_CLOCKS, "escalation.commands.after_hours.on_triaged", *_RECURS],
    "ticket.problem_solved": _INBOX,
    "ticket.approval_handed": _INBOX,
    "ticket.transferred": [*_CLOCKS, *_INBOX],
    "ticket.tier_changed": [*_CLOCKS, *_INBOX],
    "ticket.signed_for": _CLOCKS,
    "ticket.contact_recorded": _CLOCKS,
    "note.added": [*_CLOCKS, *_WAKES, *_INBOX],
    "ticket.suspended": [*_CLOCKS, *_INBOX],
    "ticket.resumed": [*_CLOCKS, *_INBOX],
    "ticket.resolved": [*_CLOCKS, *_ENDS, *_INBOX],
    "ticket.disputed": [*_CLOCKS, *_WAKES, *_INBOX],
    "ticket.confirmed": ["quality.commands.on_confirmed"],
    "ticket.reopened": [*_CLOCKS, *_WAKES, *_INBOX],
    "ticket.cancelled": [*_CLOCKS, *_ENDS, *_INBOX],
    "ticket.merged": [*_CLOCKS, *_ENDS, *_INBOX],
    "ticket.unmerged": _CLOCKS,
    "ticket.reclassified": [*_CLOCKS, *_RECURS],
    "ticket.reprioritised": _CLOCKS,
    "ticket.customer_corrected": _CLOCKS,
    "ticket.became_critical": [*_CLOCKS, *_INBOX, "escalation.commands.critical.on_critical"],
    "ticket.no_longer_critical": _CLOCKS,
    "report.filed": _CLOCKS,
    "interaction.started": _CALLS,
    "interaction.answered": _CALLS,
    "interaction.ended": _CALLS,
    "commitment.made": _PROMISES,
    "commitment.kept": _PROMISES,
    "commitment.moved": [*_CLOCKS, *_PROMISES],
    "commitment.broken": _PROMISES,
    "work_item.added": _STEPS,
    "work_item.done": _STEPS,
    "work_item.extended": _STEPS,
    "work_item.skipped": _STEPS,
    "handover.due": _SHIFTS,
    "handover.accepted": _SHIFTS,
    "major.declared": _MAJORS,
    "major.updated": _MAJORS,
    "major.restored": _MAJORS,
    "major.reviewed": _MAJORS,
    "major.cadence_changed": _MAJORS,
    "major.commander_changed": _MAJORS,
    "major.step_added": _MAJOR_STEPS,
    "major.step_done": _MAJOR_STEPS,
    "major.step_skipped": _MAJOR_STEPS,
    "maintenance.requested": _WINDOWS,
    "maintenance.approved": _WINDOWS,
    "maintenance.declined": _WINDOWS,
    "maintenance.noticed": _WINDOWS,
    "maintenance.moved": _WINDOWS,
    "maintenance.cancelled": _WINDOWS,
    "maintenance.started": _RUNNING,
    "maintenance.extended": ["escalation.muting.on_window_fact"],
    "maintenance.ended": _RUNNING,
    "configuration.changed": ["escalation.commands.recount.on_configuration"],
    "escalation.requested": _DUTIES,
    "escalation.confirmed": _DUTIES,
    "escalation.stage_two": _DUTIES,
    "escalation.reviewed": _DUTIES,
    "escalation.customer_contacted": _DUTIES,
    "escalation.plan_agreed": _DUTIES,
    "escalation.closed": _DUTIES,
}

BELL = "channels.bell.ring"

CHECKS = ["servicedesk.ledger_checks.unsealed_firings"]


def hint(entry: Entry, about: Any) -> dict[str, Any]:
    """Return what the bell carries: which chain changed and who may learn that it did. No content, no names."""
    ticket = getattr(about, "ticket", None) or about
    return {
        "chain": entry.chain,
        "name": entry.name,
        "organisation_id": getattr(ticket, "organisation_id", None),
        "team_id": getattr(ticket, "team_id", None),
        "restricted": bool(getattr(ticket, "restricted", False)),
        "public": bool(entry.data.get("public", False)),
    }
