from datetime import time

import pytest
from django.db import transaction

from catalogue.models import Calendar, Entitlement, Holiday, OpeningHours
from ledger.actor import SYSTEM
from ledger.record import record
from tests.factories.clocks import MINUTE, armed, dispatched_ticket
from tickets.models import Ticket

DAY = 24 * 60 * MINUTE


@pytest.fixture
def office(cast) -> Calendar:
    """Nine to five in UTC, Monday to Friday, for Northgate."""
    office = Calendar.objects.create(name="Office", time_zone="UTC")
    OpeningHours.objects.bulk_create(
        OpeningHours(calendar=office, weekday=day, opens=time(9), closes=time(17)) for day in range(5)
    )
    Entitlement.objects.filter(organisation=cast.northgate).update(calendar=office)
    return office


def changed(calendar: Calendar, at) -> None:
    """What the configuration page records once a calendar's days are saved."""
    with transaction.atomic():
        record(
            "configuration.changed", chain="configuration:catalogue.calendar", actor=SYSTEM, at=at,
            row=str(calendar.uuid), fields=["holiday"],
        )  # fmt: skip


@pytest.mark.invariant("I6")
def test_a_holiday_added_today_moves_what_would_fall_on_it(cast, rules, office, nine):
    ticket = dispatched_ticket(cast, nine + 7 * 60 * MINUTE, priority="P3")  # one hour before closing
    before = armed(rule_code__in=["T-1", "T-4", "E-2"])
    Holiday.objects.create(calendar=office, on=(nine + DAY).date(), name="Day of rest")

    changed(office, nine + 7 * 60 * MINUTE + MINUTE)

    after = armed(rule_code__in=["T-1", "T-4", "E-2"])
    assert after["T-1", 1] == before["T-1", 1]
    assert (before["T-4", 1], after["T-4", 1]) == (nine + DAY + 60 * MINUTE, nine + 2 * DAY + 60 * MINUTE)
    assert after["E-2", 1] == before["E-2", 1]  # counts at any hour
    assert Ticket.objects.get(pk=ticket.pk).next_due_at == after["T-1", 1]


def test_what_is_due_already_stays_due_and_other_calendars_are_left_alone(cast, rules, office, nine):
    dispatched_ticket(cast, nine, priority="P3")
    before = armed(rule_code="T-4")
    Holiday.objects.create(calendar=office, on=nine.date(), name="Too late")
    changed(Calendar.objects.create(name="Elsewhere", time_zone="UTC"), nine + MINUTE)
    assert armed(rule_code="T-4") == before

    changed(office, nine + 130 * MINUTE)

    assert armed(rule_code="T-4") == before
