"""Customers are told of planned work, each named alone, in its own language, through the outbox (C-29)."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Contact
from ledger.actor import Actor
from ledger.errors import Refused
from tickets import planned
from tickets.commands.base import ref
from tickets.commands.maintenance_base import (
    hours_and_leads,
    require_leader,
    require_state,
    store_window,
    take_window,
    tell_window,
    touched,
)
from tickets.models import Maintenance
from tickets.text import require_reason

State = Maintenance.State
NOTICE, MOVED, CANCELLED, LONGER, DONE, FAILED = "notice", "moved", "cancelled", "longer", "done", "failed"


@transaction.atomic
def send_notices(
    *, maintenance_id: int, actor: Actor, at: datetime, lead_reason: str = "", version: int | None = None
) -> Maintenance:
    """Tell every customer touched of approved work; each hears of its own services and of nobody else.

    Raises Refused: wrong_state, past_window, short_notice (a lead time is missed and no reason was given),
    nobody_to_tell (a customer without a contact that can be written to).
    """
    window = take_window(maintenance_id, actor, version)
    require_leader(window, actor)
    require_state(window, State.APPROVED)
    if at >= window.starts_at:
        raise Refused("past_window", _("The window has begun. Move it before anybody is told."))
    late = _late(window, at)
    if late and not window.lead_reason:
        if not lead_reason.strip():
            message = _("It is too late for the lead time of a customer. Move it, or say why it cannot wait.")
            raise Refused("short_notice", message, "lead_reason")
        window.lead_reason = require_reason(lead_reason, "lead_reason")[:1000]
    told = tell_customers(window, NOTICE, actor=actor, at=at, only_told=False)
    window.impacts.filter(left_out=False).update(told_at=at)
    window.state, window.noticed_at = State.NOTICED, at
    store_window(window)
    tell_window("maintenance.noticed", window, actor=actor, at=at, contacts=told, late=late)
    return window


def tell_customers(window: Maintenance, what: str, *, actor: Actor, at: datetime, only_told: bool = True) -> int:
    """Write one fact per customer, whose outbox row becomes one letter to each of its contacts; return the contacts.

    only_told  leave out customers who were never told of this window. The window's times are frozen in the fact.
    Raises Refused("nobody_to_tell") for a first notice to a customer whom nobody can be told for.
    """
    told = 0
    known = set(window.impacts.filter(told_at__isnull=False).values_list("organisation_id", flat=True))
    customers = [each for each in touched(window) if not only_told or each.pk in known]
    people = receivers([each.pk for each in customers])
    for customer in customers:
        to = people.get(customer.pk, [])
        if not to and what == NOTICE:
            message = _("%(name)s has no contact that can be written to. Add one, or take its services out.")
            raise Refused("nobody_to_tell", message % {"name": customer.name})
        told += len(to)
        tell_window(
            "maintenance.customer_told", window, actor=actor, at=at, what=what, organisation=ref(customer),
            contacts=to, starts_at=window.starts_at, ends_at=window.ends_at,
        )  # fmt: skip
    return told


def receivers(organisation_ids: list[int]) -> dict[int, list[str]]:
    """Return by customer the public ids of the contacts who are told: those who may change or approve, else those who
    may report. 1 query."""
    able = Contact.objects.filter(organisation_id__in=organisation_ids, active=True, erased_at=None).exclude(email="")
    rows = able.filter(Q(may_change=True) | Q(may_approve=True) | Q(may_report=True)).order_by("pk")
    first: dict[int, list[str]] = {}
    second: dict[int, list[str]] = {}
    for contact in rows:
        leads = contact.may_change or contact.may_approve
        (first if leads else second).setdefault(contact.organisation_id, []).append(str(contact.uuid))
    return second | first


def _late(window: Maintenance, at: datetime) -> list[str]:
    """Return the public ids of customers whose lead time is missed."""
    rows = hours_and_leads(touched(window), at)
    return [str(each.uuid) for each, hours, days in rows if not planned.in_time(at, window.starts_at, days, hours)]
