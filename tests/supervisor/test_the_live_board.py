import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.actors import actor_for
from accounts.models import AccountTeamMember, RoleGrant
from escalation.board import Filters, board
from escalation.commands.confirm import confirm_duty
from escalation.commands.fire import fire_all
from tests.factories.cast import staff
from tests.factories.clocks import MINUTE, put
from tests.factories.formal import duty, escalate, verified_ticket

HX = {"HX-Request": "true"}


def escalated(cast, at, **fields):
    return escalate(verified_ticket(cast, at, **fields), at, cast.bo_actor)


def states(lane):
    return [(rung.code, rung.state, rung.note) for rung in lane.rungs]


@pytest.mark.rule("X-09")
@pytest.mark.rule("C-23")
def test_a_lane_tells_every_rung_who_is_told_and_who_is_not(cast, rules, nine):
    made = escalated(cast, nine)
    fire_all(nine)
    manager = duty(made, "account_manager")
    confirm_duty(duty_id=manager.pk, actor=actor_for(manager.person), at=nine + 3 * MINUTE)

    lane = board(cast.mo_actor, at=nine + 6 * MINUTE).lanes[0]

    assert states(lane) == [
        ("F-1D", "soon", "1 of 3"),
        ("F-2", "running", "at the latest"),
        ("D-1D", "running", ""),
        ("T-4", "running", ""),
        ("T-5", "running", ""),
    ]
    assert (lane.group, lane.due_at, lane.what) == ("soon", nine + 10 * MINUTE, "Contacts confirmed")
    assert [person.name for person in lane.told] == ["Daniel Hartley"]
    assert {person.name for person in lane.unconfirmed} == {"Ruth Adeyemi", "Marcus Vaile", "Mo Tan"}


@pytest.mark.rule("X-09")
@pytest.mark.rule("X-07")
@pytest.mark.rule("C-23")
def test_fired_rungs_stay_fired_and_bear_their_time(cast, rules, nine):
    escalated(cast, nine)
    for minute in range(0, 181, 10):
        fire_all(nine + minute * MINUTE)

    lane = board(cast.mo_actor, at=nine + 181 * MINUTE).lanes[0]

    assert [(rung.code, rung.state, rung.at) for rung in lane.rungs] == [
        ("F-1D", "fired", nine + 10 * MINUTE),
        ("F-2", "fired", nine + 30 * MINUTE),
        ("D-1D", "fired", nine + 30 * MINUTE),
        ("T-4", "fired", nine + 120 * MINUTE),
        ("T-5", "fired", nine + 180 * MINUTE),
    ]


def test_the_number_of_queries_does_not_grow_with_what_is_open(cast, rules, nine):
    reader = cast.mo_actor

    def count():
        with CaptureQueriesContext(connection) as seen:
            board(reader, at=nine + MINUTE)
        return len(seen)

    escalated(cast, nine)
    fire_all(nine)
    one = count()
    for _number in range(6):
        escalated(cast, nine)
    fire_all(nine)

    assert count() == one <= 6


def test_an_account_manager_sees_own_organisations_only(cast, rules, nine):
    escalated(cast, nine)
    foreign = escalated(cast, nine, organisation=cast.other, reporter=cast.dee)
    stranger = staff("other-am@desk.example", "Olga Am")
    AccountTeamMember.objects.create(organisation=cast.other, role="account_manager", user=stranger)

    own = actor_for(cast.people["account_manager"])

    assert [lane.escalation for lane in board(actor_for(stranger), at=nine).lanes] == [foreign]
    assert [lane.escalation.ticket.organisation for lane in board(own, at=nine).lanes] == [cast.northgate]


@pytest.mark.rule("A-01")
def test_the_board_narrows_by_region_team_segment_and_category(cast, rules, nine):
    here = escalated(cast, nine)
    escalated(cast, nine, organisation=cast.other, reporter=cast.dee)

    for chosen in (Filters(region="au"), Filters(segment="premium"), Filters(category="government")):
        assert [lane.escalation for lane in board(cast.mo_actor, at=nine, filters=chosen).lanes] == [here]
    put(here.ticket, team=cast.l2)
    chosen = Filters(team=str(cast.l2.uuid))
    assert [lane.escalation for lane in board(cast.mo_actor, at=nine, filters=chosen).lanes] == [here]


def test_the_page_and_its_live_part_stand_at_one_address(cast, rules, nine, signed_in, desk_time):
    desk_time(nine + MINUTE)
    made = escalated(cast, nine)
    client = signed_in(cast.mo)

    page = client.get("/supervisor/")
    part = client.get("/supervisor/", headers=HX)

    assert page.status_code == part.status_code == 200
    assert b"<html" in page.content and b"<html" not in part.content
    assert f'id="lane-{made.uuid}"'.encode() in page.content and b'data-live="/supervisor/"' in part.content
    again = client.get("/supervisor/", headers={**HX, "If-None-Match": part.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_people_of_one_scope_share_a_drawn_board_and_a_change_draws_it_anew(cast, rules, nine, signed_in, desk_time):
    desk_time(nine)
    RoleGrant.objects.create(user=cast.sam, role="duty_manager")
    mo, sam = signed_in(cast.mo), signed_in(cast.sam)
    first = mo.get("/supervisor/", headers=HX).headers["ETag"]

    assert sam.get("/supervisor/", headers=HX).headers["ETag"] == first

    escalated(cast, nine)
    assert sam.get("/supervisor/", headers=HX).headers["ETag"] != first


def test_the_wall_is_dark_and_has_no_controls_of_its_own(cast, rules, nine, signed_in, desk_time):
    desk_time(nine)

    page = signed_in(cast.mo).get("/supervisor/?view=wall").content.decode()

    assert 'data-bs-theme="dark"' in page and 'data-view="wall"' in page


def test_a_customer_finds_no_board(cast, rules, signed_in):
    assert signed_in(cast.ada.user).get("/supervisor/").status_code == 404
