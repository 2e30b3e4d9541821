"""What one agent owes, by time: promises, call-backs, deadlines, plan items, unfinished calls (C-09, A-08, P-01)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from ledger.actor import Actor
from servicedesk.web.labels import rule_labels
from servicedesk.web.times import hm
from tickets.models import Commitment, Draft, Interaction, Ticket, WorkItem
from tickets.words import OPEN

GRACE = timedelta(minutes=30)
KINDS = {
    "promise": "speakerphone", "callback": "phone-outgoing", "clock": "clock", "call": "phone-off",
    "item": "list-check",
}  # fmt: skip
SHOWN = 100


@dataclass(frozen=True, kw_only=True, slots=True)
class Duty:
    """One line of the day.

    due_at None = no time was set. label  the word on the clock. more  what else is known, in words.
    call   the unfinished call's id, promise  the promise's id, None for others.
    """

    kind: str
    due_at: datetime | None
    label: str
    what: str
    about: str
    number: str
    url: str
    action: str
    more: str = ""
    call: UUID | None = None
    promise: UUID | None = None

    @property
    def icon(self) -> str:
        return KINDS[self.kind]


def duties_of(actor: Actor, at: datetime) -> list[Duty]:
    """Return everything the actor owes, soonest first, those without a time last. 5 queries."""
    found = [*_promises(actor), *_items(actor), *_calls(actor, at), *_clocks(actor)]
    return sorted(found, key=lambda duty: (duty.due_at is None, duty.due_at or at))


def groups(duties: Iterable[Duty], at: datetime, shift_end: datetime | None) -> list[tuple[str, list[Duty]]]:
    """Return the duties under over, before and after the end of the shift, without a time; empty groups left out.

    shift_end None = no turn runs: within the hour and later stand for before and after.
    """
    if shift_end is None:
        turn, soon, later = at + timedelta(hours=1), _("Within the hour"), _("Later")
    else:
        turn, soon = shift_end, _("Before %(time)s, your shift") % {"time": hm(shift_end)}
        later = _("After your shift, hand on or keep")
    over, never = _("Over"), _("Without a time")
    parts: dict[str, list[Duty]] = {over: [], soon: [], later: [], never: []}
    for duty in duties:
        name = never if duty.due_at is None else over if duty.due_at <= at else soon if duty.due_at <= turn else later
        parts[name].append(duty)
    return [(name, rows) for name, rows in parts.items() if rows]


def promises_of(actor: Actor) -> Any:
    """Return the open promises the actor made, or on tickets it owns."""
    rows = Commitment.objects.filter(state="open", ticket__in=Ticket.objects.visible_to(actor))
    return rows.filter(Q(made_by_id=actor.user_id) | Q(ticket__owner_id=actor.user_id))


def _promises(actor: Actor) -> list[Duty]:
    moved = Commitment.objects.filter(moved_to=OuterRef("pk"))
    rows = promises_of(actor).select_related("ticket__organisation").annotate(moved_once=Exists(moved))
    return [_promise(row) for row in rows[:SHOWN]]


def _promise(row: Any) -> Duty:
    called = row.kind == "callback"
    made = _("promised %(time)s") % {"time": hm(row.made_at)}
    return Duty(
        kind="callback" if called else "promise", due_at=row.due_at, promise=row.uuid,
        label=pgettext("deadline", "Call") if called else pgettext("deadline", "News"),
        what=row.text or f"{row.get_kind_display()}: {row.ticket.title}", about=_customer(row.ticket),
        more=_("moved once") if row.moved_once else made, number=row.ticket.number,
        url=reverse("desk:ticket", args=[row.ticket.number]),
        action=pgettext("verb", "Call") if called else pgettext("verb", "Write"),
    )  # fmt: skip


def _items(actor: Actor) -> list[Duty]:
    """Steps of plans, of tickets and of major incidents."""
    mine = WorkItem.objects.filter(state="open", owner_user_id=actor.user_id)
    rows = mine.filter(Q(ticket__in=Ticket.objects.visible_to(actor)) | Q(major__isnull=False))
    return [_step(row) for row in rows.select_related("ticket__organisation", "major")[:SHOWN]]


def _step(row: WorkItem) -> Duty:
    if row.ticket is None:
        about, number = (row.major.title, row.major.number) if row.major else ("", "")
        url = reverse("desk:major-act", args=[row.major.uuid, "done"]) if row.major else ""
    else:
        about, number = _customer(row.ticket), row.ticket.number
        url = reverse("desk:ticket-item-done", args=[number])
    return Duty(
        kind="item", due_at=row.due_at, label=pgettext("deadline", "Item"), what=row.shown, about=about, number=number,
        action=str(_("Finish")), url=f"{url}?item={row.uuid}",
    )  # fmt: skip


def _calls(actor: Actor, at: datetime) -> list[Duty]:
    rows = Interaction.objects.filter(agent_id=actor.user_id, ticket=None, disposition="", direction="in")
    found = list(rows.order_by("started_at")[:SHOWN])
    keys = {f"call:{row.uuid}": row.pk for row in found}
    saved = dict(Draft.objects.filter(user_id=actor.user_id, key__in=keys).values_list("key", "updated_at"))
    return [_call(row, saved.get(f"call:{row.uuid}")) for row in found]


def _call(row: Interaction, saved: datetime | None) -> Duty:
    more = (
        _("draft saved %(time)s") % {"time": hm(saved)} if saved else _("begun %(time)s") % {"time": hm(row.started_at)}
    )
    return Duty(
        kind="call", due_at=row.ended_at + GRACE if row.ended_at else None, label=pgettext("deadline", "Finish"),
        what=_("Call without a ticket") if row.ended_at else _("Call on the line"),
        about=row.caller_number or _("unknown number"), number="", more=more,
        url=reverse("desk:call", args=[row.uuid]), action=str(_("Continue")), call=row.uuid,
    )  # fmt: skip


def deadlines_of(actor: Actor) -> Any:
    """Return the open tickets of the actor on which something falls due."""
    mine = Ticket.objects.visible_to(actor).filter(owner_id=actor.user_id, state__in=OPEN)
    return mine.filter(next_due_at__isnull=False)


def _clocks(actor: Actor) -> list[Duty]:
    labels = rule_labels()
    rows = deadlines_of(actor).select_related("organisation").order_by("next_due_at")
    return [
        Duty(
            kind="clock", due_at=row.next_due_at, label=labels.get(row.next_due_code, ""), what=row.title,
            about=_customer(row), number=row.number, url=reverse("desk:ticket", args=[row.number]),
            action=pgettext("verb", "Open"),
        )
        for row in rows[:SHOWN]
    ]  # fmt: skip


def _customer(ticket: Any) -> str:
    return ticket.organisation.name if ticket.organisation else ticket.caller_organisation
