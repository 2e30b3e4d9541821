from datetime import UTC, datetime

import pytest

from escalation.shipped import POLICIES
from escalation.simulator.compare import compare
from escalation.simulator.people import Grant, Member, Place, Rosters, Slot
from escalation.simulator.plan import plan
from escalation.simulator.shapes import Case, Event, version_of
from escalation.simulator.windows import SECOND, us

MINUTE = 60 * SECOND
NINE = us(datetime(2026, 6, 15, 9, tzinfo=UTC))
SHIPPED = {shape["key"]: shape for shape in POLICIES}
FAULT = {"kind": "fault", "priority": "P1", "state": "l1", "dispatched": True, "verified": True, "owner": None,
         "zone": "Australia/Melbourne"}  # fmt: skip
CENTRE = Rosters(team=[Member(role, None, role) for role in ("supervisor", "duty_manager", "centre_director",
                                                             "deputy_gm", "ceo", "account_manager")])  # fmt: skip


def dispatched(*more: Event, minutes: int = 0) -> list[Event]:
    logged = Event(NINE - MINUTE, "ticket.logged", {**FAULT, "state": "intake", "dispatched": False})
    return [logged, Event(NINE + minutes * MINUTE, "ticket.triaged", FAULT), *more]


def fired(events, until_min=200, key="fault_handling", **more):
    rows = plan(version_of(SHIPPED[key]), events, CENTRE, {}, NINE + until_min * MINUTE, **more)
    return [(one.code, one.occurrence, (one.due - NINE) // MINUTE, one.outcome) for one in rows]


@pytest.mark.rule("C-23")
def test_an_untouched_fault_fires_every_rung_at_its_minute():
    rows = fired(dispatched(), 181)

    assert [row for row in rows if row[0] != "T-3"] == [
        ("T-1", 1, 5, "paged"), ("T-1D", 1, 10, "paged"), ("T-4", 1, 120, "paged"), ("T-5", 1, 180, "paged"),
    ]  # fmt: skip
    assert [row[2] for row in rows if row[0] == "T-3"] == [30, 60, 90, 120, 150, 180]


def test_a_look_after_an_outage_collapses_what_repeats_and_moots_nothing():
    look = Event(NINE + 100 * MINUTE, "look")

    rows = fired(dispatched(look), continuous=False)

    assert [row for row in rows if row[0] == "T-3"] == [
        ("T-3", 1, 30, "collapsed"), ("T-3", 2, 60, "collapsed"), ("T-3", 3, 90, "paged"),
    ]  # fmt: skip


def test_what_was_due_when_a_ticket_is_solved_is_moot_where_nobody_looked():
    solved = Event(NINE + 11 * MINUTE, "ticket.resolved", {**FAULT, "state": "closure"})

    assert fired(dispatched(solved), continuous=False) == [("T-1", 1, 5, "moot"), ("T-1D", 1, 10, "moot")]


@pytest.mark.rule("C-22")
def test_a_pause_moves_only_what_may_be_paused():
    held = Event(NINE + MINUTE, "ticket.suspended", {**FAULT, "state": "suspended"})
    back = Event(NINE + 61 * MINUTE, "ticket.resumed", FAULT)

    rows = fired(dispatched(held, back), 100)

    assert ("T-1D", 1, 10, "paged") in rows
    assert ("T-3", 1, 90, "paged") in rows


def test_a_version_that_is_enforced_later_serves_nothing_before():
    later = version_of({**SHIPPED["fault_handling"], "enforce_from": "2026-06-15T09:30:00+00:00"})

    assert plan(later, dispatched(), CENTRE, {}, NINE + 300 * MINUTE) == []
    assert plan(later, dispatched(minutes=31), CENTRE, {}, NINE + 300 * MINUTE) != []


def test_the_wall_time_of_the_customer_decides_a_condition():
    night = {"local_time": {"from": "18:00", "to": "06:00"}}  # nine o'clock UTC is evening in Melbourne
    shape = {**SHIPPED["fault_handling"]}
    shape["rules"] = [{**row, "when": night} for row in shape["rules"]]

    assert fired(dispatched(), 60) != []
    assert len(plan(version_of(shape), dispatched(), CENTRE, {}, NINE + 6 * MINUTE)) == 1
    day = [{**row, "when": {"local_time": {"from": "06:00", "to": "18:00"}}} for row in shape["rules"]]
    assert plan(version_of({**shape, "rules": day}), dispatched(), CENTRE, {}, NINE + 60 * MINUTE) == []


def test_a_comparison_names_what_is_added_removed_and_moved_and_who_is_woken():
    old, new = SHIPPED["fault_handling"], {**SHIPPED["fault_handling"]}
    waits = {"T-1D": 900, "T-5": 30_000}
    new["rules"] = [{**row, "offset_s": waits.get(row["code"], row["offset_s"])} for row in old["rules"]]
    case = Case(name="SD-1", events=dispatched(), until=NINE + 200 * MINUTE, zone="Australia/Melbourne")

    found = compare(old, new, [case], rosters=CENTRE).as_dict()

    assert (found["added"], found["removed"], found["moved"]) == (0, 1, 1)
    assert found["differences"][0]["removed"][0][:2] == ["T-5", 1]
    assert found["differences"][0]["moved"][0][:2] == ["T-1D", 1]
    assert (found["old"]["top"], found["new"]["top"]) == (2, 1)
    assert found["old"]["to_first_s"]["median"] == 360
    night = found["old"]["night"]  # 22:00 in Melbourne is 12:00 UTC
    assert night == [["deputy_gm", 22, 1], ["owner", 22, 1]]


def test_a_role_is_answered_by_the_narrowest_roster_then_the_next_rung():
    rosters = Rosters(
        [Slot("supervisor", "global", 1, 1, "rotation", 0, 100), Slot("supervisor", "global", 1, 2, "override", 10, 20),
         Slot("supervisor", "customer:7", 1, 1, "own", 30, 40)],
        [Member("account_manager", 7, "am", "deputy")], [Grant("duty_manager", "duty", "eu")], ["all@x"], {"am"},
    )  # fmt: skip

    assert [rosters.who("supervisor", Place(7), at) for at in (5, 15, 35, 50)] == [
        "rotation", "override", "own", "rotation",
    ]  # fmt: skip
    assert rosters.who("account_manager", Place(7), 5) == "deputy"
    assert rosters.who("ceo", Place(7, "eu"), 5) == "duty"
    assert rosters.who("ceo", Place(7, "au"), 5) == "all@x"
    assert Rosters().who("ceo", Place(7), 5) is None
