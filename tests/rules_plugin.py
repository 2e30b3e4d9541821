"""`--rules-table FILE`: writes which rule of the rulebook which passing test proves (decisions 20).

Fails when a claimed rule has no passing test. Rules not claimed yet stand in docs/rules-open.txt, one a line.
"""

from collections import defaultdict
from pathlib import Path

import pytest

OPEN_FILE = Path(__file__).resolve().parent.parent / "docs" / "rules-open.txt"
COUNTS = {"V": 22, "X": 9, "A": 11, "C": 35, "P": 5}
PROVED: dict[str, set[str]] = defaultdict(set)


def all_rules() -> list[str]:
    """Every rule id of the rulebook: V-01 … V-22, X-01 … X-09, A-01 … A-11, C-01 … C-35, P-01 … P-05."""
    return [f"{letter}-{n:02d}" for letter, count in COUNTS.items() for n in range(1, count + 1)]


def open_rules() -> set[str]:
    """Rules this release does not claim."""
    lines = OPEN_FILE.read_text().splitlines() if OPEN_FILE.exists() else []
    return {line.split()[0] for line in lines if line.strip() and not line.startswith("#")}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--rules-table", default=None, help="write the table of proved rules to this file")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Carry each test's rules in its report, so that they reach the table from parallel workers too."""
    for item in items:
        item.user_properties += [("rule", rule) for mark in item.iter_markers("rule") for rule in mark.args]


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.when == "call" and report.passed:
        for name, rule in report.user_properties:
            if name == "rule":
                PROVED[rule].add(report.nodeid.split("[")[0])


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    target = session.config.getoption("--rules-table")
    if not target or hasattr(session.config, "workerinput"):
        return
    opened = open_rules()
    missing = [rule for rule in all_rules() if rule not in PROVED and rule not in opened]
    lines = [
        "# Rules and what proves them",
        "",
        "Written by `make rules`. Every line names passing tests. Rules not claimed yet: docs/rules-open.txt.",
        "",
        "| Rule | Proved by |",
        "|---|---|",
    ]
    for rule in all_rules():
        tests = "<br>".join(f"`{test}`" for test in sorted(PROVED.get(rule, ())))
        lines.append(f"| {rule} | {tests or ('open' if rule in opened else '**not proved**')} |")
    Path(target).write_text("\n".join(lines) + "\n")
    if missing:
        session.config.pluginmanager.get_plugin("terminalreporter").write_line(
            f"rules neither proved nor listed as open: {', '.join(missing)}", red=True
        )
        session.exitstatus = 1
