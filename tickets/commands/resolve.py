"""Solved, confirmed or disputed (V-15, C-21, C-24, C-25)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from catalogue.models import Alert
from ledger.actor import Actor
from ledger.errors import Refused
from ledger.models import Entry
from tickets import lifecycle, words
from tickets.commands.base import fresh, ref, store, take, tell
from tickets.commands.close import cancel, close, follow_up_ticket, reopen
from tickets.commands.endings import end_open_matters
from tickets.commands.participants import take_part
from tickets.models import Ticket
from tickets.text import require_reason, require_words

__all__ = ["cancel", "close", "confirm", "dispute", "follow_up_ticket", "reopen", "resolve"]

HOW = ("customer", "agent_call", "evidence", "no_answer")


@transaction.atomic
def resolve(
    *,
    ticket_id: int,
    resolution_code: str,
    cause_code: str,
    cause: str,
    resolution: str,
    participants_confirmed: bool,
    actor: Actor,
    at: datetime,
    version: int | None = None,
) -> Ticket:
    """Move to closure with code, cause, what fixed it and who took part; the customer is asked to confirm.

    A suspension still asked for is withdrawn; promises of a resolution are settled.
    Raises Refused("bad_code"), ("placeholder") (C-21), ("participants") (C-24), ("open_work").
    """
    ticket = take(ticket_id, actor, version)
    lifecycle.require(ticket, "resolve", actor)
    for field, value, known in (
        ("resolution_code", resolution_code, words.Resolution), ("cause_code", cause_code, words.Cause),
    ):  # fmt: skip
        if value not in known.values:
            raise Refused("bad_code", _("Choose the code from the list."), field)
    cause, resolution = require_words(cause, "cause"), require_words(resolution, "resolution")
    if participants_confirmed is not True:
        message = _("Look through the people who took part, complete the list, then confirm it.")
        raise Refused("participants", message, "participants_confirmed")
    was = ticket.state
    ticket.resolve()
    ticket.resolution_code, ticket.cause_code = resolution_code, cause_code
    ticket.cause, ticket.resolution, ticket.resolved_at = cause, resolution, at
    store(ticket)
    if actor.is_staff:
        take_part(ticket, "worked", at=at, user_id=actor.user_id)
    end_open_matters(ticket, at=at)
    facts = {"code": resolution_code, "cause_code": cause_code, "state_from": was, "state_to": ticket.state}
    tell("ticket.resolved", ticket, actor=actor, at=at, texts={"cause": cause, "resolution": resolution}, **facts)
    return fresh(ticket)


@transaction.atomic
def confirm(
    *, ticket_id: int, how: str, actor: Actor, at: datetime, evidence: str = "", version: int | None = None
) -> Ticket:
    """Confirm that it is solved (C-25); the survey follows.

    how  customer (says so itself, or a recorded word of it), agent_call (the customer was reached after the
         repair), evidence (alarms cleared, attempts to reach it failed, evidence in words), no_answer (system only).
    Raises Refused("bad_how"), ("not_reached"), ("no_attempts"), ("alarms_active"), ("placeholder").
    """
    ticket = take(ticket_id, actor, version)
    lifecycle.require(ticket, "confirm", actor)
    if how not in HOW or (actor.is_customer and how != "customer"):
        raise Refused("bad_how", _("Choose how it was confirmed from the list."), "how")
    _require_proof(ticket, how, evidence, actor)
    ticket.confirm()
    ticket.confirmed_at, ticket.confirmed_how = at, how
    store(ticket)
    if actor.is_customer:
        take_part(ticket, "customer", at=at, contact_id=actor.contact_id)
    facts = {"how": how, "state_from": "closure", "state_to": ticket.state}
    tell("ticket.confirmed", ticket, actor=actor, at=at, texts={"evidence": evidence.strip()}, **facts)
    return fresh(ticket)


@transaction.atomic
def dispute(*, ticket_id: int, reason: str, actor: Actor, at: datetime, version: int | None = None) -> Ticket:
    """Not solved after all: back to its tier; the clocks go on as if it had never been solved (decisions 15).

    The owner stays, and signs for it again.
    """
    ticket = take(ticket_id, actor, version)
    lifecycle.require(ticket, "dispute", actor)
    reason = require_reason(reason)
    ticket.dispute()
    ticket.resolved_at = ticket.signed_at = None
    store(ticket)
    if actor.is_customer:
        take_part(ticket, "customer", at=at, contact_id=actor.contact_id)
    facts = {"state_from": "closure", "state_to": ticket.state, "wakes": ref(ticket.owner)}
    tell("ticket.disputed", ticket, actor=actor, at=at, texts={"reason": reason}, **facts)
    return fresh(ticket)


def _require_proof(ticket: Ticket, how: str, evidence: str, actor: Actor) -> None:
    if how == "no_answer" and actor.kind != "system":
        raise Refused("bad_how", _("Only time confirms by silence. Reach the customer, or give evidence."), "how")
    if how == "agent_call" and "reached" not in _outcomes(ticket):
        message = _("Record that you reached the customer after the repair, then confirm.")
        raise Refused("not_reached", message, "how")
    if how != "evidence":
        return
    require_words(evidence, "evidence")
    if not _outcomes(ticket).intersection({"not_reached", "left_message"}):
        raise Refused("no_attempts", _("Try to reach the customer first, and record the attempt."), "how")
    if ticket.service_id and Alert.objects.filter(service_id=ticket.service_id, cleared_at=None).exists():
        raise Refused("alarms_active", _("Alarms on the service are still active. Clear them first."), "how")


def _outcomes(ticket: Ticket) -> set[str]:
    told = Entry.objects.filter(chain=ticket.chain, name="ticket.contact_recorded", at__gte=ticket.resolved_at)
    return {data.get("outcome", "") for data in told.values_list("data", flat=True)}
