"""Notices to oneself in words: a line of the inbox with what its other ways say, a desktop notification."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from escalation.models import Notification
from escalation.oncall import explain
from servicedesk.web.times import hm

State = Notification.State
NEWS = {
    "reply": _lazy("A reply to a page is no confirmation. Read it on the escalation."),
    "assigned": _lazy("Assigned to you"),
    "handed": _lazy("A decision was handed to you. It waits under Approvals."),
    "mentioned": _lazy("You are mentioned in a note"),
    "customer": _lazy("The customer wrote"),
    "disputed": _lazy("Said not to be solved"),
    "reopened": _lazy("Reopened"),
    "solved": _lazy("Problem solved"),
    "watch:note.added": _lazy("You watch it: a new note"),
    "watch:ticket.transferred": _lazy("You watch it: moved to another team"),
    "watch:ticket.tier_changed": _lazy("You watch it: moved to another tier"),
    "watch:ticket.became_critical": _lazy("You watch it: declared critical"),
    "watch:ticket.suspended": _lazy("You watch it: suspended"),
    "watch:ticket.resumed": _lazy("You watch it: work goes on"),
    "watch:ticket.resolved": _lazy("You watch it: resolved"),
    "watch:ticket.disputed": _lazy("You watch it: said not to be solved"),
    "watch:ticket.reopened": _lazy("You watch it: reopened"),
    "watch:ticket.cancelled": _lazy("You watch it: cancelled"),
    "watch:ticket.merged": _lazy("You watch it: merged into another"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One notice. `ways`: what became of the same page by other channels, in words with its state."""

    notice: Notification
    label: str
    why: str
    ways: list[tuple[str, str]]


def lines(page: Iterable[Notification]) -> list[Line]:
    """Return the notices of one page as lines; ticket and firing with its rule must be loaded. 1 query."""
    notices = list(page)
    firings = {row.firing_id for row in notices if row.firing_id}
    users = {row.user_id for row in notices}
    same: dict[Any, list[Notification]] = defaultdict(list)
    for row in Notification.objects.filter(firing_id__in=firings, user_id__in=users).exclude(channel="web"):
        same[row.firing_id].append(row)
    return [Line(notice=row, label=_label(row), why=_why(row), ways=_ways(same[row.firing_id])) for row in notices]


def _why(row: Notification) -> str:
    """Why this person; news says it in its own line, and a restricted ticket only here."""
    if row.firing_id is None and row.why in NEWS:
        restricted = row.ticket is not None and row.ticket.restricted
        return str(NEWS[row.why]) if restricted else ""
    return explain(row.why)


def _label(row: Notification) -> str:
    if row.ticket is not None and row.ticket.restricted:
        return ""
    if row.why in NEWS and row.firing_id is None:
        return str(NEWS[row.why])
    return _(row.firing.rule.label) if row.firing is not None and row.firing.rule.label else ""


def _ways(rows: list[Notification]) -> list[tuple[str, str]]:
    return [(f"{row.get_channel_display()}: {words}", state) for row in rows for words, state in [_became(row)]]


def _became(row: Notification) -> tuple[str, str]:
    if row.state == State.BUNDLED:
        return _("held by bundling, told in one digest %(at)s") % {"at": hm(row.sent_at)}, "paused"
    if row.state == State.PENDING and row.held_at is not None:
        return _("held by bundling since %(at)s") % {"at": hm(row.held_at)}, "paused"
    if row.state == State.FAILED:
        return _("failed, passed on"), "breached"
    if row.receipt:
        return f"{row.get_receipt_display()} {hm(row.receipt_at)}", "met"
    if row.sent_at is not None:
        return _("handed over %(at)s") % {"at": hm(row.sent_at)}, "met"
    return str(row.get_state_display()).lower(), "armed"


def as_json(row: Notification) -> dict[str, Any]:
    """Return a desktop notification: number and due time, and what it is about unless the ticket is restricted."""
    ticket, firing = row.ticket, row.firing
    number = ticket.number if ticket is not None else ""
    due = _("due %(at)s") % {"at": hm(firing.due_at)} if firing is not None else ""
    restricted = ticket is not None and ticket.restricted
    about = "" if restricted or ticket is None else ticket.title
    label = _label(row)
    return {
        "id": str(row.uuid),
        "title": f"{number}: {label}" if label else number,
        "text": " · ".join(part for part in (due, about) if part),
        "url": reverse("desk:ticket", args=[number]) if number else reverse("desk:inbox"),
        "severe": row.severity == 1,
    }
