"""Running clocks moved to other versions between everything else: the invariants hold, whatever is chosen (T7)."""

from contextlib import suppress

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule, run_state_machine_as_test

from accounts.actors import actor_for
from accounts.models import RoleGrant
from escalation.commands.migrate_policy import continue_moves, migrate_clocks
from escalation.models import Firing, Policy, PolicyMove
from escalation.simulator.windows import instant
from ledger.actor import Actor
from ledger.errors import Refused
from tests.escalation.model.handling import Handling
from tests.escalation.model.limits import examples
from tests.escalation.model.world import make_world

KEYS = st.sampled_from(["fault_handling", "response", "management_ladder"])
FIRED = ("clock_id", "rule_code", "occurrence", "due_at", "outcome")


class Moves(Handling):
    """Tickets handled, versions published, clocks moved onto them. What a move fires is its own; no log says it."""

    admin: Actor
    asked_every = 1

    @rule(key=KEYS, factor=st.integers(1, 8))
    def a_version_is_published(self, key: str, factor: int) -> None:
        self.new_version(key, factor)

    @precondition(lambda self: self.published > 0)
    @rule(key=KEYS, fire=st.lists(st.sampled_from(["T-1D", "T-3", "T-4", "E-2", "M-2"]), max_size=3))
    def clocks_are_moved(self, key: str, fire: list[str]) -> None:
        at, before = instant(self.desk.now), set(Firing.objects.values_list(*FIRED))
        number = Policy.objects.get(key=key).current.n
        with suppress(Refused):
            migrate_clocks(key=key, version_n=number, fire=fire, actor=self.admin, at=at)
        continue_moves(at)
        assert before <= set(Firing.objects.values_list(*FIRED))
        assert not PolicyMove.objects.filter(state="running").exists()

    def the_engine_did_what_the_log_says(self) -> None:
        """Not asked here: the rows must hold together."""

    def check_the_end(self) -> None:
        self.desk.look(2, 5)
        self.the_rows_hold_together()


@pytest.mark.invariant("I1")
@pytest.mark.invariant("I11")
@pytest.mark.invariant("I15")
def test_moved_clocks_keep_every_invariant(rules):
    Moves.world = make_world()
    person = Moves.world.people[4]
    RoleGrant.objects.create(user=person, role="administrator")
    Moves.admin = actor_for(person)

    run_state_machine_as_test(Moves, settings=examples(20))
