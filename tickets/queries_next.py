"""What must happen next, by whom, by when: one sentence for every state (journeys 2)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ledger.actor import Actor
from ledger.errors import Refused
from tickets import lifecycle
from tickets.models import Suspension, Ticket
from tickets.words import TIERS, State


@dataclass(frozen=True, slots=True)
class NextStep:
    """The next step: sentence, who takes it, by when (None = no deadline runs), the lifecycle step, whether this
    reader may take it, and the rule whose deadline it is ("" = none)."""

    text: str
    who: str
    due_at: datetime | None
    step: str
    mine: bool
    rule: str = ""
    late: bool = False


_BY_STATE: dict[str, tuple[Any, str]] = {
    State.INTAKE: (gettext_lazy("Complete the caller's details, then verify the caller."), "begin_verification"),
    State.AUTH: (gettext_lazy("Verify the caller, or reject the ticket."), "verify"),
    State.TRIAGE: (gettext_lazy("Classify, prioritise and route it."), "triage"),
    State.SUSPENDED: (gettext_lazy("Wait until the agreed time, or resume with a reason."), "resume"),
    State.CLOSURE: (gettext_lazy("Confirm with the customer that it is solved."), "confirm"),
    State.SURVEY: (gettext_lazy("Decide on knowledge and follow-up, then close."), "close"),
}


def what_next(
    ticket: Ticket,
    actor: Actor,
    at: datetime,
    *,
    pauses: Sequence[Suspension] | None = None,
    refused: Mapping[str, Refused | None] | None = None,
) -> NextStep | None:
    """Return the one step the ticket waits for; None once it has ended. At most 3 queries.

    What a page has read already is not asked again: `pauses` are the ticket's suspensions asked for or approved,
    `refused` says for each step why `actor` cannot take it. None = read here.
    """
    if ticket.state not in lifecycle.OPEN:
        return None
    if pauses is None:
        pauses = list(ticket.suspensions.filter(state__in=[Suspension.State.REQUESTED, Suspension.State.APPROVED]))
    text, step = _step(ticket, next((p for p in pauses if p.state == Suspension.State.REQUESTED), None))
    due = ticket.next_due_at
    if ticket.state == State.SUSPENDED:
        due = next((p.until for p in pauses if p.state == Suspension.State.APPROVED), None)
    late = due is not None and due < at
    mine = (lifecycle.why_not(ticket, step, actor) if refused is None else refused[step]) is None
    return NextStep(str(text), _who(ticket, step), due, step, mine, ticket.next_due_code, late)


def _step(ticket: Ticket, asked: Suspension | None) -> tuple[Any, str]:
    if ticket.verification_id is None and ticket.state not in (State.INTAKE, State.AUTH):
        return _("The customer was corrected: verify the caller again."), "verify"
    if ticket.state not in TIERS:
        return _BY_STATE[ticket.state]
    if asked is not None and asked.consent is None:
        return _("A suspension is asked for: get the customer's consent."), "record_consent"
    if asked is not None:
        return _("A suspension is asked for: approve or decline it."), "decide_suspension"
    if ticket.signed_at is None:
        return _("Sign for it."), "sign_for"
    if ticket.contacted_at is None:
        return _("Contact the reporter and record the outcome."), "record_contact"
    if ticket.last_progress_at is None or ticket.next_due_code == "F-5":
        return _("Work on it and add progress."), "add_progress"
    return _("Go on until it is solved; add progress as you go."), "add_progress"


def _who(ticket: Ticket, step: str) -> str:
    if step in {"record_consent", "confirm"} and ticket.reporter is not None:
        return ticket.reporter.name
    if step == "decide_suspension":
        return _("Approvers")
    if ticket.owner is not None and step != "sign_for":
        return ticket.owner.name
    return ticket.team.name if ticket.team is not None else _("Anyone at the desk")
