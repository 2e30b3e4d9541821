"""Everybody finds what they were told and confirmed, their own and nobody else's (X-04, X-07)."""

import csv

import pytest

from accounts.actors import actor_for
from accounts.models import AccountTeamMember
from escalation.commands.confirm import confirm_duty
from escalation.commands.fire import fire_all
from tests.factories.clocks import MINUTE, put
from tests.factories.formal import duty, escalate, verified_ticket


@pytest.fixture
def made(cast, rules, nine, desk_time):
    """An escalation whose first contacts were called; the account manager confirmed."""
    row = escalate(verified_ticket(cast, nine, title="Wards without phones"), nine, cast.bo_actor)
    fire_all(nine)
    desk_time(nine + 11 * MINUTE)
    told = duty(row, "account_manager")
    confirm_duty(duty_id=told.pk, actor=actor_for(told.person), at=nine + MINUTE)
    return row


@pytest.mark.rule("X-04")
def test_who_was_told_reads_what_when_and_whether_they_confirmed(cast, made, signed_in):
    manager = signed_in(cast.people["account_manager"])
    rows = manager.get("/supervisor/told/").context["rows"]

    assert [(row.number, row.title, row.state) for row in rows] == [
        (made.ticket.number, "Wards without phones", "confirmed")
    ]
    assert rows[0].what == "Contact the management team" and rows[0].how == "on the desk"
    assert manager.get("/supervisor/told/?only=open").context["rows"] == []
    late = signed_in(cast.people["director_support"]).get("/supervisor/told/?only=open").context["rows"]
    assert [row.state for row in late] == ["over"]


def test_nobody_reads_what_another_was_told(cast, made, signed_in):
    page = signed_in(cast.people["ceo"]).get("/supervisor/told/")

    assert page.context["rows"] == [] and made.ticket.number not in page.content.decode()
    assert signed_in(cast.ada.user).get("/supervisor/told/").status_code == 404


def test_who_no_longer_may_see_the_ticket_keeps_its_number_only(cast, made, signed_in):
    AccountTeamMember.objects.filter(role="account_manager").delete()
    rows = signed_in(cast.people["account_manager"]).get("/supervisor/told/").context["rows"]
    assert [(row.number, row.title, row.customer, row.escalation) for row in rows] == [
        (made.ticket.number, "", "", None)
    ]


def test_the_list_leaves_as_csv_that_no_spreadsheet_runs(cast, made, signed_in):
    put(made.ticket, title="=HYPERLINK(1)")
    answer = signed_in(cast.people["account_manager"]).get("/supervisor/told.csv")

    rows = list(csv.reader(answer.content.decode().splitlines()))
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert rows[1][1:3] == [made.ticket.number, "'=HYPERLINK(1)"]


def test_the_list_asks_the_same_however_long_it_is(cast, rules, nine, made, signed_in, django_assert_max_num_queries):
    for _n in range(3):
        escalate(verified_ticket(cast, nine), nine, cast.bo_actor)
    fire_all(nine)
    client = signed_in(cast.people["account_manager"])
    client.get("/supervisor/told/")
    with django_assert_max_num_queries(15):
        assert len(client.get("/supervisor/told/").context["rows"]) == 4
