"""The clocks of a formal escalation: always elapsed, any hour and date (X-08)."""

from datetime import datetime

from escalation import policy
from escalation.commands.arm import arm_rules, start_clock
from escalation.commands.stop import stop_rules
from escalation.models import Clock, Duty, Escalation
from escalation.ticket_clocks import current_versions
from escalation.versions import rules_of


def start_management_clocks(escalation: Escalation, *, at: datetime) -> None:
    """Start every policy for escalations that applies: priority escalation (production only), duty manager (all)."""
    facts = {"production": escalation.production, "severity": escalation.severity, "relation": escalation.relation}
    for version in current_versions("escalation"):
        if policy.matches(version.conditions, facts):
            start_clock(
                version=version, subject_kind="escalation", subject_id=escalation.pk, ticket=escalation.ticket,
                run_no=1, calendar=None, started_at=escalation.requested_at, at=at, anchors={"start"}, facts=facts,
            )  # fmt: skip


def confirmed(clock: Clock, escalation: Escalation, *, at: datetime) -> None:
    """A duty was confirmed: when every role of the clock's first step is, the step and its deadline stop."""
    first = next((rule for rule in rules_of(clock.version_id) if rule.offset_s == 0), None)
    if first is None:
        return
    duties = Duty.objects.filter(escalation=escalation, stage=1, confirmed_at__isnull=False)
    if set(first.targets) <= set(duties.values_list("role", flat=True)):
        event = "duty_manager_confirmed" if first.targets == ["duty_manager"] else "duties_confirmed"
        stop_rules([clock], event=event, at=at)


def contact_and_review(clock: Clock, escalation: Escalation, *, at: datetime, contacted: bool) -> None:
    """Both stop the thirty minutes (A-07); the contact starts the hour for the plan (A-08)."""
    if escalation.reviewed_at is not None and escalation.contacted_at is not None:
        stop_rules([clock], event="reviewed_and_contacted", at=at)
    if contacted:
        arm_rules(clock, anchors={"customer_contacted"}, anchor_at=at, at=at, facts={})
