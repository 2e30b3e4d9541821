import pytest

from escalation.commands.fire import fire_all
from escalation.models import Policy
from escalation.seed import publish
from escalation.shipped import FAULT_HANDLING
from tests.escalation.test_suspension_arithmetic import resume, suspend
from tests.factories.clocks import MINUTE, armed, dispatched_ticket, fired

T_1 = {"rule_code": "T-1"}


@pytest.fixture
def repeating(cast, rules, nine):
    """A dispatched ticket whose T-1, which no suspension holds, comes again every ten minutes from the fifth on."""
    again = [{**row, "repeat_s": 600} if row["code"] == "T-1" else row for row in FAULT_HANDLING["rules"]]
    publish(Policy.objects.get(key="fault_handling"), {**FAULT_HANDLING, "rules": again}, at=nine - MINUTE)
    return dispatched_ticket(cast, nine)


@pytest.mark.rule("C-22")
@pytest.mark.invariant("I10")
def test_what_no_suspension_holds_goes_on_repeating_while_the_ticket_waits_and_never_drifts(repeating, nine):
    fire_all(nine + 5 * MINUTE)
    suspend(repeating, nine + 7 * MINUTE)

    fire_all(nine + 15 * MINUTE)
    assert armed(**T_1) == {("T-1", 3): nine + 25 * MINUTE}
    resume(repeating, nine + 18 * MINUTE)
    fire_all(nine + 25 * MINUTE)

    assert armed(**T_1) == {("T-1", 4): nine + 35 * MINUTE}
    assert fired(**T_1) == [("T-1", n, "paged") for n in (1, 2, 3)]


@pytest.mark.invariant("I10")
@pytest.mark.invariant("I16")
def test_occurrences_missed_while_the_ticket_waits_are_told_once(repeating, nine):
    suspend(repeating, nine + MINUTE)

    fire_all(nine + 31 * MINUTE)

    told = [("T-1", 1, "collapsed"), ("T-1", 2, "collapsed"), ("T-1", 3, "paged")]
    assert fired(**T_1) == told
    assert armed(**T_1) == {("T-1", 4): nine + 35 * MINUTE}


@pytest.mark.invariant("I6")
def test_what_a_suspension_holds_does_not_repeat_until_it_ends(repeating, nine):
    fire_all(nine + 30 * MINUTE)
    suspend(repeating, nine + 31 * MINUTE)

    fire_all(nine + 300 * MINUTE)

    assert not armed(rule_code="T-3") and fired(rule_code="T-3") == [("T-3", 1, "paged")]
