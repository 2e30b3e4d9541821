"""The engine on tickets of seven zones, against the auditor: whatever people, time and engines do (Proof 3.1)."""

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule, run_state_machine_as_test

from tests.escalation.model.handling import Handling
from tests.escalation.model.limits import examples
from tests.escalation.model.world import make_world

EDITED = ["fault_handling", "response", "unverified", "management_ladder", "fault_report"]


class TicketClocks(Handling):
    """Tickets handled, with new versions published on the way."""

    @precondition(lambda self: self.published < 2)
    @rule(key=st.sampled_from(EDITED), factor=st.integers(1, 8))
    def a_version_is_published(self, key: str, factor: int) -> None:
        self.new_version(key, factor)


@pytest.mark.rule("C-22")
@pytest.mark.rule("C-23")
@pytest.mark.invariant("I1")
@pytest.mark.invariant("I3")
@pytest.mark.invariant("I6")
@pytest.mark.invariant("I10")
@pytest.mark.invariant("I11")
def test_ticket_clocks_do_what_their_log_says(rules):
    TicketClocks.world = make_world()

    run_state_machine_as_test(TicketClocks, settings=examples(220))
