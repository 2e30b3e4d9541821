"""The state machine of the model: what people, time and trouble may do to tickets, in any order."""

from typing import Any

from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from escalation.models import Clock, Policy
from escalation.simulator.windows import SECOND, instant
from escalation.timers import accrued_at
from tests.escalation.model.desk import Desk
from tests.escalation.model.invariants import broken
from tests.escalation.model.subjects import Subject, unfinished
from tests.escalation.model.world import CHANGES, World, shapes

MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
TIERS = ("l1", "l2", "l3")
OPEN = (*TIERS, "suspended")
PAUSES = st.sampled_from([-1, 0, 1])
STEPS = st.sampled_from([1, SECOND, 7 * MINUTE, 15 * MINUTE, 31 * MINUTE, 61 * MINUTE, 5 * HOUR, 26 * HOUR])


class Model(RuleBasedStateMachine):
    """One example. `world` is set by the test; everything done is rolled back at its end."""

    world: World
    tickets = 2
    asked_every = 20
    steps = 0

    @initialize(
        customer=st.integers(0, 6), change=st.integers(0, 1), before=st.integers(0, 3 * 24 * 60), glass=st.booleans()
    )
    def begin(self, customer: int, change: int, before: int, glass: bool) -> None:
        self.outer = transaction.atomic()
        self.outer.__enter__()
        chosen = self.world.customers[customer]
        changes = CHANGES[chosen.zone]
        start = changes[change % len(changes)] - before * MINUTE
        self.customers = [chosen, self.world.customers[(customer + 1) % 7]]
        self.changes = [at for at in changes if at > start]
        self.desk = Desk(self.world, start, ["all@model.example"] if glass else [])
        self.glass(self.desk.break_glass)
        self.edits = self.published = self.holidays = 0

    def glass(self, addresses: list[str]) -> None:
        from django.conf import settings

        self.kept = settings.BREAK_GLASS
        settings.BREAK_GLASS = addresses

    def teardown(self) -> None:
        if not hasattr(self, "desk"):
            return
        from django.conf import settings

        settings.BREAK_GLASS = self.kept
        try:
            if not transaction.get_connection().needs_rollback:
                self.check_the_end()
        finally:
            transaction.set_rollback(True)
            self.outer.__exit__(None, None, None)

    def check_the_end(self) -> None:
        """What is asked once, at the end of an example."""
        fired, _live, _clocks = self.desk.engine_says()
        assert fired == self.desk.from_scratch()
        wrong = broken()
        assert not wrong, wrong
        self.check_running_clocks()

    def some(self, pick: int, *states: str) -> Subject | None:
        found = unfinished(self.desk.subjects, *states)
        return found[pick % len(found)] if found else None

    def has(self, *states: str) -> bool:
        return bool(unfinished(self.desk.subjects, *states))

    # --- time and engines ----------------------------------------------------------------------------------------
    @rule(step=STEPS)
    def time_passes(self, step: int) -> None:
        self.desk.now += step

    @rule(pick=st.integers(0, 3), off=PAUSES, look=st.booleans())
    def time_comes_to_a_deadline(self, pick: int, off: int, look: bool) -> None:
        later = [due for due in self.desk.next_dues() if due + off > self.desk.now][:4]
        if later:
            self.desk.now = later[pick % len(later)] + off
        if look:
            self.desk.look(1, 5)

    @precondition(lambda self: any(at > self.desk.now for at in self.changes))
    @rule(off=st.integers(-90, 90))
    def the_clocks_change(self, off: int) -> None:
        at = min(at for at in self.changes if at > self.desk.now)
        self.desk.now = max(self.desk.now, at + off * MINUTE)

    @rule(engines=st.integers(1, 3), batch=st.integers(1, 5))
    def engines_look(self, engines: int, batch: int) -> None:
        self.desk.look(engines, batch)

    @precondition(lambda self: self.edits < 4)
    @rule(people=st.lists(st.integers(0, 4), max_size=3))
    def the_roster_is_edited(self, people: list[int]) -> None:
        self.edits += 1
        self.desk.now += 1
        self.desk.staff(people)

    # --- what holds after every step -----------------------------------------------------------------------------
    @invariant()
    def the_engine_did_what_the_log_says(self) -> None:
        if not hasattr(self, "desk"):
            return
        fired, live, clocks = self.desk.engine_says()
        expected, waiting = self.desk.auditors_say()
        assert fired == expected, {"only the engine": fired - expected, "only the log": expected - fired}
        assert live == waiting, {"only the engine": live - waiting, "only the log": waiting - live}
        counted = self.desk.counted()
        for kind, pk, key, run, state, accrued, _since in clocks:
            if state != "running":
                assert accrued == counted[kind, pk, key, run], (key, run, state)

    @invariant()
    def the_rows_hold_together(self) -> None:
        """Asked after every twentieth step and in the end: planning the question is what costs."""
        self.steps += 1
        if hasattr(self, "desk") and self.steps % self.asked_every == 0:
            wrong = broken()
            assert not wrong, wrong

    def check_running_clocks(self) -> None:
        """The accrued time of running clocks, asked of the engine itself."""
        counted = self.desk.counted()
        for clock in Clock.objects.filter(state="running").select_related("calendar"):
            key = (clock.subject_kind, clock.subject_id, clock.kind, clock.run_no)
            assert accrued_at(clock, instant(self.desk.now)) == counted[key]

    def new_version(self, key: str, factor: int) -> None:
        """Publish a version with other offsets."""
        self.published += 1
        self.desk.now += 1
        shape: dict[str, Any] = shapes()[key]
        unit = 1 if key == "fault_report" else 4  # whole days there
        rows = [{**row, "offset_s": row["offset_s"] * factor // unit} for row in shape["rules"]]
        if factor > 6:  # what no pause holds, repeated: it goes on while a ticket waits
            rows = [{**row, "repeat_s": 2400} if _once(row) else row for row in rows]
        self.desk.publish(Policy.objects.get(key=key), {**shape, "rules": rows})


def _once(row: dict[str, Any]) -> bool:
    return row.get("unit", "s") == "s" and not (row.get("repeat_s") or row.get("pausable") or row.get("latest_s"))
