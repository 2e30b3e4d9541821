"""A floor with two shifts and the sheet between them."""

from datetime import timedelta

import pytest

from escalation.models import Handover
from tests.factories.clocks import dispatched_ticket, escalated_ticket, put
from tests.factories.shifts import sheet, two_shifts
from tickets.models import Commitment

HOUR = timedelta(hours=1)


@pytest.fixture
def floor(cast, rules, nine):
    """Day and evening overlap from 14:00 to 14:30; an escalation, a P3 due tonight, L3 work promised."""
    day, evening = two_shifts(cast, nine)
    escalation = escalated_ticket(cast, nine + HOUR, title="Calls fail")
    due = dispatched_ticket(cast, nine + HOUR, title="Fax fails", priority="P3", team=cast.l1)
    put(due, next_due_at=nine + 9 * HOUR, next_due_code="T-3", last_public_at=nine + HOUR)
    top = dispatched_ticket(cast, nine + HOUR, title="Roll back", priority="P3", tier="l3")
    put(top, state="l3", tier="l3", team=cast.l3, last_public_at=nine + HOUR)
    Commitment.objects.create(
        ticket=top, kind="resolution", text="By tonight", due_at=nine + 8 * HOUR, made_by=cast.sam, made_at=nine
    )
    return {"evening": evening, "begins": nine + 5 * HOUR, "escalation": escalation, "due": due, "top": top}


@pytest.fixture
def drafted(cast, floor, nine) -> Handover:
    return sheet(cast, floor["evening"], floor["begins"], nine + 4 * HOUR)
