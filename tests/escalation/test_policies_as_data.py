import hashlib
from dataclasses import dataclass

import pytest
from django.db import DatabaseError, transaction

from escalation.models import Clock, Policy, PolicyVersion, Rule
from escalation.policy import matches, offset_s
from escalation.seed import publish, seed_policies
from escalation.shipped import FAULT_HANDLING, POLICIES
from ledger.record import canonical
from tests.factories.clocks import MINUTE, armed, dispatched_ticket, put, say


@dataclass(frozen=True)
class Case:
    conditions: dict
    facts: dict
    holds: bool


@pytest.mark.parametrize(
    "case",
    [
        Case({}, {"kind": "fault"}, True),
        Case({"kind": ["fault", "request"]}, {"kind": "fault"}, True),
        Case({"kind": ["fault"]}, {"kind": "billing"}, False),
        Case({"kind": ["fault"], "production": True}, {"kind": "fault", "production": False}, False),
        Case({"priority": ["P1"]}, {}, False),
        Case({"starts_on": "logged"}, {}, True),
    ],
)
def test_conditions_hold_on_plain_values(case):
    assert matches(case.conditions, case.facts) is case.holds


def test_the_first_variant_that_holds_gives_the_offset():
    variants = [{"when": {"urgent": True}, "offset_s": 7200}, {"when": {"working_day": False}, "offset_s": 172800}]

    assert offset_s(86400, variants, {"urgent": False, "working_day": True}) == 86400
    assert offset_s(86400, variants, {"urgent": True, "working_day": False}) == 7200
    assert offset_s(86400, variants, {"urgent": False, "working_day": False}) == 172800


def test_seeding_twice_changes_nothing_and_the_fingerprint_is_of_the_content(rules, nine):
    before = list(PolicyVersion.objects.values_list("pk", "sha256").order_by("pk"))

    seed_policies(at=nine + MINUTE)

    assert list(PolicyVersion.objects.values_list("pk", "sha256").order_by("pk")) == before
    fault = PolicyVersion.objects.get(policy__key="fault_handling")
    assert fault.sha256 == hashlib.sha256(canonical(FAULT_HANDLING).encode()).hexdigest()
    shipped = Rule.objects.filter(version__policy__key__in=[shape["key"] for shape in POLICIES])
    assert shipped.count() == sum(len(shape["rules"]) for shape in POLICIES)


@pytest.mark.invariant("I11")
def test_a_running_clock_keeps_its_version_when_another_is_published(cast, rules, nine):
    ticket = dispatched_ticket(cast, nine)
    faster = FAULT_HANDLING | {"rules": [{**rule, "offset_s": 60} for rule in FAULT_HANDLING["rules"]]}

    publish(Policy.objects.get(key="fault_handling"), faster, at=nine + MINUTE)
    put(ticket, priority="P2")
    say(ticket, "ticket.reprioritised", nine + 2 * MINUTE)
    newer = dispatched_ticket(cast, nine + 3 * MINUTE)

    assert Clock.objects.get(ticket=ticket, kind="fault_handling").version == rules["fault_handling"]
    assert armed(rule_code="T-4", clock__ticket=ticket) == {("T-4", 1): nine + 120 * MINUTE}
    assert armed(rule_code="T-4", clock__ticket=newer) == {("T-4", 1): nine + 4 * MINUTE}


@pytest.mark.invariant("I11")
@pytest.mark.parametrize(("model", "field"), [(PolicyVersion, "n"), (Rule, "position")])
def test_a_published_version_can_be_neither_changed_nor_deleted(rules, model, field):
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        model.objects.update(**{field: 9})
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        model.objects.all()._raw_delete(using="default")


@pytest.mark.rule("X-08")
@pytest.mark.invariant("I12")
def test_the_database_refuses_a_calendar_on_a_rule_of_the_priority_escalation(cast, rules):
    with pytest.raises(DatabaseError, match="rule_f_has_no_calendar"), transaction.atomic():
        Rule.objects.create(
            version=rules["priority_escalation"], code="F-9", label="x", anchor="start", offset_s=1,
            calendar=cast.calendar,
        )  # fmt: skip
