"""The engine in trouble: it dies or is away, providers fail, Redis is lost, pages are acknowledged (Proof 3.1)."""

import pytest
from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule, run_state_machine_as_test

from escalation.acknowledgements import silence
from escalation.commands.acknowledge import _end_repages
from escalation.commands.beat import beat
from escalation.commands.fire import fire_due
from escalation.locks import lock_clocks
from escalation.models import Firing, Policy
from escalation.simulator.shapes import Event
from escalation.simulator.windows import instant
from tests.escalation.model.delivering import Delivering, at_failpoint
from tests.escalation.model.limits import examples
from tests.escalation.model.machine import MINUTE
from tests.escalation.model.world import make_world, shapes

SILENCED = {"T-1", "T-1D", "T-2", "T-3", "M-2", "M-3"}


class Trouble(Delivering):
    """Tickets handled while parts of the desk fail; two policies let an acknowledgement silence them."""

    @precondition(lambda self: self.published == 0)
    @rule(key=st.sampled_from(["fault_handling", "management_ladder"]), minutes=st.sampled_from([5, 20, 90]))
    def a_version_lets_itself_be_silenced(self, key: str, minutes: int) -> None:
        self.published += 1
        self.desk.now += 1
        shape = shapes()[key]
        rules = [{**row, "silenced_by_ack": row["code"] in SILENCED} for row in shape["rules"]]
        self.desk.publish(Policy.objects.get(key=key), {**shape, "rules": rules, "ack_silence_s": minutes * 60})

    @rule(place=st.sampled_from(["after_claim", "before_commit"]), batch=st.integers(1, 5))
    def an_engine_dies(self, place: str, batch: int) -> None:
        """Whatever it had claimed is as if it had never looked."""
        with at_failpoint(place), transaction.atomic():
            fire_due(instant(self.desk.now), limit=batch, engine_id="dying")
            assert not self.desk.next_dues() or self.desk.next_dues()[0] > self.desk.now

    @rule(minutes=st.sampled_from([1, 45, 600]))
    def no_engine_runs_for_a_while(self, minutes: int) -> None:
        """I16: the gap is on record, and what it held up fires as if it had been seen then."""
        stopped = instant(self.desk.now)
        beat(engine_id="model", kind="process", now=stopped)
        self.desk.now += minutes * MINUTE
        gap = beat(engine_id="model", kind="process", now=instant(self.desk.now))
        assert gap is not None and (gap.from_at, gap.to_at) == (stopped, instant(self.desk.now))
        self.desk.look(1, 5)

    @rule(pick=st.integers(0, 5))
    def somebody_acknowledges(self, pick: int) -> None:
        rows = Firing.objects.filter(outcome="paged", clock__subject_kind="ticket").exclude(clock__state="stopped")
        found = list(rows.select_related("clock", "rule").order_by("-timer_id")[:6])
        if not found:
            return
        firing, at = found[pick % len(found)], instant(self.desk.now)
        (clock,) = lock_clocks(pk=firing.clock_id)
        _end_repages(clock, firing, at)
        silence(clock, at=at)
        subject = next(s for s in self.desk.subjects if s.row.pk == firing.clock.subject_id)
        if subject.row.run_no == clock.run_no:
            auditor = subject.auditors[clock.kind]
            event = Event(self.desk.now, "timer.acknowledged", None, {"rule": firing.rule_code})
            subject.log.append(event)
            auditor.take(event)


@pytest.mark.invariant("I3")
@pytest.mark.invariant("I4")
@pytest.mark.invariant("I7")
@pytest.mark.invariant("I8")
@pytest.mark.invariant("I9")
@pytest.mark.invariant("I13")
@pytest.mark.invariant("I14")
@pytest.mark.invariant("I15")
@pytest.mark.invariant("I16")
def test_trouble_changes_when_and_never_what(rules):
    Trouble.world = make_world()

    run_state_machine_as_test(Trouble, settings=examples(100))
