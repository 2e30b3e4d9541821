"""Through the gate without an account behind it: a prospect, or work nobody called about (decisions 16)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from ledger.actor import Actor
from ledger.errors import Refused
from tickets import lifecycle
from tickets.commands.base import take
from tickets.commands.gate import open_ticket, without_caller
from tickets.models import Ticket
from tickets.text import require_number


@transaction.atomic
def verify_prospect(
    *,
    ticket_id: int,
    callback_number: str,
    callback_confirmed: bool,
    actor: Actor,
    at: datetime,
    version: int | None = None,
) -> Ticket:
    """Open a prospect's inquiry: no account data behind it, none shown (domain.md, `verify`).

    Raises Refused("not_a_prospect") for any other kind or when an organisation is named on it.
    """
    ticket = take(ticket_id, actor, version)
    lifecycle.require(ticket, "verify", actor)
    if ticket.kind != "inquiry" or ticket.organisation_id is not None or ticket.state != "auth":
        message = _("Only an inquiry of somebody who is not a customer yet passes so. Verify the caller instead.")
        raise Refused("not_a_prospect", message)
    number = require_number(callback_number)
    if callback_confirmed is not True:
        raise Refused("no_callback", _("Confirm the call-back number with the caller first."), "callback_confirmed")
    ticket.prospect, ticket.callback_number, ticket.callback_confirmed_at = True, number, at
    made = without_caller(ticket, "prospect", actor=actor, at=at)
    ticket.interactions.filter(ended_at=None).update(verified=True)
    return open_ticket(ticket, made, method="prospect", actor=actor, at=at)


@transaction.atomic
def verify_without_caller(
    *, ticket_id: int, method: str, actor: Actor, at: datetime, version: int | None = None
) -> Ticket:
    """Open work nobody called about: `method` internal (staff, problem, child), monitoring (alert) or token.

    Raises Refused("bad_method"), ("has_caller") when a caller stands behind it, ("not_allowed") for customers,
    and for `token` from anyone but an integration.
    """
    ticket = take(ticket_id, actor, version)
    lifecycle.require(ticket, "verify", actor)
    if method not in {"internal", "monitoring", "token"}:
        raise Refused("bad_method", _("Choose the method from the list."), "method")
    if (method == "token") != (actor.kind == "integration" and method == "token"):
        raise Refused("not_allowed", _("Only an integration passes by its token. Choose another method."), "method")
    live = ticket.interactions.filter(direction="in", channel__in=("call", "walk_in", "chat", "email", "portal"))
    if ticket.channel in {"call", "walk_in", "chat", "email", "portal"} or live.exists():
        raise Refused("has_caller", _("Somebody called about this. Verify that caller instead."))
    made = without_caller(ticket, method, actor=actor, at=at)
    return open_ticket(ticket, made, method=method, actor=actor, at=at)
