"""The pause ends: by hand with a reason, or by itself at the agreed time; clocks go on where they stood (C-22)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from ledger.actor import Actor
from ledger.errors import Refused
from tickets import lifecycle
from tickets.commands.base import fresh, ref, store, take, tell
from tickets.models import Suspension, Ticket
from tickets.text import require_reason


@transaction.atomic
def resume(
    *,
    ticket_id: int,
    actor: Actor,
    at: datetime,
    reason: str = "",
    automatic: bool = False,
    version: int | None = None,
) -> Ticket:
    """Back to the tier it was in. `automatic` is the system's, at the agreed time: Refused("not_yet") before."""
    ticket = take(ticket_id, actor, version)
    lifecycle.require(ticket, "resume", actor)
    suspension = ticket.suspensions.filter(state=Suspension.State.APPROVED).get()
    if automatic and actor.kind != "system":
        raise Refused("not_allowed", _("Only the clock resumes by itself. Give a reason."), "reason")
    if automatic and at < suspension.until:
        raise Refused("not_yet", _("The agreed time has not come yet. Give a reason to go on before it."))
    reason = "" if automatic else require_reason(reason)
    ticket.resume()
    suspension.state, suspension.ended_at = Suspension.State.ENDED, at
    suspension.save()
    store(ticket)
    facts = {"suspension": ref(suspension), "automatic": automatic, "state_from": "suspended"}
    facts |= {"state_to": ticket.state, "wakes": ref(ticket.owner)}
    tell("ticket.resumed", ticket, actor=actor, at=at, texts={"reason": reason}, **facts)
    return fresh(ticket)


@transaction.atomic
def withdraw_suspension(*, ticket_id: int, actor: Actor, at: datetime, version: int | None = None) -> Ticket:
    """Take the request back before it is decided. Raises Refused("no_suspension")."""
    ticket = take(ticket_id, actor, version)
    lifecycle.require(ticket, "withdraw_suspension", actor)
    suspension = ticket.suspensions.filter(state=Suspension.State.REQUESTED).first()
    if suspension is None:
        raise Refused("no_suspension", _("No suspension is asked for. Look at the ticket again."))
    suspension.state, suspension.ended_at = Suspension.State.WITHDRAWN, at
    suspension.save()
    store(ticket)
    tell("ticket.suspension_withdrawn", ticket, actor=actor, at=at, suspension=ref(suspension))
    return fresh(ticket)
