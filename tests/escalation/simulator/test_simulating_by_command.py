import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from escalation.simulator.synthetic import ARRIVALS

ROWS = """case,timestamp,activity,resource
1,2012-04-02T09:00:00,Queued+Awaiting Assignment,Ann
1,2012-04-02T09:08:00,Accepted+In Progress,Bob
1,2012-04-02T13:00:00,Completed+Resolved,Bob
2,2012-04-02T09:00:00,Queued+Awaiting Assignment,Ann
2,2012-04-02T18:30:00,Accepted+In Progress,Bob
2,2012-04-03T09:00:00,Completed+Closed,Siebel
"""


@pytest.fixture
def log(tmp_path) -> Path:
    path = tmp_path / "log.csv"
    path.write_text(ROWS)
    return path


def simulated(*words: str) -> dict:
    out = StringIO()
    call_command("simulate", *words, "--json", stdout=out)
    return json.loads(out.getvalue())


def test_a_log_is_simulated_without_a_database(log):
    found = simulated("fault_handling", "--a", "shipped", "--set", "T-1D=420", "--log", str(log))

    assert found["cases"] == 2
    assert found["old"]["breached_cases"]["T-1D"] == 1  # signed for after eight minutes, the other never in ten
    assert found["new"]["breached_cases"]["T-1D"] == 2
    assert (found["added"], found["moved"]) == (1, 1)


@pytest.mark.parametrize("name", sorted(ARRIVALS))
@pytest.mark.parametrize("policy", ["fault_handling", "priority_escalation"])
def test_every_scenario_is_the_same_twice(name, policy):
    words = (policy, "--a", "shipped", "--scenario", name, "--cases", "40")
    found = simulated(*words)

    assert found == simulated(*words)
    assert found["differing"] == 0
    assert found["old"]["firings"] > 0
    assert (found["old"]["nobody"] > 0) == (name == "empty-roster")


@pytest.mark.parametrize(
    ("policy", "change"),
    [("telephone_answer", "K-1=30"), ("promises", "W-1=60"), ("work_items", "W-1=60"), ("handover", "H-1=300"),
     ("major_incident", "I-1=900")],
)  # fmt: skip
def test_what_stands_beside_tickets_is_simulated_too(policy, change):
    found = simulated(policy, "--a", "shipped", "--scenario", "night", "--cases", "40", "--set", change)

    assert found["cases"] == 40
    assert found["old"]["firings"] > 0
    assert found["differing"] > 0


def test_the_plain_report_names_the_rule_and_the_change(log):
    out = StringIO()
    call_command("simulate", "fault_handling", "--a", "shipped", "--set", "T-1D=420", "--log", str(log), stdout=out)

    assert "Promises broken, T-1D                              1           2          +1" in out.getvalue()
    assert "Firings added 1, removed 0, moved 1." in out.getvalue()


@pytest.mark.parametrize(
    "words",
    [("nothing",), ("fault_handling", "--set", "T-9=5"), ("fault_handling", "--set", "T-1=soon"),
     ("canary", "--synthetic", "storm"), ("handover", "--full", "--scenario", "storm"),
     ("priority_escalation", "--log", __file__), ("fault_handling", "--log", "absent.csv")],
)  # fmt: skip
def test_what_cannot_be_simulated_is_said(words):
    with pytest.raises(CommandError):
        call_command("simulate", *words, "--a", "shipped")


@pytest.mark.django_db
def test_stored_versions_are_compared_by_number(policies):
    found = simulated("fault_handling", "--a", "1", "--b", "current")

    assert (found["cases"], found["differing"]) == (0, 0)
    with pytest.raises(CommandError, match="no 7 version"):
        call_command("simulate", "fault_handling", "--a", "7")
