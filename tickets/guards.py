"""A condition of a step that the machine can check and a person can read."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from tickets import words
from tickets.models import Ticket


@dataclass(frozen=True, slots=True)
class Guard:
    """`holds` says whether the step may be taken; `message` what stops it and the way out."""

    code: str
    message: Any
    holds: Callable[[Ticket], bool]

    def __call__(self, ticket: Ticket) -> bool:
        return self.holds(ticket)


def _intake_complete(ticket: Ticket) -> bool:
    return all((ticket.caller_name, ticket.caller_organisation, ticket.caller_email, ticket.caller_phone))


FOUR_FIELDS = Guard(
    "incomplete_intake",
    _("Fill in the caller's name, organisation, e-mail and phone first."),
    _intake_complete,
)
DESCRIBED = Guard(
    "no_description",
    _("Write down what the call is about first."),
    lambda t: bool(t.description.strip() or t.problem_what.strip()),
)
NO_OPEN_SUSPENSION = Guard(
    "suspension_open",
    _("A suspension is already asked for. Wait for its decision, or withdraw it."),
    lambda t: not t.suspensions.filter(state="requested").exists(),
)
MANDATORY_DONE = Guard(
    "open_work",
    _("Mandatory steps of the plan are open. Finish them, or skip them with a reason."),
    lambda t: not t.work_items.filter(state="open", mandatory=True).exists(),
)
NOT_TOP = Guard("top_tier", _("L3 is the top tier. Engage a team instead."), lambda t: t.tier != words.Tier.L3)
NOT_BOTTOM = Guard(
    "bottom_tier", _("L1 is the first tier. Transfer the ticket instead."), lambda t: t.tier != words.Tier.L1
)
NOT_MERGED = Guard(
    "merged",
    _("This ticket was merged into another. Undo the merge first."),
    lambda t: t.merged_into_id is None,
)
MERGED = Guard(
    "not_merged", _("This ticket was not merged. There is nothing to undo."), lambda t: t.merged_into_id is not None
)
