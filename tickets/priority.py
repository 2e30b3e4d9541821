"""The priority matrix: impact × urgency, configurable; an override needs a reason (domain.md, Ticket)."""

from django.utils.translation import gettext_lazy as _

from ledger.errors import Refused
from tickets.models import PriorityCell
from tickets.text import is_placeholder
from tickets.words import Priority, Scope

DEFAULT = {
    ("high", "high"): "P1", ("high", "medium"): "P2", ("high", "low"): "P3",
    ("medium", "high"): "P2", ("medium", "medium"): "P3", ("medium", "low"): "P4",
    ("low", "high"): "P3", ("low", "medium"): "P4", ("low", "low"): "P4",
}  # fmt: skip


def matrix() -> dict[tuple[str, str], str]:
    """Return the priority of every impact and urgency; a cell nobody configured is the shipped one. 1 query."""
    rows = PriorityCell.objects.values_list("impact", "urgency", "priority")
    return DEFAULT | {(impact, urgency): priority for impact, urgency, priority in rows}


def matrix_priority(impact: str, urgency: str) -> str:
    """Return the priority the matrix gives. 1 query."""
    return matrix()[impact, urgency]


def decide_priority(
    impact: str, urgency: str, wanted: str | None, reason: str, *, critical: bool = False
) -> tuple[str, str]:
    """Return (priority, what the matrix proposes). A critical ticket is P1 and says so itself (X-08).

    Raises Refused("bad_priority"), or ("priority_reason") when `wanted` differs and no real reason is given.
    """
    proposed = "P1" if critical else matrix_priority(impact, urgency)
    if wanted is None or wanted == proposed:
        return proposed, proposed
    if wanted not in Priority.values:
        raise Refused("bad_priority", _("Choose the priority from the list."), "priority")
    if is_placeholder(reason):
        message = _("Say why the priority should differ from %(proposed)s.") % {"proposed": proposed}
        raise Refused("priority_reason", message, "priority_reason", proposed=proposed)
    return wanted, proposed


def require_scope_reason(scope: str, proposed: str, reason: str) -> None:
    """Raise Refused("scope_reason") when another scope than proposed is chosen and no real reason is given (V-09)."""
    if proposed and scope != proposed and is_placeholder(reason):
        message = _("Say why the scope should not be “%(proposed)s”, as alerts and other tickets say.")
        label = dict(Scope.choices).get(proposed, proposed)
        raise Refused("scope_reason", message % {"proposed": label}, "priority_reason", proposed=proposed)
