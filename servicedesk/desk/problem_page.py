"""What the page of a problem shows: recurrence as a picture, linked tickets, log, other problems (C-28)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from ledger.actor import Actor
from ledger.models import Entry
from tickets.models import Problem, ProblemTicket, Ticket
from tickets.words import Kind

FACTS = {
    "problem.opened": _("Opened"), "problem.ticket_linked": _("Ticket linked"), "problem.owned": _("Owner chosen"),
    "problem.ticket_unlinked": _("Ticket taken out"), "problem.described": _("Cause described"),
    "problem.workaround_tried": _("Workaround tried"), "problem.solved": _("Solved, tickets told"),
    "problem.closed": _("Closed"),
}  # fmt: skip
DAYS, SHOWN, LOG, MOST = 30, 6, 30, 100
LEFT, WIDE, TOP, HIGH = 44, 792, 12, 110
HOURS = (0, 6, 12, 18, 24)


@dataclass(frozen=True, slots=True)
class Linked:
    """A linked ticket and how long its fault lasted, None while it is open."""

    row: ProblemTicket
    lasted: timedelta | None


@dataclass(frozen=True, slots=True)
class Mark:
    """One fault in the picture, by day and hour. before: its number stands to its left."""

    number: str
    linked: bool
    x: int
    y: int
    height: int
    before: bool

    @property
    def text_x(self) -> int:
        return self.x - 4 if self.before else self.x + 22


class Page:
    """One problem for one reader."""

    def __init__(self, problem: Problem, actor: Actor, at: datetime) -> None:
        self.problem, self.actor, self.at = problem, actor, at

    @cached_property
    def linked(self) -> list[Linked]:
        """Linked tickets the reader may see, newest first."""
        seen = Ticket.objects.visible_to(self.actor)
        rows = self.problem.linked.filter(ticket__in=seen).select_related("ticket").order_by("-ticket__received_at")
        return [Linked(row, _lasted(row.ticket)) for row in rows[:MOST]]

    @property
    def interrupted(self) -> timedelta:
        """How long the linked faults lasted together, those over."""
        return sum((each.lasted for each in self.linked if each.lasted), timedelta())

    @cached_property
    def first_day(self) -> date:
        """The first day of the picture, on the reader's wall."""
        return timezone.localtime(self.at).date() - timedelta(days=DAYS - 1)

    @cached_property
    def marks(self) -> list[Mark]:
        """Faults of the service in thirty days: day across, hour down, as long as they lasted (at most to midnight)."""
        since = self.at - timedelta(days=DAYS)
        rows = Ticket.objects.visible_to(self.actor).filter(service_id=self.problem.service_id, kind=Kind.FAULT)
        mine = {each.row.ticket_id for each in self.linked}
        shown = rows.filter(received_at__gt=since).order_by("pk")[:MOST]
        return [self._mark(ticket, ticket.pk in mine) for ticket in shown]

    def _mark(self, ticket: Ticket, linked: bool) -> Mark:
        begins = timezone.localtime(ticket.received_at)
        hour = begins.hour + begins.minute / 60
        lasts = ((ticket.resolved_at or self.at) - ticket.received_at).total_seconds() / 3600
        x = round(LEFT + WIDE * max((begins.date() - self.first_day).days, 0) / DAYS)
        height = round(max(min(lasts, 24 - hour) / 24 * HIGH, 6))
        short = ticket.number.partition("-")[2]
        return Mark(short, linked, x, round(TOP + hour / 24 * HIGH), height, x > LEFT + WIDE - 90)

    @property
    def hours(self) -> list[tuple[str, int]]:
        """The lines of the picture: label and height."""
        return [(f"{hour:02d}:00", round(TOP + hour / 24 * HIGH)) for hour in HOURS]

    @property
    def days(self) -> list[tuple[date, int]]:
        """The days under the picture, a week apart."""
        return [(self.first_day + timedelta(days=n), round(LEFT + WIDE * n / DAYS + 9)) for n in range(0, DAYS, 7)]

    @cached_property
    def others(self) -> list[Problem]:
        """Other problems whose cause is still there."""
        rows = Problem.objects.visible_to(self.actor).filter(state__in=Problem.LIVE).exclude(pk=self.problem.pk)
        return list(rows[:SHOWN])

    @cached_property
    def log(self) -> list[tuple[Entry, str, str]]:
        """What happened: fact, words, who. 2 queries."""
        rows = list(Entry.objects.filter(chain=self.problem.chain).order_by("-seq")[:LOG])
        refs = [entry.actor_ref for entry in rows if entry.actor_kind == "staff"]
        names = {str(uuid): name for uuid, name in User.objects.filter(uuid__in=refs).values_list("uuid", "name")}
        return [(entry, str(FACTS.get(entry.name, "")), names.get(entry.actor_ref, "")) for entry in rows]


def _lasted(ticket: Ticket) -> timedelta | None:
    return ticket.resolved_at - ticket.received_at if ticket.resolved_at else None
