from datetime import time

import pytest
from django.test import Client
from django.urls import reverse

from catalogue.models import Calendar, OpeningHours
from escalation.models import Clock, Segment, Timer
from ledger import clock
from servicedesk.api.v1.explanations import explanations
from tests.desk.conftest import BACKEND
from tests.escalation.test_suspension_arithmetic import resume, suspend
from tests.factories.clocks import MINUTE, dispatched_ticket, put


@pytest.fixture
def paused_once(cast, policies, nine):
    """A fault dispatched at nine and paused from ten past to twenty to ten, approved by Cy, looked at at ten."""
    ticket = dispatched_ticket(cast, nine, reporter=cast.ada)
    suspension = suspend(ticket, nine + 10 * MINUTE)
    suspension.approvals.create(function="monitoring", person=cast.cy, approved=True, at=nine)
    resume(ticket, nine + 40 * MINUTE)
    clock.set_demo(demo_now=nine + 60 * MINUTE)
    return put(ticket, state="l1")


def client_of(user):
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def address(door, ticket, code):
    timer = Timer.objects.filter(clock__ticket=ticket, rule_code=code).select_related("clock").latest("occurrence")
    return reverse(f"{door}:ticket-why", args=[ticket.number, timer.clock.uuid, code])


def test_an_agent_reads_every_part_with_who_approved_the_pause_and_the_policy(cast, paused_once):
    bo, page = client_of(cast.bo), address("desk", paused_once, "T-4")

    assert page in bo.get(reverse("desk:ticket", args=[paused_once.number])).content.decode()
    words = bo.get(page).content.decode()

    assert "2 h 00 after the first dispatch" in words
    assert f"approved by {cast.cy}" in words
    assert "Fault handling, version 1" in words
    piece = bo.get(page, headers={"HX-Request": "true"}).content.decode()
    assert "<dialog" in piece
    assert "<html" not in piece


def test_the_customer_reads_the_same_time_in_their_words_and_nobodys_name(cast, paused_once):
    ada, page = client_of(cast.ada.user), address("portal", paused_once, "T-3")

    assert page in ada.get(reverse("portal:ticket", args=[paused_once.number])).content.decode()
    words = ada.get(page).content.decode()

    assert "Next news" in words
    assert "with your consent" in words
    assert cast.cy.name not in words
    assert "Fault handling" not in words


def test_rules_without_words_for_customers_and_foreign_tickets_are_absent(cast, paused_once):
    ada, dee, bo = client_of(cast.ada.user), client_of(cast.dee.user), client_of(cast.bo)

    assert ada.get(address("portal", paused_once, "T-4")).status_code == 404
    assert dee.get(address("portal", paused_once, "T-3")).status_code == 404
    assert ada.get(address("desk", paused_once, "T-3")).status_code in {403, 404}
    assert bo.get(address("desk", paused_once, "T-4").replace("T-4", "X-9")).status_code == 404


def test_the_api_gives_parts_that_add_up(cast, paused_once):
    from tests.api.conftest import ALL, Integration, token

    noc = Integration(token("noc", ALL))
    uuid = Timer.objects.filter(clock__ticket=paused_once, rule_code="T-4").get().clock.uuid

    rules = {one["rule"]: one for one in noc.get(f"clocks/{uuid}/explanation/").json()}

    told = rules["T-4"]
    assert [part["kind"] for part in told["parts"]] == ["counted", "paused", "counted"]
    assert sum(part["counted_seconds"] for part in told["parts"]) == told["wait_seconds"] == 7200
    assert told["parts"][1]["approvals"][0]["person"] == str(cast.cy.uuid)


def test_a_clock_is_read_once_for_all_its_rules(cast, paused_once, django_assert_max_num_queries):
    office = Calendar.objects.create(name="Office", time_zone="UTC")
    OpeningHours.objects.create(calendar=office, weekday=0, opens=time(9), closes=time(17))
    clocks = Clock.objects.filter(ticket=paused_once, kind="fault_handling")
    clocks.update(calendar=office)
    Segment.objects.filter(clock__in=clocks).update(calendar=office)

    clock_row = clocks.get()

    with django_assert_max_num_queries(7):  # timers, stretches, approvals and people, hours of both calendars, the time
        told = explanations(clock_row)

    assert len(told) > 4
