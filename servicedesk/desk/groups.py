"""Lines of the queue, ready to be drawn, under their next due time."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from servicedesk.web import times
from servicedesk.web.parts.clocks import clock
from servicedesk.web.templatetags.components import draw, mark
from tickets.queries import QueueRow
from tickets.words import State

SOON = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Line:
    """One line in the reader's words. Marks are drawn already; `clock` None = no due time, `owner` None = nobody."""

    number: str
    url: str
    title: str
    about: str
    priority: SafeString
    clock: SafeString | None
    state: str
    owner: SafeString | None
    news: str
    age: str


def grouped(rows: Iterable[QueueRow], at: datetime, labels: Mapping[str, str]) -> list[tuple[str, list[Line]]]:
    """Return the lines of a page under overdue, within 15 minutes, today, later, no time; empty groups left out.

    labels  what the rule of a clock is called, by its code.
    """
    names = [_("Overdue"), _("Due within 15 minutes"), _("Due today"), _("Later"), _("No due time")]
    parts: list[list[Line]] = [[] for _name in names]
    writer = _Writer(at, labels)
    for row in rows:
        parts[_place(row.next_due_at, at)].append(writer.line(row))
    return [(name, lines) for name, lines in zip(names, parts, strict=True) if lines]


class _Writer:
    """Writes the lines of one page; what repeats on it is looked up once."""

    def __init__(self, at: datetime, labels: Mapping[str, str]) -> None:
        self.at, self.labels = at, labels
        self.states = {str(value): str(label) for value, label in State.choices}
        self.before, self.behind = reverse("desk:ticket", args=["SD-0"]).split("SD-0")

    def line(self, row: QueueRow) -> Line:
        """Return one line; the texts are escaped by the template, the marks by their components."""
        return Line(
            number=row.number,
            url=f"{self.before}{row.number}{self.behind}",
            title=row.title,
            about="".join(f" · {word}" for word in (row.customer, row.service) if word),
            priority=mark("priority", p=row.priority),
            clock=self._clock(row),
            state=self.states[row.state],
            owner=mark("avatar", name=row.owner, labelled=True) if row.owner else None,
            news=self._since(row.last_public_at),
            age=self._since(row.received_at),
        )

    def _clock(self, row: QueueRow) -> SafeString | None:
        if row.state == State.SUSPENDED:
            return draw("clock", clock(state="paused", text=self.states[row.state], now=self.at))
        if row.next_due_at is None:
            return None
        return draw("clock", clock(due=row.next_due_at, label=self.labels.get(row.next_due_code, ""), now=self.at))

    def _since(self, at: datetime | None) -> str:
        return times.span(self.at - at) if at else times.DASH


def _place(due: datetime | None, at: datetime) -> int:
    if due is None:
        return 4
    if due <= at:
        return 0
    if due - at <= SOON:
        return 1
    return 2 if timezone.localtime(due).date() == timezone.localtime(at).date() else 3
