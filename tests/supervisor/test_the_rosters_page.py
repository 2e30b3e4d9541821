import csv
import io

import pytest

from escalation.commands.roster import override
from escalation.commands.roster_swap import ask_swap
from escalation.models import Roster, RosterLayer, RosterOverride, RosterSlot
from tests.factories.rosters import DAY, HOUR, duty_roster, give, lead, week_layer, weeks

OFFICE = [{"weekday": day, "from": "09:00", "to": "17:00"} for day in range(7)]


@pytest.fixture
def floor(cast, rules, nine, desk_time):
    """Duty managers by week, Mo this week; Data L2 in office hours; an override tomorrow and a swap asked."""
    desk_time(nine)
    made = weeks(cast, nine - 10 * DAY, cast.mo, cast.sam, starts_on=(nine - 14 * DAY).date())
    office = duty_roster(cast, nine - 10 * DAY, cast.mo, name="Data L2", role=f"team:{cast.l2.uuid}")
    week_layer(office, cast, nine - 10 * DAY, cast.sam, windows=OFFICE)
    tomorrow = nine + DAY
    override(role="duty_manager", user_id=cast.sam.pk, from_at=tomorrow, to_at=tomorrow + HOUR, reason="Leave",
             actor=lead(cast), at=nine)  # fmt: skip
    ask_swap(roster_id=made.pk, other_id=cast.sam.pk, from_at=nine + 2 * DAY, to_at=nine + 3 * DAY,
             actor=cast.mo_actor, at=nine)  # fmt: skip
    return made


@pytest.mark.rule("A-04")
def test_the_page_tells_who_is_on_until_when_who_follows_and_where_nobody_is(cast, floor, nine, signed_in):
    answer = signed_in(cast.bo).get("/supervisor/rosters/")
    page, told = answer.content.decode(), answer.context["told"]

    duty, office = (
        next(line for line in told.lines if line.plan.name == name) for name in ("Duty managers", "Data L2")
    )
    assert ([u for u, _turn in duty.on], duty.until, duty.follower) == ([cast.mo], nine + DAY, cast.sam)
    assert (office.until, office.empty_to) == (nine + 8 * HOUR, nine + DAY)
    assert len(told.gaps) == 14 and "nobody until" in page and "swap asked" in page
    assert "Save override" not in page and "Everything" not in page


def test_the_page_asks_the_same_however_many_rosters(cast, floor, nine, signed_in, django_assert_max_num_queries):
    client = signed_in(cast.cy)
    client.get("/supervisor/rosters/")
    give("supervisor", cast.sam)
    week_layer(duty_roster(cast, nine, role="supervisor", name="Floor"), cast, nine, cast.sam)

    with django_assert_max_num_queries(44):
        assert client.get("/supervisor/rosters/").status_code == 200


def test_any_moment_is_asked_in_the_readers_zone_and_nonsense_gets_a_sentence(cast, floor, nine, signed_in):
    client = signed_in(cast.bo)

    asked = client.get("/supervisor/rosters/?ask=2027-06-22T03:15").context["asked"]
    assert {plan.name: user for plan, user, _turn in asked} == {"Duty managers": cast.sam, "Data L2": None}
    for said in ("noon", "2027-99-22T03:15", "9999-12-31T23:59"):
        answer = client.get("/supervisor/rosters/", {"ask": said})
        assert answer.status_code == 200
    assert "Write a day and a time." in client.get("/supervisor/rosters/?ask=noon").content.decode()


@pytest.mark.rule("A-04")
def test_a_supervisor_overrides_in_one_step_in_the_zone_named(cast, floor, nine, signed_in):
    sent = {"role": f"team:{cast.l2.uuid}", "scope": "global", "user": cast.sam.uuid, "from_at": "2026-06-16T08:00",
            "to_at": "2026-06-16T09:00", "zone": "UTC", "reason": "Closes the gap"}  # fmt: skip
    client = signed_in(cast.cy)

    first = client.post("/supervisor/rosters/override/", sent)
    second = client.post("/supervisor/rosters/override/", sent)

    assert (first.status_code, second.status_code) == (303, 422)
    assert "Another override covers part of these hours" in second.content.decode()
    slot = RosterSlot.objects.get(role=f"team:{cast.l2.uuid}", layer=2)
    assert (slot.user, slot.during.lower) == (cast.sam, nine + 23 * HOUR)


def test_an_override_is_taken_back_with_a_reason(cast, floor, signed_in):
    made = RosterOverride.objects.get()
    address = f"/supervisor/rosters/overrides/{made.uuid}/remove/"
    client = signed_in(cast.cy)

    assert client.get(address).status_code == 200 and client.post(address, {"reason": ""}).status_code == 422
    assert client.post(address, {"reason": "Back early"}).status_code == 303
    assert RosterOverride.objects.get().removed_at is not None


def test_layers_are_set_and_a_gap_is_named_before_it_is_left(cast, floor, signed_in):
    client, address = signed_in(cast.cy), f"/supervisor/rosters/{floor.uuid}/"
    sent = {"name": "Weeks", "length": "2", "unit": "day", "starts_on": "2026-06-15", "handoff": "08:00",
            "time_zone": "Australia/Lord_Howe", "position": "1", "member_1": cast.sam.uuid, "member_2": cast.mo.uuid,
            "days_1": ["0", "1"], "opens_1": "09:00", "closes_1": "17:00"}  # fmt: skip

    refused = client.post(address + "layer/", sent)
    assert refused.status_code == 422 and "This leaves nobody on" in refused.content.decode()
    assert client.post(address + "layer/", sent | {"opens_1": ""}).status_code == 422
    assert client.post(address + "layer/", sent | {"accept_gap": "on"}).status_code == 303

    made = RosterLayer.objects.get(roster=floor, to_at=None)
    assert (made.members, made.length, len(made.windows)) == ([cast.sam.pk, cast.mo.pk], 2, 2)
    assert b"Layer set: Weeks" in client.get(address).content
    assert client.get(address + "?layer=Weeks").context["form_layer"]["opens_1"].value().hour == 9


def test_rosters_begin_change_and_end_at_the_door(cast, rules, nine, desk_time, signed_in):
    desk_time(nine)
    client = signed_in(cast.cy)
    sent = {"name": "Floor", "role": "supervisor", "scope": "global", "time_zone": "Europe/Dublin", "deputy": ""}

    assert client.post("/supervisor/rosters/new/", sent).status_code == 303
    assert client.post("/supervisor/rosters/new/", sent).status_code == 422
    made = Roster.objects.get()
    address = f"/supervisor/rosters/{made.uuid}/"
    assert client.post(address + "facts/", sent | {"name": "Shop", "deputy": cast.sam.uuid}).status_code == 303
    assert client.post(address + "retire/", {"reason": "Over"}).status_code == 303
    assert Roster.objects.get().retired_at and client.post(address + "nothing/", {}).status_code == 404


def test_agents_read_and_customers_find_nothing(cast, floor, nine, signed_in):
    agent, customer = signed_in(cast.bo), signed_in(cast.ada.user)
    one = f"/supervisor/rosters/{floor.uuid}/"

    for path in ("/supervisor/rosters/", "/supervisor/rosters/on-call.csv", one):
        assert (agent.get(path).status_code, customer.get(path).status_code) == (200, 404), path
    for path in ("/supervisor/rosters/override/", "/supervisor/rosters/new/", one + "layer/", one + "retire/"):
        assert agent.post(path, {}).status_code == 404, path
    scoped = duty_roster(cast, nine, role="ceo", scope=f"customer:{cast.other.pk}", name="Calder")
    type(cast.bo.role_grants.first()).objects.filter(user=cast.bo).update(region="au")
    assert agent.get(f"/supervisor/rosters/{scoped.uuid}/").status_code == 404


def test_the_csv_holds_turns_and_gaps_and_no_formula(cast, floor, signed_in):
    Roster.objects.filter(pk=floor.pk).update(name="=cmd()")

    rows = list(csv.reader(io.StringIO(signed_in(cast.bo).get("/supervisor/rosters/on-call.csv").content.decode())))

    assert rows[0][0] == "Roster" and {row[0] for row in rows[1:]} == {"'=cmd()", "Data L2"}
    assert sum(row[5] == "Gap" for row in rows) == 14


def test_coverage_is_shown_to_who_keeps_rosters(cast, floor, signed_in):
    page = signed_in(cast.mo).get("/supervisor/rosters/coverage/").content.decode()

    assert "next 400 days" in page and signed_in(cast.bo).get("/supervisor/rosters/coverage/").status_code == 404
