"""What to tell the caller once the call is logged: number, who has it, by when they hear (C-02)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from catalogue.promised import begins_at, promised_to
from escalation.queries import ClockView, clocks_of
from tickets import words
from tickets.models import Participant, Ticket

TITLE_LENGTH = 100
TICKING = {"running", "soon"}
AT_ANY_HOUR = frozenset({"P1", "P2"})


@dataclass(frozen=True, slots=True)
class Promise:
    """What the agent may say aloud. `hear_by` None = no clock of the customer runs. `begins` None = work begins now.

    called_out  who was called out because it is after hours, "" nobody. solved_by: None = one time alone is promised.
    clocks      every clock that runs, for the agent's eyes.
    """

    number: str
    team: str
    hear_by: datetime | None
    begins: datetime | None = None
    called_out: str = ""
    solved_by: datetime | None = None
    clocks: Sequence[ClockView] = ()


def promise_for(ticket: Ticket, at: datetime) -> Promise:
    """Return what to tell the caller about this ticket: the customer's own clocks only, never internal ones."""
    clocks = [c for c in clocks_of(ticket, at) if c.state in TICKING and c.due_at]
    due = sorted({c.due_at for c in clocks if c.customer_label and c.due_at})
    team = ticket.team.name if ticket.team else ""
    engaged = ticket.participants.filter(part=Participant.Part.ENGAGED, team=ticket.team, user__isnull=False)
    called = engaged.values_list("user__name", flat=True).first() if ticket.priority in AT_ANY_HOUR else None
    hear_by, solved_by = (due[0] if due else None), (due[-1] if len(due) > 1 else None)
    return Promise(ticket.number, team, hear_by, work_begins(ticket, at), called or "", solved_by, clocks)


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
