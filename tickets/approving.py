"""Rules of approving: which functions, who stands for them, and why somebody may not decide (C-22)."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from ledger.actor import Actor
from ledger.errors import Refused
from tickets.models import ApprovalRule, Ticket
from tickets.models.approval import handed
from tickets.priority import matrix_priority
from tickets.words import Priority

FUNCTIONS: Mapping[str, Any] = {
    "monitoring": _("Monitoring"), "customer_service": _("Customer service"), "supervision": _("Supervision"),
}  # fmt: skip
ROLES_OF: Mapping[str, tuple[str, ...]] = {
    "monitoring": ("approver_monitoring",),
    "customer_service": ("approver_service",),
    "supervision": ("supervisor", "duty_manager"),
}
SHIPPED: Mapping[str, tuple[str, ...]] = {
    "suspension": ("monitoring", "customer_service"), "priority": ("supervision",), "reopen": ("supervision",),
}  # fmt: skip
OVERRIDERS = ("supervisor", "duty_manager")


def rule_of(kind: str) -> ApprovalRule:
    """Return the rule in force for a kind of request, the shipped one where nobody changed it. 1 query."""
    found = ApprovalRule.objects.filter(kind=kind).first()
    functions = getattr(settings, "SUSPENSION_FUNCTIONS", None) if kind == "suspension" else None
    return found or ApprovalRule(kind=kind, functions=list(functions or SHIPPED[kind]))


def stands_for(actor: Actor, function: str) -> bool:
    """Whether `actor` is an approver of a function."""
    return actor.is_staff and actor.has_role(*ROLES_OF.get(function, ()))


def above_proposal(ticket: Ticket, priority: str) -> tuple[int, str]:
    """Return (steps above what impact and urgency propose, the proposal); 0 where nothing is proposed or P1 is due."""
    if ticket.critical or not ticket.impact or not ticket.urgency:
        return 0, "P1" if ticket.critical else ""
    proposed = matrix_priority(ticket.impact, ticket.urgency)
    return max(int(proposed[1]) - int(priority[1]), 0), proposed


def require_within_steps(ticket: Ticket, priority: str, actor: Actor) -> None:
    """Raise Refused("approval_needed") where an agent alone raises a priority further than the rule allows.

    Triage is not judged: there the agent hears the caller and overrides with a reason. Supervisors and duty managers
    override with theirs; components and integrations carry what others decided. 2 queries where it goes above at all.
    """
    if not actor.is_staff or actor.has_role(*OVERRIDERS) or priority not in Priority.values:
        return
    steps, proposed = above_proposal(ticket, priority)
    if not steps:
        return
    rule = rule_of("priority")
    if rule.active and steps > rule.steps:
        message = _("Impact and urgency propose %(proposed)s. For %(wanted)s ask for approval.")
        values = {"proposed": proposed, "wanted": priority}
        raise Refused("approval_needed", message % values, "priority", proposed=proposed)


def require_decider(
    *, subject: Any, needed: Collection[str], function: str, earlier: Iterable[tuple[str, int]],
    taken: Collection[int | None], actor: Actor, at: datetime,
) -> None:  # fmt: skip
    """Raise Refused unless `actor` may decide on `subject` for `function` now.

    earlier  (function, person) of the decisions made. taken: who took part in asking, and so cannot approve.
    Codes: not_needed, no_role, same_person, decided, handed_over.
    """
    if function not in needed:
        raise Refused("not_needed", _("This function need not approve. Look at who still must."), "function")
    if not stands_for(actor, function):
        raise Refused("no_role", _("You do not approve for this function. Ask one of its approvers."), "function")
    decided = list(earlier)
    if actor.user_id in {*taken, *(person for _function, person in decided)}:
        raise Refused("same_person", _("Everybody who takes part is a different person. Ask another approver."))
    if function in {name for name, _person in decided}:
        raise Refused("decided", _("This function has decided already. Another one must approve."), "function")
    held = handed([subject], at).get((subject, function))
    if held is not None and held.taker_id != actor.user_id:
        message = _("This decision is in the hands of %(name)s. Ask them, or take it back.")
        raise Refused("handed_over", message % {"name": held.taker.name}, "function")
