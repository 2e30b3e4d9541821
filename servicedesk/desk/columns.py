"""The columns of the queue: which there are, what each says of a row, ready to be drawn."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from servicedesk.web import times
from servicedesk.web.parts.clocks import clock
from servicedesk.web.templatetags.components import draw, mark
from tickets import words
from tickets.queries import QueueRow

DEFAULT = ("due", "state", "owner", "news", "age")


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `css` says where it gives way; `title` explains a short head."""

    label: Any
    css: str = ""
    title: Any = ""


COLUMNS: dict[str, Column] = {
    "due": Column(_("Next due")),
    "state": Column(_("State"), "sd-hide-l"),
    "owner": Column(_("Owner"), "sd-hide-m"),
    "news": Column(_("News"), "sd-mono sd-hide-l text-end", _("Since the customer last heard from us")),
    "age": Column(_("Age"), "sd-mono sd-hide-m text-end"),
    "team": Column(_("Team"), "sd-hide-m"),
    "kind": Column(_("Kind"), "sd-hide-m"),
    "category": Column(_("Category"), "sd-hide-m"),
    "channel": Column(_("Channel"), "sd-hide-m"),
    "segment": Column(_("Segment"), "sd-hide-m"),
    "service_category": Column(_("Service category"), "sd-hide-m"),
    "region": Column(_("Region"), "sd-hide-m"),
    "language": Column(_("Language"), "sd-hide-m"),
    "tags": Column(_("Tags"), "sd-hide-m"),
    "received": Column(_("Received"), "sd-hide-m"),
}
LABELS: dict[str, dict[str, Any]] = {
    name: dict(kind.choices)
    for name, kind in {
        "state": words.State, "kind": words.Kind, "category": words.Category, "channel": words.Channel,
        "segment": Organisation.Segment, "service_category": Organisation.Category, "priority": words.Priority,
    }.items()
}  # fmt: skip


def worded(name: str, row: QueueRow) -> str:
    """Return what a row says of a dimension, in words; an en dash for nothing."""
    value = getattr(row, name)
    known = LABELS.get(name)
    return str(known.get(value, value) if known else value) if value else times.DASH


def _head(css: str) -> str:
    return f'<td class="{css}">' if css else "<td>"


class Writer:
    """Writes the cells of one page; what repeats on it is looked up once.

    labels  what the rule of a clock is called, by its code.
    """

    def __init__(self, names: tuple[str, ...], at: datetime, labels: Mapping[str, str]) -> None:
        self.at, self.labels = at, labels
        self._nobody = format_html('<span class="sd-muted sd-small">{}</span>', _t("None"))
        self._dash = format_html('<span class="sd-muted">{}</span>', times.DASH)
        self._own: dict[str, Callable[[QueueRow], Any]] = {
            "due": self._due, "owner": self._owner, "news": lambda row: self._since(row.last_public_at),
            "age": lambda row: self._since(row.received_at), "tags": lambda row: ", ".join(row.tags) or times.DASH,
            "received": lambda row: times.moment(row.received_at, at), "team": lambda row: row.team or self._nobody,
        }  # fmt: skip
        self._names = [(name, _head(COLUMNS[name].css)) for name in names]
        self._known: dict[tuple[str, Any], str] = {}

    def cells(self, row: QueueRow) -> SafeString:
        """Return the cells of a row behind its title, escaped."""
        return format_html("{}" * len(self._names), *(self._cell(name, head, row) for name, head in self._names))

    def _cell(self, name: str, head: str, row: QueueRow) -> SafeString:
        own = self._own.get(name)
        return format_html(head + "{}</td>", own(row) if own else self._said(name, row))

    def _said(self, name: str, row: QueueRow) -> str:
        key = (name, getattr(row, name))
        if key not in self._known:
            self._known[key] = escape(worded(name, row))
        return self._known[key]

    def _due(self, row: QueueRow) -> SafeString:
        if row.state == words.State.SUSPENDED:
            return draw("clock", clock(state="paused", text=self._said("state", row), now=self.at))
        if row.next_due_at is None:
            return self._dash
        return draw("clock", clock(due=row.next_due_at, label=self.labels.get(row.next_due_code, ""), now=self.at))

    def _owner(self, row: QueueRow) -> SafeString:
        return mark("avatar", name=row.owner, labelled=True) if row.owner else self._nobody

    def _since(self, at: datetime | None) -> str:
        return times.span(self.at - at) if at else times.DASH
