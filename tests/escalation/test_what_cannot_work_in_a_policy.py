from dataclasses import dataclass, field
from typing import Any

import pytest

from escalation.ladder_checks import problems, red
from escalation.shapes import normal, rule_of
from escalation.shipped import CANARY, POLICIES
from tests.factories.policies import with_rule

SHIPPED = {shape["key"]: normal(shape) for shape in [*POLICIES, CANARY]}


@dataclass(frozen=True)
class Case:
    """A shipped policy with one thing spoilt, and what is said: (code, rule, field)."""

    said: tuple[str, str, str]
    rule: str = "T-4"
    change: dict[str, Any] = field(default_factory=dict)
    policy: str = "fault_handling"
    whole: dict[str, Any] = field(default_factory=dict)


PRIORITY = "priority_escalation"
CASES = [
    Case(("calendar", "F-1D", "unit"), "F-1D", {"unit": "work_day", "offset_s": 86_400}, PRIORITY),
    Case(("calendar", "F-1D", "unit"), "F-1D", {"calendar": "0192"}, PRIORITY),
    Case(("calendar", "F-1", "on_entitlement_calendar"), "", {}, PRIORITY, {"on_entitlement_calendar": ["P4"]}),
    Case(("calendar", "T-1", "on_entitlement_calendar"), whole={"on_entitlement_calendar": ["P1"]}),
    Case(("pause", "F-2", "pausable"), "F-2", {"pausable": True}, PRIORITY),
    Case(("pause", "T-1", "pausable"), "T-1", {"pausable": True}),
    Case(("silence", "T-5", "silenced_by_ack"), "T-5", {"silenced_by_ack": True}),
    Case(("limit", "F-2", "latest_s"), "F-2", {"latest_s": None}, PRIORITY),
    Case(("limit", "F-2", "latest_s"), "F-2", {"latest_s": 3600}, PRIORITY),
    Case(("limit", "F-2", "offset_s"), "F-1D", {"offset_s": 900}, PRIORITY),
    Case(("no_anchor", "T-4", "anchor"), change={"anchor": "fired:T-9"}),
    Case(("no_anchor", "T-4", "anchor"), change={"anchor": "stage_two"}),
    Case(("no_anchor", "T-4", "anchor"), change={"anchor": "received"}),
    Case(("no_anchor", "M-1", "anchor"), "M-1", {"anchor": "resolved"}, "management_ladder"),
    Case(("no_anchor", "R-1", "anchor"), "R-1", {"anchor": "dispatched"}, "fault_report"),
    Case(("no_anchor", "H-1", "anchor"), "H-1", {"anchor": "due"}, "handover"),
    Case(("calendar", "T-4", "calendar"), change={"calendar": "0192"}),
    Case(("calendar", "W-1", "on_entitlement_calendar"), "", {}, "promises", {"on_entitlement_calendar": ["P4"]}),
    Case(("end_of_day", "T-4", "end_of_day"), change={"end_of_day": True}),
    Case(("condition", "", "severity"), "", {}, PRIORITY, {"conditions": {"severity": ["1"]}}),
    Case(("condition", "", "channel"), "", {}, "telephone_answer", {"conditions": {"channel": ["email"]}}),
    Case(("condition", "", "queue"), "", {}, "telephone_answer", {"conditions": {"queue": [""]}}),
    Case(("loop", "T-4", "anchor"), change={"anchor": "fired:T-4"}),
    Case(("stopped_before", "T-1", "stop_on"), "T-1", {"stop_on": ["dispatched", "resolved"]}),
    Case(("stopped_before", "R-1D", "stop_on"), "R-1D", {"anchor": "resolved", "stop_on": ["resolved"]},
         "fault_report"),
    Case(("never", "T-4", "when"), change={"when": {"kind": ["billing"]}}),
    Case(("endless", "T-3", "stop_on"), "T-3", {"stop_on": []}),
    Case(("repeat", "T-3", "repeat_s"), "T-3", {"repeat_s": 5}),
    Case(("nobody", "T-4", "targets"), change={"targets": []}),
    Case(("target", "T-4", "targets"), change={"targets": ["emperor"]}),
    Case(("target", "T-4", "targets"), change={"targets": ["unreached:second"]}),
    Case(("event", "T-4", "stop_on"), change={"stop_on": ["resolved", "moonrise"]}),
    Case(("order", "T-5", "offset_s"), "T-5", {"offset_s": 3600}),
    Case(("order", "T-1D", "offset_s"), "T-1D", {"offset_s": 60}),
    Case(("condition", "M-1", "when"), "M-1", {"when": {"moon": "full"}}, "management_ladder"),
    Case(("condition", "E-1", "when"), "E-1", {"when": {"channel": ["pigeon"]}}, "response"),
    Case(("condition", "E-1", "variants"), "E-1", {"variants": [{"when": {"mood": 1}, "offset_s": 60}]}, "response"),
    Case(("condition", "", "local_time"), whole={"conditions": {"starts_on": "dispatched",
                                                                "local_time": {"from": "22:00", "to": "22:00"}}}),
    Case(("no_start", "", "starts_on"), whole={"conditions": {"kind": ["fault"]}}),
    Case(("code", "t4", "code"), change={"code": "t4"}),
    Case(("code_twice", "T-5", "code"), change={"code": "T-5"}),
    Case(("label", "T-4", "label"), change={"label": " "}),
    Case(("offset", "T-4", "offset_s"), change={"offset_s": -1}),
    Case(("work_day", "R-1D", "repeat_s"), "R-1D", {"repeat_s": 3600}, "fault_report"),
    Case(("no_rules", "", ""), whole={"rules": []}),
]  # fmt: skip


@pytest.mark.parametrize("policy", SHIPPED)
def test_every_shipped_policy_can_work_word_by_word(policy):
    assert [(one.rule, one.message) for one in problems(SHIPPED[policy])] == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.policy}-{'-'.join(case.said)}")
def test_what_cannot_work_is_refused_with_the_rule_the_field_and_a_sentence(case):
    shape = with_rule(SHIPPED[case.policy], case.rule, **case.change) | case.whole

    found = red(problems(shape))

    assert case.said in [(one.code, one.rule, one.field) for one in found]
    assert all(str(one.message).endswith((".", "”.")) for one in found)


@pytest.mark.rule("X-08")
def test_no_calendar_ever_touches_a_rule_of_the_priority_escalation():
    for rule in SHIPPED[PRIORITY]["rules"]:
        shape = with_rule(SHIPPED[PRIORITY], rule["code"], calendar="0192")
        assert ("calendar", rule["code"]) in [(one.code, one.rule) for one in red(problems(shape))]


def test_a_known_mend_makes_it_work():
    shape = with_rule(SHIPPED[PRIORITY], "F-1D", offset_s=900)
    found = next(one for one in problems(shape) if one.rule == "F-2")

    mended = with_rule(shape, "F-2", **found.fix["F-2"])

    assert found.fix == {"F-2": {"offset_s": 900}}
    assert problems(mended) == [] and rule_of(mended, "F-2")["offset_s"] == 900


def test_two_steps_that_wait_for_each_other_are_both_named():
    shape = with_rule(with_rule(SHIPPED["fault_handling"], "T-4", anchor="fired:T-5"), "T-5", anchor="fired:T-4")

    assert [one.rule for one in problems(shape) if one.code == "loop"] == ["T-4", "T-5"]
