"""Four hundred days of who answers, against the engine's own answers and against a count of minutes."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from accounts.models import AccountTeamMember, RoleGrant, User
from catalogue.models import Calendar, OpeningHours
from escalation import coverage
from escalation.coverage import check, stretches
from escalation.models import Roster
from escalation.oncall import who
from escalation.rosters.world import NOWHERE, World, load
from escalation.shipped import DUTY_MANAGER, FAULT_HANDLING, rule
from tests.escalation.rosters_oracle import MINUTE, highest_walls, on_plan, plans
from tests.factories.rosters import DAY, HOUR, duty_roster, join, week_layer

NO_SHRINKING = (Phase.explicit, Phase.reuse, Phase.generate)
NIGHT = [{"weekday": day, "from": "22:00", "to": "06:00"} for day in range(7)]
LATE = [{"weekday": day, "from": "06:00", "to": "21:00"} for day in range(6)]


def ladder(*rules, **more):
    return {"key": "x", "name": "X", "subject": "ticket", "conditions": {}, "rules": list(rules)} | more


def calls(role: str, code: str = "X-1", offset: int = 0, anchor: str = "start"):
    return rule(code, "Call", anchor, offset, [role], ["resolved"])


@pytest.fixture
def split(cast, nine):
    """Nights and days of the second line by two people in Lord Howe, Saturdays from 21:00 and Sundays missing; the
    duty managers' roster rests from 10:00 to 11:00 UTC."""
    role = f"team:{cast.l2.uuid}"
    join(cast.l2, cast.bo)
    week_layer(duty_roster(cast, nine, role=role, zone="Australia/Lord_Howe"), cast, nine, cast.sam, windows=LATE)
    facts = {"name": "Nights", "windows": [row for row in NIGHT if row["weekday"] != 6], "accept_gap": True}
    week_layer(Roster.objects.get(), cast, nine, cast.bo, **facts)
    rest = [{"weekday": day, "from": "11:00", "to": "10:00"} for day in range(7)]
    week_layer(duty_roster(cast, nine, cast.mo), cast, nine, cast.mo, windows=rest)
    RoleGrant.objects.filter(role="duty_manager").delete()
    return role


@pytest.mark.invariant("I9")
def test_the_sweep_says_what_the_engine_would_do_hour_by_hour(cast, nine, split, settings):
    settings.BREAK_GLASS = []
    world = load(nine, nine + 9 * DAY)
    nobody, others = stretches(world, split, world.places[0], world.whole)

    at, told = nine, set()
    while at < world.end:
        why = who(split, at=at, organisation_id=cast.northgate.pk, region="au").why
        swept = {"nobody": any(a <= at < b for a, b in nobody), "fallback": any(a <= at < b for a, b in others)}
        assert {name for name, holds in swept.items() if holds} == {why} & {"nobody", "fallback"}, at
        told.add(why)
        at += HOUR
    assert told == {"rotation", "fallback", "nobody"}


@settings(max_examples=60, deadline=None, phases=NO_SHRINKING)
@given(plans(), plans(), st.sets(st.integers(1, 9)))
def test_the_sweep_is_a_count_of_minutes(role_drawn, manager_drawn, gone):
    (role_plan, around), (manager_plan, _other) = role_drawn, manager_drawn
    one, two = replace(role_plan, role="x"), replace(manager_plan, pk=2, role="duty_manager")
    here = {pk: User(pk=pk, is_active=pk not in gone, available=True) for pk in {*range(1, 10), 99}}
    begin, end = around, around + timedelta(hours=6)
    world = World(begin, end, plans=[one, two], people=here, places=[NOWHERE])

    nobody, others = stretches(world, "x", NOWHERE, world.whole)

    walls = {layer.zone: highest_walls(layer.zone, begin, end) for plan in (one, two) for layer in plan.layers}
    at = begin
    while at < end:
        own, manager = ({pk for _rank, pk in on_plan(plan, at, walls)} - gone for plan in (one, two))
        assert any(a <= at < b for a, b in nobody) == (not own and not manager), at
        assert any(a <= at < b for a, b in others) == (not own and bool(manager)), at
        at += MINUTE * 3


def test_an_empty_roster_is_yellow_while_a_duty_manager_answers_and_red_when_none_does(cast, nine, split):
    found = check([ladder(calls(split))], at=nine)

    assert [(hole.kind, hole.severity, hole.times > 50) for hole in found] == [
        ("gap", "red", True), ("gap", "yellow", True)]  # fmt: skip
    assert found[0].from_at > nine and "Data L2" in found[0].sentence and "2 " not in found[0].scope


def test_a_role_that_nobody_holds_falls_to_the_duty_manager_and_without_one_is_red(cast, nine):
    AccountTeamMember.objects.filter(role="account_manager").delete()
    shape = ladder(calls("account_manager"))

    assert [(h.kind, h.severity) for h in check([shape], at=nine)] == [("hole", "yellow")]
    User.objects.filter(pk=cast.mo.pk).update(available=False)
    assert [(h.kind, h.severity, h.times) for h in check([shape], at=nine)] == [("hole", "red", 1)]


def test_a_closed_team_is_red(cast, nine):
    type(cast.l2).objects.filter(pk=cast.l2.pk).update(active=False)

    assert [h.severity for h in check([ladder(calls(f"team:{cast.l2.uuid}"))], at=nine)] == ["red"]


def test_office_hours_need_nobody_at_night(cast, nine):
    office = Calendar.objects.create(name="Office", time_zone="UTC")
    OpeningHours.objects.bulk_create(
        OpeningHours(calendar=office, weekday=day, opens="09:00", closes="17:00") for day in range(5)
    )
    role = f"team:{cast.l2.uuid}"
    windows = [{"weekday": day, "from": "09:00", "to": "17:00"} for day in range(5)]
    week_layer(duty_roster(cast, nine, role=role), cast, nine, cast.sam, windows=windows)

    by_office = calls(role) | {"calendar": str(office.uuid)}
    assert check([ladder(by_office)], at=nine) == []
    assert [h.kind for h in check([ladder(calls(role))], at=nine)] == ["gap"]


def test_steps_that_wait_for_each_other_or_for_nothing_are_red(cast, nine):
    loop = ladder(calls("ceo", "X-1", anchor="fired:X-2"), calls("deputy_gm", "X-2", anchor="fired:X-1"))
    dead = ladder(calls("ceo", "X-1", anchor="fired:Z-9"))

    assert [(h.kind, h.severity, h.rule) for h in check([loop], at=nine)] == [
        ("loop", "red", "X-1"), ("loop", "red", "X-2")]  # fmt: skip
    assert [(h.kind, h.severity) for h in check([dead], at=nine)] == [("dead_step", "red")]


def test_a_step_that_only_reaches_who_was_told_is_dead(cast, nine):
    AccountTeamMember.objects.filter(role="deputy_gm").update(user=cast.people["centre_director"])

    found = check([FAULT_HANDLING], at=nine)

    assert [(h.kind, h.severity, h.rule) for h in found] == [("dead_step", "yellow", "T-5")]


def test_who_stands_in_for_themselves_is_a_loop(cast, nine):
    AccountTeamMember.objects.filter(role="ceo").update(deputy=cast.people["ceo"])

    found = check([ladder(calls("ceo"))], at=nine)

    assert [(h.kind, h.severity, h.role) for h in found] == [("loop", "yellow", "ceo")]


def test_the_check_asks_the_same_however_many_customers(cast, nine, django_assert_max_num_queries):
    with django_assert_max_num_queries(11):
        assert check([DUTY_MANAGER, FAULT_HANDLING], at=nine) == []
    assert coverage.DAYS == 400
