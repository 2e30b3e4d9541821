import pytest

from escalation.commands.fire import fire_all
from escalation.commands.seal import seal_firings
from escalation.models import Clock, Firing, Timer
from escalation.moving import REMOVED, SKIPPED
from tests.factories.clocks import MINUTE, armed, dispatched_ticket, escalated_ticket, fired, put, say
from tests.factories.policies import moved, published, with_rules

KEY = "fault_handling"


@pytest.mark.invariant("I11")
def test_a_moved_clock_counts_by_the_new_version_from_what_it_has_counted(cast, rules, nine):
    ticket = dispatched_ticket(cast, nine)
    version = published(KEY, cast.cy_actor, nine + 20 * MINUTE, T_4={"offset_s": 5400})

    done = moved(cast.cy_actor, KEY, nine + 20 * MINUTE)

    assert (done.state, done.moved, done.total, done.left) == ("done", 1, 1, 0)
    clock = Clock.objects.get(ticket=ticket, kind=KEY)
    assert clock.version == version
    assert armed(clock=clock, rule_code__in=["T-4", "T-5"]) == {
        ("T-4", 1): nine + 90 * MINUTE, ("T-5", 1): nine + 180 * MINUTE}  # fmt: skip
    assert set(Timer.objects.filter(clock=clock, state="armed").values_list("rule__version", flat=True)) == {version.pk}


@pytest.mark.invariant("I1")
def test_what_fired_never_fires_again_and_what_is_due_stays_due(cast, rules, nine):
    dispatched_ticket(cast, nine)
    fire_all(nine + 6 * MINUTE)
    published(KEY, cast.cy_actor, nine + 11 * MINUTE, T_1={"offset_s": 480}, T_1D={"offset_s": 1200})

    moved(cast.cy_actor, KEY, nine + 11 * MINUTE)
    fire_all(nine + 25 * MINUTE)

    assert fired(rule_code__in=["T-1", "T-1D"]) == [("T-1", 1, "paged"), ("T-1D", 1, "paged")]
    assert Firing.objects.get(rule_code="T-1D").due_at == nine + 10 * MINUTE


def test_a_removed_rule_is_cancelled_with_its_reason(cast, rules, nine):
    dispatched_ticket(cast, nine)
    with_rules(KEY, cast.cy_actor, nine + MINUTE, lambda rules: [rule for rule in rules if rule["code"] != "T-5"])

    moved(cast.cy_actor, KEY, nine + 2 * MINUTE)

    timer = Timer.objects.get(rule_code="T-5")
    assert (timer.state, timer.cancel_reason, timer.cancelled_at) == ("cancelled", REMOVED, nine + 2 * MINUTE)


@pytest.mark.parametrize(("fire", "state"), [((), "cancelled"), (("T-0",), "armed")])
def test_an_added_rule_that_is_past_is_skipped_or_fired_as_was_chosen(cast, rules, nine, fire, state):
    dispatched_ticket(cast, nine)
    more = {"code": "T-0", "label": "Look at it", "anchor": "start", "offset_s": 300, "targets": ["supervisor"],
            "stop_on": ["resolved"]}  # fmt: skip
    with_rules(KEY, cast.cy_actor, nine + 20 * MINUTE, lambda rules: [more, *rules])

    moved(cast.cy_actor, KEY, nine + 20 * MINUTE, fire=fire)
    fire_all(nine + 21 * MINUTE)

    timer = Timer.objects.get(rule_code="T-0")
    assert timer.cancel_reason == (SKIPPED if state == "cancelled" else "")
    assert fired(rule_code="T-0") == ([] if state == "cancelled" else [("T-0", 1, "paged")])


def test_a_skipped_repeating_rule_goes_on_with_its_next_time(cast, rules, nine):
    dispatched_ticket(cast, nine)
    fire_all(nine + 12 * MINUTE)
    published(KEY, cast.cy_actor, nine + 27 * MINUTE, T_3={"offset_s": 600, "repeat_s": 600})

    moved(cast.cy_actor, KEY, nine + 27 * MINUTE)

    assert armed(rule_code="T-3") == {("T-3", 3): nine + 30 * MINUTE}
    fire_all(nine + 31 * MINUTE)
    assert fired(rule_code="T-3") == [("T-3", 3, "paged")]


def test_an_added_rule_whose_stop_came_already_is_not_armed(cast, rules, nine):
    ticket = dispatched_ticket(cast, nine)
    put(ticket, owner=cast.bo, signed_at=nine + MINUTE)
    say(ticket, "ticket.signed_for", nine + MINUTE)
    more = {"code": "T-6", "label": "Signed for, late", "anchor": "start", "offset_s": 7200,
            "targets": ["supervisor"], "stop_on": ["signed_for", "resolved"]}  # fmt: skip
    with_rules(KEY, cast.cy_actor, nine + 2 * MINUTE, lambda rules: [*rules, more])

    moved(cast.cy_actor, KEY, nine + 3 * MINUTE)

    assert not Timer.objects.filter(rule_code="T-6").exists()


@pytest.mark.rule("X-05")
def test_the_second_stage_of_a_running_escalation_keeps_its_anchor(cast, rules, nine):
    escalated_ticket(cast, nine)
    fire_all(nine + 10 * MINUTE)
    seal_firings()
    version = published("priority_escalation", cast.cy_actor, nine + 12 * MINUTE, F_2={"offset_s": 900})

    moved(cast.cy_actor, "priority_escalation", nine + 12 * MINUTE)

    assert armed(rule_code="F-2") == {("F-2", 1): nine + 25 * MINUTE}
    assert seal_firings() == 0
    fire_all(nine + 26 * MINUTE)
    assert Firing.objects.get(rule_code="F-2").rule.version == version
