"""After the customer's hours P1 and P2 call out whoever is on call for the team; P3 waits for the morning (V-21)."""

from datetime import timedelta

import pytest

from catalogue.models import Calendar, Entitlement
from catalogue.seed import seed_calendars
from escalation.models import Roster, RosterOverride
from escalation.rosters.fill import fill
from ledger.models import Entry, OutboxMessage
from servicedesk.desk.speech import promise_for
from tests.tickets.path import Path

pytestmark = [pytest.mark.django_db, pytest.mark.rule("V-21")]


@pytest.fixture
def evening(cast, policies, nine) -> Path:
    """Monday 19:00 in Melbourne, on a contract for office hours; Sam is on call for the first line."""
    seed_calendars()
    office = Calendar.objects.get(name="Business hours AEST")
    Entitlement.objects.filter(organisation=cast.northgate).update(calendar=office)
    roster = Roster.objects.create(name="L1 nights", role=f"team:{cast.l1.uuid}", created_at=nine)
    day = timedelta(days=1)
    RosterOverride.objects.create(
        roster=roster, user=cast.sam, from_at=nine - day, to_at=nine + day, made_at=nine - day
    )
    fill(roster, nine)
    return Path(cast, nine)


def test_an_urgent_fault_calls_out_the_on_call_of_the_team(evening, cast):
    ticket = evening.triaged(impact="high", urgency="high")

    item = ticket.work_items.get(source="engagement")
    assert item.owner_user == cast.sam
    fact = Entry.objects.get(name="ticket.on_call_engaged")
    assert OutboxMessage.objects.filter(entry=fact, topic="mail.team_engaged").exists()
    assert promise_for(ticket, evening.now).called_out == "Sam Okafor"


def test_a_lesser_fault_waits_and_the_caller_is_told_when_work_begins(evening, cast):
    ticket = evening.triaged()

    assert ticket.priority == "P3" and not ticket.work_items.filter(source="engagement").exists()
    begins = promise_for(ticket, evening.now).begins
    assert begins.isoformat() == "2026-06-15T23:00:00+00:00"


def test_a_customer_around_the_clock_is_served_by_who_is_there(evening, cast):
    Entitlement.objects.filter(organisation=cast.northgate).update(calendar=cast.calendar)

    ticket = evening.triaged(impact="high", urgency="high")

    assert not ticket.work_items.filter(source="engagement").exists()
    assert promise_for(ticket, evening.now).begins is None
