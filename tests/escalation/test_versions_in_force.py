from datetime import UTC, datetime, timedelta

import pytest

from escalation.commands.fire import fire_all
from escalation.models import Clock, Policy, PolicyVersion
from escalation.policy import Dated, in_force, matches, wall
from escalation.seed import publish, seed_policies
from escalation.shipped import FAULT_HANDLING, MANAGEMENT_LADDER, POLICIES, RESPONSE
from escalation.versions import current_versions
from tests.factories.clocks import MINUTE, armed, dispatched_ticket, fired, logged_ticket, put, say

NINE = datetime(2026, 6, 15, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


def faster(shape, **more):
    return shape | more | {"rules": [{**rule, "offset_s": 60} for rule in shape["rules"]]}


def version(key, n, published, enforced=None):
    return Dated(key, n, enforced, published)


@pytest.mark.parametrize(
    ("versions", "at", "found"),
    [
        ([version(1, 1, NINE)], NINE - HOUR, 1),
        ([version(1, 1, NINE, NINE + HOUR)], NINE, None),
        ([version(1, 1, NINE), version(2, 2, NINE + HOUR)], NINE + HOUR, 2),
        ([version(1, 1, NINE), version(2, 2, NINE, NINE + HOUR)], NINE + HOUR - MINUTE, 1),
        ([version(1, 1, NINE), version(2, 2, NINE, NINE + HOUR)], NINE + HOUR, 2),
        ([version(1, 1, NINE), version(2, 2, NINE, NINE + 9 * HOUR), version(3, 3, NINE + HOUR)], NINE + 2 * HOUR, 3),
        ([], NINE, None),
    ],
)
def test_the_highest_version_enforced_when_the_clock_starts_is_taken(versions, at, found):
    assert in_force(versions, at) == found
    assert in_force(reversed(versions), at) == found


@pytest.mark.invariant("I11")
def test_a_version_enforced_later_leaves_what_begins_before_to_the_one_before(cast, rules, nine):
    enforced = nine + HOUR
    publish(
        Policy.objects.get(key="fault_handling"), faster(FAULT_HANDLING), at=nine, enforce_from=enforced,
        note="Sign for it within a minute",
    )  # fmt: skip

    before = dispatched_ticket(cast, enforced - MINUTE)
    after = dispatched_ticket(cast, enforced)
    put(before, priority="P2")
    say(before, "ticket.reprioritised", enforced + MINUTE, before="P1", after="P2")

    assert armed(rule_code="T-5", clock__ticket=before) == {("T-5", 1): enforced + 179 * MINUTE}
    assert armed(rule_code="T-5", clock__ticket=after) == {("T-5", 1): enforced + MINUTE}
    assert [v.n for v in current_versions("ticket", enforced) if v.policy.key == "fault_handling"] == [2]


def test_a_ticket_received_before_the_new_version_is_enforced_never_fires_by_it(cast, rules, nine):
    publish(Policy.objects.get(key="response"), faster(RESPONSE), at=nine, enforce_from=nine + HOUR)

    logged_ticket(cast, nine + 2 * HOUR, received_at=nine + 30 * MINUTE, channel="email", priority="P3")
    fire_all(nine + 2 * HOUR)

    assert fired(clock__kind="response", rule_code="E-1") == []
    assert Clock.objects.get(kind="response").version.n == 1


def test_an_older_desk_is_given_the_policies_it_lacks_and_keeps_those_somebody_edited(db, cast, nine):
    for shape in POLICIES[:5]:
        policy = Policy.objects.create(key=shape["key"], name=shape["name"], subject=shape["subject"])
        publish(policy, shape, at=nine)
    edited = publish(Policy.objects.get(key="response"), faster(RESPONSE), at=nine + MINUTE)

    current = seed_policies(at=nine + HOUR)

    keys = [shape["key"] for shape in POLICIES]
    assert current.keys() >= set(keys)
    assert current["response"] == edited
    shipped = PolicyVersion.objects.filter(policy__key__in=keys)
    assert shipped.count() == len(POLICIES) + 1
    assert {v.policy.key for v in shipped.filter(published_at=nine + HOUR)} == set(keys[5:])


NIGHT = {"local_time": {"from": "22:00", "to": "06:00"}}


@pytest.mark.parametrize(
    ("conditions", "at", "zone", "holds"),
    [
        (NIGHT, "2026-06-15T22:00", "UTC", True),
        (NIGHT, "2026-06-15T05:59", "UTC", True),
        (NIGHT, "2026-06-15T06:00", "UTC", False),
        (NIGHT, "2026-06-15T12:30", "Australia/Lord_Howe", True),
        (NIGHT, "2026-06-15T09:00", "Australia/Melbourne", False),
        ({"local_time": {"from": "09:00", "to": "17:00"}}, "2026-06-15T17:00", "UTC", False),
        ({"local_time": {"from": "09:00", "to": "09:00"}}, "2026-06-15T09:00", "UTC", False),
        ({"weekday": [5, 6]}, "2026-06-19T15:00", "Australia/Melbourne", True),
        ({"weekday": [5, 6]}, "2026-06-19T15:00", "UTC", False),
        ({"weekday": [0], **NIGHT}, "2026-06-15T23:00", "UTC", True),
    ],
)
def test_hours_and_weekdays_are_read_on_the_customers_wall(conditions, at, zone, holds):
    facts = wall(datetime.fromisoformat(at).replace(tzinfo=UTC), zone)

    assert matches(conditions, facts) is holds


def test_a_policy_for_the_night_starts_by_the_hour_of_receipt_and_goes_on_into_the_day(cast, rules, nine):
    nightly = MANAGEMENT_LADDER | {"conditions": {**MANAGEMENT_LADDER["conditions"], **NIGHT}}
    publish(Policy.objects.get(key="management_ladder"), nightly, at=nine)
    evening_there = nine + 3 * HOUR  # 22:00 in Melbourne

    early = logged_ticket(cast, evening_there - MINUTE, priority="P1")
    late = logged_ticket(cast, evening_there, priority="P1")
    put(late, kind="complaint")
    say(late, "ticket.reclassified", evening_there + 10 * HOUR)

    assert not Clock.objects.filter(kind="management_ladder", ticket=early).exists()
    assert Clock.objects.get(kind="management_ladder", ticket=late).state == "running"
