"""Lines of the queue, ready to be drawn, under what they are grouped by."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from servicedesk.desk.columns import Writer, worded
from servicedesk.web import times
from servicedesk.web.templatetags.components import mark
from tickets.queries import QueueRow
from tickets.queue_filters import SOON

BY_DUE = "due"


@dataclass(frozen=True, slots=True)
class Line:
    """One line in the reader's words. Marks and cells are drawn already."""

    number: str
    url: str
    title: str
    about: str
    priority: SafeString
    cells: SafeString


@dataclass(frozen=True, slots=True)
class Group:
    """Lines that stand together. `name` "" = the list is not grouped. `more`: it goes on overleaf."""

    name: str
    lines: list[Line]
    more: bool = False


def grouped(
    rows: Iterable[QueueRow],
    at: datetime,
    labels: Mapping[str, str],
    *,
    group: str = BY_DUE,
    columns: tuple[str, ...] = (),
    more: bool = False,
) -> list[Group]:
    """Return the lines of a page in groups, in the order they came; empty groups left out.

    group   "due" for overdue, within 15 minutes, today, later, no time; a dimension of a row; "" for one group.
    labels  what the rule of a clock is called, by its code.
    more    whether another page follows, so that the last group may go on there.
    """
    writer, places = Writer(columns, at, labels), _Places(at)
    before, behind = reverse("desk:ticket", args=["SD-0"]).split("SD-0")
    found: dict[str, list[Line]] = {}
    for row in rows:
        name = "" if not group else places.of(row.next_due_at) if group == BY_DUE else _name(group, row)
        found.setdefault(name, []).append(
            Line(
                number=row.number,
                url=f"{before}{row.number}{behind}",
                title=row.title,
                about="".join(f" · {word}" for word in (row.customer, row.service) if word),
                priority=mark("priority", p=row.priority),
                cells=writer.cells(row),
            )
        )
    last = len(found) - 1
    return [Group(name, lines, more and n == last) for n, (name, lines) in enumerate(found.items())]


def _name(group: str, row: QueueRow) -> str:
    if group == "customer":
        return row.customer or times.DASH
    if group in ("owner", "team") and not getattr(row, group):
        return _("Nobody") if group == "owner" else _("No team")
    return worded(group, row)


class _Places:
    """The groups of a list ordered by what is due next."""

    def __init__(self, at: datetime) -> None:
        self.at, self.today = at, timezone.localtime(at).date()
        self.names: list[Any] = [
            _("Overdue"), _("Due within 15 minutes"), _("Due today"), _("Later"), _("No due time"),
        ]  # fmt: skip

    def of(self, due: datetime | None) -> str:
        return str(self.names[self._place(due)])

    def _place(self, due: datetime | None) -> int:
        if due is None:
            return 4
        if due <= self.at:
            return 0
        if due - self.at <= SOON:
            return 1
        return 2 if timezone.localtime(due).date() == self.today else 3
