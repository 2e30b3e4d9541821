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
