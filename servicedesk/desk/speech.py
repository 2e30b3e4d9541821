"""What to tell the caller once the call is logged: number, who has it, by when they hear (C-02)."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from catalogue.promised import begins_at, promised_to
from escalation.queries import clocks_of
from tickets import words
from tickets.models import Participant, Ticket

TITLE_LENGTH = 100
TICKING = {"running", "soon"}
AT_ANY_HOUR = frozenset({"P1", "P2"})


@dataclass(frozen=True, slots=True)
class Promise:
    """What the agent may say aloud. `hear_by` None = no clock of the customer runs. `begins` None = work begins now.

    called_out  who was called out because it is after hours, "" nobody.
    """

    number: str
    team: str
    hear_by: datetime | None
    begins: datetime | None = None
    called_out: str = ""


def promise_for(ticket: Ticket, at: datetime) -> Promise:
    """Return what to tell the caller about this ticket: the customer's own clocks only, never internal ones."""
    due = [c.due_at for c in clocks_of(ticket, at) if c.customer_label and c.state in TICKING and c.due_at]
    team = ticket.team.name if ticket.team else ""
    engaged = ticket.participants.filter(part=Participant.Part.ENGAGED, team=ticket.team, user__isnull=False)
    called = engaged.values_list("user__name", flat=True).first() if ticket.priority in AT_ANY_HOUR else None
    return Promise(ticket.number, team, min(due, default=None), work_begins(ticket, at), called or "")


def work_begins(ticket: Ticket, at: datetime) -> datetime | None:
    """Return when work begins on a ticket logged after hours; None = at once, as P1 and P2 always (V-21)."""
    if ticket.organisation is None or ticket.priority in AT_ANY_HOUR:
        return None
    found = promised_to(ticket.organisation, at).entitlement
    return begins_at(found.calendar.hours(), at) if found is not None else None


def title_of(what: str, category: str) -> str:
    """Return a title from the caller's words: their first sentence, else the category, else a plain word."""
    first = what.strip().split("\n")[0].split(". ")[0].strip().rstrip(".")
    if first:
        return first if len(first) <= TITLE_LENGTH else first[: TITLE_LENGTH - 1].rstrip() + "…"
    return str(dict(words.Category.choices).get(category, _("Call")))
