"""What may be done with a ticket now, and why not: every button's answer in a handful of queries.

`lifecycle.why_not` asks the database once per step; a page has forty. The same questions are asked here once; a test
holds both to the same answers.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from escalation.commands.request import RESOLVED
from ledger.actor import Actor
from ledger.errors import Refused
from servicedesk.desk.forms.base import PLUMBING, TicketForm
from servicedesk.desk.registry import FORMS
from tickets import lifecycle, words
from tickets.access import require_may_comment, require_may_work
from tickets.models import Ticket

ON_PHONE = frozenset({"escalate", "resolve", "confirm", "close", "reopen", "triage", "verify", "begin", "resume"})


@dataclass(frozen=True, slots=True)
class Button:
    """A command as a page offers it. `off` None = it may be taken."""

    form: type[TicketForm]
    off: Refused | None

    @property
    def slug(self) -> str:
        return self.form.slug

    @property
    def reason(self) -> str:
        """Why it is off, in words; "" when it is on."""
        return str(self.off.message) if self.off else ""

    @property
    def simple(self) -> bool:
        """Whether it asks nothing: one press carries it out."""
        return not set(self.form.base_fields) - PLUMBING - {self.form.item}

    @property
    def on_phone(self) -> bool:
        """Whether it stands beside the title on a phone; the others go into the menu there."""
        return self.slug in ON_PHONE

    @property
    def short(self) -> Any:
        """The words on the button: what it opens, as short as it may be."""
        return self.form.short or self.form.title


@dataclass(frozen=True, slots=True)
class Read:
    """What a page has read of its ticket already.

    live   whether the reader speaks to somebody not verified on it.
    holds  the answer of a guard by its code; a guard that is not named asks for itself.
    """

    live: bool
    holds: Mapping[str, bool]


def refusals(ticket: Ticket, actor: Actor, read: Read | None = None) -> dict[str, Refused | None]:
    """Return for every step of the lifecycle and for "escalate" why `actor` cannot take it, None where it can."""
    holds = read.holds if read else {}
    unverified = _first(lambda: lifecycle.require_verified(ticket, actor, live=read.live if read else None))
    allowed = {
        "work": _first(lambda: require_may_work(ticket, actor)),
        "comment": _first(lambda: require_may_comment(ticket, actor)),
        "see": None,
    }
    voided = ticket.state in lifecycle.PAST_GATE and ticket.verification_id is None
    return {"escalate": _escalate(ticket, unverified)} | {
        name: _judge(ticket, name, None if name == "correct_customer" and voided else unverified, allowed, holds)
        for name in lifecycle.STEPS
    }


def buttons(why: Mapping[str, Refused | None]) -> dict[str, Button]:
    """Return every command of the desk by its slug, on or off by the `refusals` of the ticket."""
    return {form.slug: Button(form, why.get(form.step)) for form in FORMS}


def _judge(
    ticket: Ticket,
    name: str,
    unverified: Refused | None,
    allowed: dict[str, Any],
    holds: Mapping[str, bool],
) -> Refused | None:
    step = lifecycle.STEPS[name]
    if step.gated and unverified is not None:
        return unverified
    if (refused := allowed[step.staff]) is not None:
        return refused
    if ticket.state in step.states and not step.guards:
        return None
    return _wrong_state(ticket, step) if ticket.state not in step.states else _guards(ticket, step, holds)


def _escalate(ticket: Ticket, unverified: Refused | None) -> Refused | None:
    """Whoever hears a customer ask for management may pass it on, of whatever team: as `request_escalation` judges."""
    if ticket.state in words.ENDED or ticket.state in RESOLVED:
        return Refused("not_open", _("Only an open ticket can be escalated. Dispute the solution or reopen it first."))
    return unverified


def _wrong_state(ticket: Ticket, step: lifecycle.Step) -> Refused:
    message = _("A ticket in “%(state)s” does not let you %(step)s. Bring it to the right step first.")
    return Refused(
        "wrong_state", message % {"state": ticket.get_state_display(), "step": step.verb}, state=ticket.state
    )


def _guards(ticket: Ticket, step: lifecycle.Step, holds: Mapping[str, bool]) -> Refused | None:
    failing = next((g for g in step.guards if not (holds[g.code] if g.code in holds else g(ticket))), None)
    return Refused(failing.code, failing.message) if failing else None


def _first(check: Any) -> Refused | None:
    try:
        check()
    except Refused as refusal:
        return refusal
    return None
