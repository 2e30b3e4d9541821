"""Which rule of the rulebook which passing test proves (decisions 20).

Every run with DESK_RULES_SEEN=FILE appends "rule test" lines to FILE, from all its workers; `make rules` runs all tests
so and then `python -m tests.rules_plugin FILE docs/rules.md`, which fails on a rule neither proved nor listed as open.
"""

import os
import sys
from collections import defaultdict
from pathlib import Path

import pytest

OPEN_FILE = Path(__file__).resolve().parent.parent / "docs" / "rules-open.txt"
COUNTS = {"V": 22, "X": 9, "A": 11, "C": 35, "P": 5}
SEEN = os.environ.get("DESK_RULES_SEEN", "")
_proved: set[tuple[str, str]] = set()


def all_rules() -> list[str]:
    """Every rule id of the rulebook: V-01 … V-22, X-01 … X-09, A-01 … A-11, C-01 … C-35, P-01 … P-05."""
    return [f"{letter}-{n:02d}" for letter, count in COUNTS.items() for n in range(1, count + 1)]


def open_rules() -> set[str]:
    """Rules this release does not claim."""
    return {line.split()[0] for line in OPEN_FILE.read_text().splitlines() if line.strip() and not line.startswith("#")}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Carry each test's rules in its report, so that they arrive from parallel workers too."""
    for item in items:
        item.user_properties += [("rule", rule) for mark in item.iter_markers("rule") for rule in mark.args]


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.when == "call" and report.passed:
        rules = [value for name, value in report.user_properties if name == "rule"]
        _proved.update((rule, report.nodeid.split("[")[0]) for rule in rules)


def pytest_sessionfinish(session: pytest.Session) -> None:
    if SEEN and not hasattr(session.config, "workerinput"):
        with Path(SEEN).open("a") as file:
            file.writelines(f"{rule} {test}\n" for rule, test in sorted(_proved))


def write_table(seen: Path, target: Path) -> list[str]:
    """Write the table from the lines of `seen`; return the rules neither proved nor open."""
    proved: dict[str, set[str]] = defaultdict(set)
    for line in seen.read_text().splitlines():
        rule, test = line.split(" ", 1)
        proved[rule].add(test)
    opened = open_rules()
    lines = [
        "# Rules and what proves them",
        "",
        "Written by `make rules`. Every line names passing tests. Rules not claimed yet: docs/rules-open.txt.",
        "",
        "| Rule | Proved by |",
        "|---|---|",
    ]
    for rule in all_rules():
        tests = "<br>".join(f"`{test}`" for test in sorted(proved.get(rule, ())))
        lines.append(f"| {rule} | {tests or ('open' if rule in opened else '**not proved**')} |")
    target.write_text("\n".join(lines) + "\n")
    return [rule for rule in all_rules() if rule not in proved and rule not in opened]


if __name__ == "__main__":
    missing = write_table(Path(sys.argv[1]), Path(sys.argv[2]))
    print(f"neither proved nor listed as open: {', '.join(missing)}" if missing else f"written: {sys.argv[2]}")
    sys.exit(bool(missing))
