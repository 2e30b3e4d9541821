"""What a ticket is, in the words policies ask about, and the calendar it was promised (decisions 15)."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q

from accounts.models import Organisation
from catalogue.hours import is_working_day
from catalogue.models import Calendar, Entitlement
from escalation.working import calendar_hours
from ledger.unwatched import once
from tickets.models import Ticket
from tickets.words import WORKING


def calendar_for(organisation_id: int | None, at: datetime) -> Calendar | None:
    """Return the calendar of the entitlement valid at `at`; None without one. 1 query."""
    if organisation_id is None:
        return None
    return once(("calendar", organisation_id, at.date()), lambda: _entitled(organisation_id, at))


def _entitled(organisation_id: int, at: datetime) -> Calendar | None:
    valid = Entitlement.objects.filter(organisation_id=organisation_id, valid_from__lte=at.date())
    valid = valid.filter(Q(valid_to=None) | Q(valid_to__gte=at.date())).select_related("calendar")
    found = valid.order_by("-valid_from").first()
    return found.calendar if found else None


def facts_of(ticket: Ticket, calendar: Calendar | None) -> dict[str, Any]:
    """Return what conditions are matched against. `working_day` is of the day of receipt (C-08)."""
    organisation = ticket.organisation
    tiers = {ticket.tier}
    return {
        "kind": ticket.kind,
        "priority": ticket.priority,
        "category": ticket.category,
        "channel": ticket.channel,
        "critical": ticket.critical,
        "urgent": ticket.urgent or ticket.priority in {"P1", "P2"},
        "complex": ticket.reached_l2 or bool(tiers & {"l2", "l3"}),
        "verified": ticket.verified_at is not None,
        "dispatched": ticket.state in WORKING,
        **facts_of_customer(organisation),
        "working_day": _working_day(ticket.received_at, calendar, organisation),
    }


def facts_of_customer(organisation: Organisation | None) -> dict[str, Any]:
    """Return what conditions ask of the customer; "" and false without one."""
    return {
        "segment": organisation.segment if organisation else "",
        "service_category": organisation.service_category if organisation else "",
        "region": organisation.region if organisation else "",
        "production": bool(organisation and organisation.production),
    }


def zone_of(organisation: Organisation | None) -> str:
    """Return the zone of a customer's wall clock, UTC without a customer."""
    return organisation.time_zone if organisation else "UTC"


def _working_day(at: datetime, calendar: Calendar | None, organisation: Any) -> bool:
    """Without an entitlement: Monday to Friday in the customer's zone."""
    if calendar is not None:
        return is_working_day(at, calendar_hours(calendar))
    return at.astimezone(ZoneInfo(zone_of(organisation))).weekday() < 5
