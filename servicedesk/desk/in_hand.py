"""The calls an agent has in hand: the one on the line, one ringing on top, those not ended yet (P-01)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from ledger.actor import Actor
from servicedesk.desk.room import draft_key
from tickets.models import Draft, Interaction

MOST = 9


@dataclass(frozen=True, slots=True)
class InHand:
    """One call as the switcher shows it. `state` ringing, talking or logged; `key` the digit that opens it."""

    uuid: UUID
    label: str
    state: str
    since: datetime
    current: bool
    key: int


def calls_in_hand(actor: Actor, current: Interaction) -> list[InHand]:
    """Return the agent's live inbound calls, oldest first; empty where this one is all there is. 2 queries."""
    rows = Interaction.objects.visible_to(actor).filter(agent_id=actor.user_id or 0, ended_at=None)
    live = list(rows.filter(direction="in", channel="call").select_related("ticket").order_by("started_at")[:MOST])
    if not [call for call in live if call.pk != current.pk]:
        return []
    keys = {draft_key(call): call.pk for call in live}
    drafts = Draft.objects.filter(user_id=actor.user_id, key__in=keys).values_list("key", "data")
    typed = {keys[key]: data for key, data in drafts}
    return [
        InHand(call.uuid, _label(call, typed.get(call.pk, {})), _state(call), call.started_at, call.pk == current.pk, n)
        for n, call in enumerate(live, start=1)
    ]


def _label(call: Interaction, data: dict) -> str:
    """What the caller said, else the number; the ticket once there is one."""
    if call.ticket is not None:
        return call.ticket.number
    return data.get("caller_name") or call.caller_number or _("Unknown caller")


def _state(call: Interaction) -> str:
    if call.ticket_id:
        return "logged"
    return "ringing" if rings(call) else "talking"


def rings(call: Interaction) -> bool:
    """Whether an inbound call of a queue has not been answered yet."""
    return call.answered_at is None and call.ended_at is None and call.direction == "in" and bool(call.called_queue)
