"""The clocks of a formal escalation: always elapsed, any hour and date (X-08)."""

from datetime import datetime
from typing import Any

from escalation import policy
from escalation.commands.arm import arm_rules
from escalation.commands.start import Start, start_clocks
from escalation.commands.stop import stop_rules
from escalation.models import Clock, Duty, Escalation
from escalation.promises import facts_of_customer, zone_of
from escalation.versions import current_versions, rules_of


def start_management_clocks(escalation: Escalation, *, at: datetime) -> None:
    """Start every policy for escalations that applies: priority escalation (production only), duty manager (all)."""
    facts = facts_of_escalation(escalation)
    starts = [
        Start(
            version=version, subject_kind="escalation", subject_id=escalation.pk, ticket=escalation.ticket,
            started_at=escalation.requested_at, facts=facts,
        )
        for version in current_versions("escalation", escalation.requested_at)
        if policy.matches(version.conditions, facts)
    ]  # fmt: skip
    start_clocks(starts, at=at)


def facts_of_escalation(escalation: Escalation) -> dict[str, Any]:
    """Return what conditions are matched against, with the wall time of the request on the customer's clock."""
    organisation = escalation.ticket.organisation
    return {
        **facts_of_customer(organisation),
        "production": escalation.production, "severity": escalation.severity, "relation": escalation.relation,
        **policy.wall(escalation.requested_at, zone_of(organisation)),
    }  # fmt: skip


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
        facts = facts_of_escalation(escalation)
        arm_rules(clock, anchors={"customer_contacted"}, anchor_at=at, at=at, facts=facts)
