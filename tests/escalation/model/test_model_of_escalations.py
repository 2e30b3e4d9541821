"""The engine on formal escalations, against the auditor (Proof 3.1)."""

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule, run_state_machine_as_test

from tests.escalation.model.limits import examples
from tests.escalation.model.managing import Managing
from tests.escalation.model.world import make_world


class Escalations(Managing):
    """Escalations managed, with new versions published on the way."""

    @precondition(lambda self: self.published < 2)
    @rule(key=st.sampled_from(["priority_escalation", "duty_manager"]), factor=st.integers(2, 8))
    def a_version_is_published(self, key: str, factor: int) -> None:
        self.new_version(key, factor)


@pytest.mark.rule("X-04")
@pytest.mark.rule("A-07")
@pytest.mark.invariant("I1")
@pytest.mark.invariant("I3")
@pytest.mark.invariant("I12")
def test_clocks_of_formal_escalations_do_what_their_log_says(rules):
    Escalations.world = make_world()

    run_state_machine_as_test(Escalations, settings=examples(180))


@pytest.mark.invariant("I16")
def test_an_outage_over_a_repeated_deadline_moves_nothing_it_begins(rules):
    """Found one night: after it, engine and log disagreed from when the CEO's time counts."""
    Escalations.world = make_world()
    state = Escalations()
    state.begin(customer=0, change=0, before=1, glass=False)
    try:
        state.a_ticket_is_worked_on(which=0)
        state.a_ticket_is_worked_on(which=0)
        state.a_version_is_published(factor=7, key="priority_escalation")
        state.management_is_asked_for(pick=0, production=True, severity=1)
        state.the_clocks_change(off=57)
        state.engines_look(batch=1, engines=1)
        state.the_engine_did_what_the_log_says()
    finally:
        state.teardown()
