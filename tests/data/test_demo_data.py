"""`make run` shows a whole desk at work; nothing in it came in by another door than the commands."""

import json
import time
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db.models import Count, F, Q
from django.test import override_settings

from accounts.models import Absence, Contact, ContactMethod, Organisation, User, Verification
from catalogue.models import Holiday, Service
from escalation.coverage import check
from escalation.models import Duty, Escalation, Firing, RosterSwap
from escalation.oncall import on_duty_manager, who
from escalation.rosters.gaps import all_gaps
from escalation.rosters.read import alive
from escalation.rosters.strain import strains
from escalation.shipped import POLICIES
from ledger import clock
from ledger.models import Entry, OutboxMessage
from ledger.verify import verify
from quality.models import Survey
from quality.reports.models import Edition
from servicedesk.demo.sheet import PASSWORD
from tickets.models import Interaction, MajorIncident, Ticket
from tickets.words import UNVERIFIED, State

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]
HERO = "Inbound calls fail at 4 of 14 hospital sites"


def test_there_is_a_ticket_in_every_state():
    assert set(Ticket.objects.values_list("state", flat=True)) == set(State.values)
    assert Ticket.objects.count() >= 40


@pytest.mark.rule("V-19")
def test_one_major_incident_runs_and_one_is_reviewed():
    found = {row.state: row for row in MajorIncident.objects.all()}
    assert set(found) == {"declared", "review"} and found["review"].reviewed_at is not None
    running = found["declared"]
    assert running.children.count() == 1 and running.updates.exclude(sent_at=None).count() == 2
    assert set(found["review"].work_items.filter(source="improvement").values_list("state", flat=True)) == {
        "done", "open"
    }  # fmt: skip


@pytest.mark.rule("V-03")
def test_each_service_category_has_three_customers_in_four_regions_and_two_languages():
    counted = Organisation.objects.values_list("service_category").annotate(n=Count("pk"))
    assert dict(counted) == {"enterprise": 3, "government": 3, "wholesale": 3, "channel": 3}
    assert set(Organisation.objects.values_list("region", flat=True)) == {"au", "eu", "us", "cn"}
    assert set(Organisation.objects.values_list("language", flat=True)) == {"en", "zh-hans"}
    assert Contact.objects.count() >= 38 and Service.objects.filter(complete=False).exists()


@pytest.mark.rule("P-02")
def test_every_ticket_past_the_gate_went_through_it():
    opened = Ticket.objects.exclude(state__in=[*UNVERIFIED, "rejected"])
    assert not opened.exclude(verification__outcome="passed").exists()
    with_caller = opened.filter(channel__in=["call", "email", "portal"], prospect=False)
    assert not with_caller.exclude(verification__contact=F("reporter")).exists()
    assert {"failed", "passed"} <= set(Verification.objects.values_list("outcome", flat=True))


def test_the_ledger_holds_and_every_firing_is_in_it():
    report = verify(at=clock.now())
    assert report.holds, report.broken
    firings = Firing.objects.count()
    assert firings > 50
    assert Entry.objects.filter(name="timer.fired").count() == firings


def test_nothing_fired_early_and_nothing_that_was_due_was_left():
    assert not Firing.objects.filter(fired_at__lt=F("due_at")).exists()
    late = Firing.objects.exclude(outcome="collapsed").filter(fired_at__gt=F("due_at") + timedelta(seconds=1))
    assert not late.filter(cause="due").exists()


@pytest.mark.rule("X-04")
def test_the_hospitals_stand_in_the_second_stage_with_one_contact_unconfirmed():
    ticket = Ticket.objects.get(title=HERO)
    escalation = Escalation.objects.get(ticket=ticket)
    assert (ticket.priority, ticket.state, escalation.stage, escalation.production) == ("P1", "l2", 2, True)
    first = Duty.objects.filter(escalation=escalation, stage=1).exclude(role="duty_manager")
    assert set(first.filter(confirmed_at=None).values_list("role", flat=True)) == {"vp_customer_experience"}
    assert escalation.reviewed_at and escalation.contacted_at and escalation.plan_agreed_at is None
    assert ticket.work_items.filter(source="plan").count() == 4
    assert {True, False} == set(ticket.notes.values_list("public", flat=True))
    assert Ticket.objects.get(merged_into=ticket).state == "cancelled"


def test_the_board_has_escalations_of_every_sort():
    open_ones = Escalation.objects.filter(closed_at=None)
    assert open_ones.filter(production=False).exists() and open_ones.filter(plan_agreed_at__isnull=False).exists()
    assert open_ones.filter(ticket__critical=True).exists() and open_ones.filter(ticket__state="suspended").exists()


def test_there_are_restricted_disputed_reopened_promised_and_surveyed_tickets_and_unfinished_calls():
    assert Ticket.objects.get(restricted=True).kind == "security"
    assert Entry.objects.filter(name="ticket.disputed").exists() and Ticket.objects.filter(run_no=2).exists()
    due = Q(commitments__state="open")
    assert Ticket.objects.filter(due, commitments__due_at__lt=clock.now()).exists()
    assert Ticket.objects.filter(due, commitments__due_at__gt=clock.now()).exists()
    assert Survey.objects.filter(rating__lte=2).exists() and Survey.objects.filter(answered_at=None).exists()
    assert Interaction.objects.unfinished().count() >= 2


def test_somebody_is_on_duty_at_every_hour_of_the_next_weeks(nine):
    start = clock.now()
    for hours in range(0, 24 * 50, 7):
        assert on_duty_manager(start + timedelta(hours=hours)).why == "rotation"
    senior = User.objects.get(name="Viktor Sand").memberships.get(team__name="Data L3").team
    assert who(f"team:{senior.uuid}", at=start, organisation_id=None).why == "rotation"


@pytest.mark.rule("V-21")
def test_holidays_stand_in_rows():
    assert Holiday.objects.filter(calendar__holiday_region="AU-VIC", on__month=12, on__day=25).exists()


def test_every_sign_in_printed_opens(client):
    rows = json.loads((settings.DATA_DIR / "demo_signins.json").read_text())
    assert len(rows) >= 10
    for row in rows:
        assert set(row) == {"role", "email", "password", "page"}
        assert User.objects.get(email=row["email"]).check_password(PASSWORD)


def test_a_second_run_changes_nothing(said, django_assert_max_num_queries):
    before = (Ticket.objects.count(), Entry.objects.count(), User.objects.count())
    with django_assert_max_num_queries(12):
        assert "is there" in said("demo_data")
    assert before == (Ticket.objects.count(), Entry.objects.count(), User.objects.count())


@pytest.mark.parametrize("command", ["demo_data", "demo_clock", "seed_acceptance"])
def test_production_refuses_it(command):
    with override_settings(ENV="production"), pytest.raises(CommandError, match="refused"):
        call_command(command)


@pytest.mark.rule("A-04")
def test_rosters_follow_the_sun_and_a_year_of_coverage_is_judged_within_two_seconds():
    at = clock.now()
    began = time.process_time()
    found = check(POLICIES, at=at)
    assert time.process_time() - began < 2

    assert [hole for hole in found if hole.severity == "red"] == []
    empty = all_gaps(alive(at), at, at + timedelta(days=14))
    assert {gap.plan.name for gap in empty} == {"Premise engineering"} and len(empty) == 2
    assert RosterSwap.objects.filter(state="accepted").exists() and RosterSwap.objects.filter(state="asked").exists()
    assert {who("duty_manager", at=at + timedelta(hours=n), organisation_id=None).why for n in range(24)} == {
        "rotation"
    }


@pytest.mark.rule("C-26")
def test_there_is_a_released_report_one_begun_somebody_away_and_ways_that_were_proved():
    released = Edition.objects.get(released_at__isnull=False)
    assert OutboxMessage.objects.get(topic="mail.fault_report").payload["edition"] == str(released.uuid)
    assert Edition.objects.filter(filed_at=None).exists()
    assert Absence.objects.count() == 2 and strains(alive(clock.now()), clock.now(), clock.now() + timedelta(days=14))
    assert set(ContactMethod.objects.filter(verified_at__isnull=False).values_list("channel", flat=True)) == {
        "email", "push"}  # fmt: skip
    assert not OutboxMessage.objects.filter(topic="way.test", state="pending").exists()
