"""What to tell the caller once the call is logged: number, who has it, by when they hear (C-02)."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from escalation.queries import clocks_of
from tickets import words
from tickets.models import Ticket

TITLE_LENGTH = 100
TICKING = {"running", "soon"}


@dataclass(frozen=True, slots=True)
class Promise:
    """What the agent may say aloud. `hear_by` None = no clock of the customer runs."""

    number: str
    team: str
    hear_by: datetime | None


def promise_for(ticket: Ticket, at: datetime) -> Promise:
    """Return what to tell the caller about this ticket: the customer's own clocks only, never internal ones."""
    due = [c.due_at for c in clocks_of(ticket, at) if c.customer_label and c.state in TICKING and c.due_at]
    team = ticket.team.name if ticket.team else ""
    return Promise(ticket.number, team, min(due, default=None))


def title_of(what: str, category: str) -> str:
    """Return a title from the caller's words: their first sentence, else the category, else a plain word."""
    first = what.strip().split("\n")[0].split(". ")[0].strip().rstrip(".")
    if first:
        return first if len(first) <= TITLE_LENGTH else first[: TITLE_LENGTH - 1].rstrip() + "…"
    return str(dict(words.Category.choices).get(category, _("Call")))
