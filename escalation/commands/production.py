"""Whom the priority escalation serves, at an instant (X-01)."""

from datetime import datetime

from django.db.models import Q

from catalogue.models import Entitlement
from tickets.models import Ticket


def is_production(ticket: Ticket, at: datetime) -> bool:
    """Whether the customer has a formal path: flag of the organisation or of an entitlement valid on the day."""
    if ticket.organisation is None or ticket.organisation_id is None:
        return False
    on = at.date()
    valid = Q(valid_from__lte=on) & (Q(valid_to=None) | Q(valid_to__gte=on))
    flagged = Entitlement.objects.filter(valid, organisation_id=ticket.organisation_id, production=True)
    return ticket.organisation.production or flagged.exists()
