"""The real engine driven through scenarios, compared firing by firing with the plan."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from escalation.models import Firing
from escalation.shipped import (
    DUTY_MANAGER,
    FAULT_HANDLING,
    PRIORITY_ESCALATION,
    PROMISES,
    TELEPHONE_ANSWER,
    WORK_ITEMS,
)
from escalation.simulator import plan as planning
from escalation.simulator.synthetic import ARRIVALS
from servicedesk.demo.replay import child
from servicedesk.demo.staged.run import played
from tests.escalation.simulator.test_simulating_by_command import ROWS
from tests.short import some

pytestmark = pytest.mark.django_db
SHAPES = {"tickets": FAULT_HANDLING, "escalations": PRIORITY_ESCALATION}
PAIRS = [(subject, name) for name in sorted(ARRIVALS) for subject in SHAPES]


@pytest.mark.parametrize(("subject", "name"), some(PAIRS, __name__, 4))
def test_the_engine_fires_what_the_plan_says_of_the_same_events(subject, name):
    shape = SHAPES[subject]
    verdict = played(shape, {"scenario": name, "cases": 3, "seed": 7})

    assert verdict.differences == []
    assert verdict.cases == 3
    assert verdict.firings == Firing.objects.filter(clock__subject_kind__in=["ticket", "escalation"]).count() >= 3


@pytest.mark.parametrize(
    ("shape", "name", "rules"),
    [
        (TELEPHONE_ANSWER, "storm", {"K-1"}), (PROMISES, "dst", {"W-1", "W-1D"}),
        (WORK_ITEMS, "holiday", {"W-1", "W-1D"}),
    ],
    ids=["calls", "promises", "steps"],
)  # fmt: skip
def test_what_stands_beside_tickets_fires_as_the_plan_says(shape, name, rules):
    verdict = played(shape, {"scenario": name, "cases": 4, "seed": 5})

    assert (verdict.differences, verdict.refused) == ([], {})
    found = Firing.objects.filter(clock__kind=shape["key"])
    assert set(found.values_list("rule_code", flat=True)) == rules and verdict.firings >= found.count() > 0


def test_a_changed_policy_is_what_the_engine_runs_on():
    rules = [{**rule, "offset_s": 60} if rule["code"] == "D-1D" else rule for rule in DUTY_MANAGER["rules"]]

    verdict = played({**DUTY_MANAGER, "rules": rules}, {"scenario": "poisson", "cases": 2, "seed": 3})

    assert verdict.differences == []
    firing = Firing.objects.filter(rule_code="D-1D").select_related("clock").first()
    assert (firing.due_at - firing.clock.started_at).total_seconds() == 60


def test_a_log_is_staged_too(tmp_path):
    log = tmp_path / "log.csv"
    log.write_text(ROWS)

    verdict = played(FAULT_HANDLING, {"log": str(log), "cases": None})

    assert (verdict.cases, verdict.differences) == (2, [])
    assert Firing.objects.filter(rule_code="T-1D").count() == 1


def test_an_engine_that_fires_otherwise_is_told_rule_by_rule(monkeypatch):
    """Seen from the other side: a plan that forgets suspensions and everything after them differs from the engine."""
    real = planning.Auditor.take

    def forgetful(self, event):
        if event.name != "ticket.signed_for":
            real(self, event)

    monkeypatch.setattr(planning.Auditor, "take", forgetful)

    verdict = played(FAULT_HANDLING, {"scenario": "poisson", "cases": 2, "seed": 7})

    assert any("T-1D/1: the plan fires it" in line for line in verdict.differences)


class Done:
    """A child that found a difference."""

    found = {"cases": 2, "firings": 9, "refused": {}, "differences": ["poisson 1 fault_handling T-4/1: due_at …"]}

    def __init__(self, words, url):
        self.words, self.url = words, url
        assert url.rpartition("/")[2].endswith("_sim") and Path(words[-1]).is_file()

    def wait_well(self):
        return self.found


def test_a_difference_ends_the_command_with_failure(monkeypatch):
    monkeypatch.setattr("servicedesk.demo.staged.run.Child", Done)
    monkeypatch.setattr("servicedesk.demo.staged.run.Neighbour.make", lambda self, name: None)
    monkeypatch.setattr("servicedesk.demo.staged.run.Neighbour.drop", lambda self, name: None)
    out = StringIO()

    with pytest.raises(CommandError, match="1 firings differ"):
        call_command("simulate", "fault_handling", "--a", "shipped", "--full", "--scenario", "storm", stdout=out)

    assert "2 cases played, 9 firings compared" in out.getvalue() and "T-4/1" in out.getvalue()
    assert child.Child is not Done


def test_shifts_and_major_incidents_are_not_driven_and_that_is_said():
    with pytest.raises(CommandError, match="calls, promises and steps"):
        call_command("simulate", "handover", "--a", "shipped", "--full", "--scenario", "storm")


@pytest.mark.parametrize("words", [(), ("--ticket", "SD-1"), ("--log", "absent.csv")])
def test_without_events_to_drive_it_is_refused(words):
    with pytest.raises(CommandError):
        call_command("simulate", "fault_handling", "--a", "shipped", "--full", *words)
