"""Every fault of the engine's plan has tests, and a line in docs/faults.md."""

import re
from pathlib import Path

from tests.faults_plugin import FAULTS

ROOT = Path(__file__).resolve().parents[2]


def test_every_fault_of_the_plan_is_struck_and_written_about():
    marks = [
        mark for path in (ROOT / "tests").rglob("test_*.py") for mark in re.findall(r"fault\((.*?)\)", path.read_text())
    ]
    struck = {fault for mark in marks for fault in re.findall(r"F\d+", mark)}
    told = set(re.findall(r"^\| (F\d+) \|", (ROOT / "docs" / "faults.md").read_text(), re.MULTILINE))

    assert struck == told == set(FAULTS)
