"""What one agent owes, by time: promises, call-backs, plan items, unfinished calls (C-09, A-08, P-01)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from ledger.actor import Actor
from tickets.models import Commitment, Interaction, Ticket, WorkItem

GRACE = timedelta(minutes=30)
KINDS = {"promise": "speakerphone", "callback": "phone-outgoing", "call": "phone-off", "item": "list-check"}
SHOWN = 100


@dataclass(frozen=True, kw_only=True, slots=True)
class Duty:
    """One line of the day. `due_at` None = no time was set. `call` is the unfinished call's id, None for others."""

    kind: str
    due_at: datetime | None
    what: str
    about: str
    number: str
    url: str
    action: str
    call: UUID | None = None

    @property
    def icon(self) -> str:
        return KINDS[self.kind]


def duties_of(actor: Actor, at: datetime) -> list[Duty]:
    """Return everything the actor owes, soonest first, those without a time last. 3 queries."""
    found = [*_promises(actor), *_items(actor), *_calls(actor, at)]
    return sorted(found, key=lambda duty: (duty.due_at is None, duty.due_at or at))


def groups(duties: Iterable[Duty], at: datetime) -> list[tuple[str, list[Duty]]]:
    """Return the duties under over, within the hour, later, without a time; empty groups left out."""
    hour = at + timedelta(hours=1)
    parts: dict[str, list[Duty]] = {_("Over"): [], _("Within the hour"): [], _("Later"): [], _("Without a time"): []}
    over, soon, later, never = parts
    for duty in duties:
        name = never if duty.due_at is None else over if duty.due_at <= at else soon if duty.due_at <= hour else later
        parts[name].append(duty)
    return [(name, rows) for name, rows in parts.items() if rows]


def _promises(actor: Actor) -> list[Duty]:
    rows = Commitment.objects.filter(state="open", ticket__in=Ticket.objects.visible_to(actor))
    mine = rows.filter(made_by_id=actor.user_id) | rows.filter(ticket__owner_id=actor.user_id)
    return [
        Duty(
            kind="callback" if row.kind == "callback" else "promise", due_at=row.due_at,
            what=row.text or f"{row.get_kind_display()}: {row.ticket.title}", about=_customer(row.ticket),
            number=row.ticket.number, url=reverse("desk:ticket", args=[row.ticket.number]),
            action=pgettext("verb", "Open"),
        )
        for row in mine.distinct().select_related("ticket__organisation")[:SHOWN]
    ]  # fmt: skip


def _items(actor: Actor) -> list[Duty]:
    rows = WorkItem.objects.filter(
        state="open", owner_user_id=actor.user_id, ticket__in=Ticket.objects.visible_to(actor)
    )
    return [
        Duty(
            kind="item", due_at=row.due_at, what=row.title, about=_customer(row.ticket), number=row.ticket.number,
            url=reverse("desk:ticket-item-done", args=[row.ticket.number]) + f"?item={row.uuid}",
            action=str(_("Finish")),
        )
        for row in rows.select_related("ticket__organisation")[:SHOWN]
    ]  # fmt: skip


def _calls(actor: Actor, at: datetime) -> list[Duty]:
    rows = Interaction.objects.filter(agent_id=actor.user_id, ticket=None, disposition="", direction="in")
    return [
        Duty(
            kind="call", due_at=row.ended_at + GRACE if row.ended_at else None,
            what=_("Call without a ticket") if row.ended_at else _("Call on the line"),
            about=row.caller_number or _("unknown number"), number="",
            url=reverse("desk:call", args=[row.uuid]), action=str(_("Continue")), call=row.uuid,
        )
        for row in rows.order_by("started_at")[:SHOWN]
    ]  # fmt: skip


def _customer(ticket: Any) -> str:
    return ticket.organisation.name if ticket.organisation else ticket.caller_organisation
