"""Which fault of the plan (escalation-engine.md, "Proof 3.2") which test strikes, and what came of it.

`make chaos` (DESK_CHAOS=1) ends with a table of F1 … F14. A fault nobody struck is a failure, unless `-k` chose.
"""

import os
from collections import defaultdict

import pytest

FAULTS = {
    "F1": "an engine is killed every 50 ms",
    "F2": "an engine freezes in a transaction",
    "F3": "PostgreSQL restarts at once",
    "F4": "Redis is emptied, shut down, asleep",
    "F5": "beat is killed",
    "F6": "a worker is killed after sending",
    "F7": "the database's clock jumps",
    "F8": "a snapshot is held",
    "F9": "the engines' sessions are terminated",
    "F10": "two hours without engines",
    "F11": "the provider errs, hangs, resets",
    "F12": "the roster is emptied",
    "F13": "the disk is full",
    "F14": "a rule raises",
}
ON = os.environ.get("DESK_CHAOS") == "1"
_results: dict[str, list[pytest.TestReport]] = defaultdict(list)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Carry each test's faults in its report."""
    for item in items:
        item.user_properties += [("fault", fault) for mark in item.iter_markers("fault") for fault in mark.args]


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.when == "call" or report.outcome != "passed":
        for name, value in report.user_properties:
            if name == "fault":
                _results[str(value)].append(report)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if not ON:
        return
    terminalreporter.section("the fault plan")
    for fault, words in FAULTS.items():
        reports = _results[fault]
        good = bool(reports) and all(report.passed for report in reports)
        said = f"holds, {len(reports)} tests" if good else "FAILED" if reports else "NOT STRUCK"
        terminalreporter.write_line(f"{fault:4} {words:40} {said}", green=good, red=not good)
        for report in _long_or_bad(reports):
            terminalreporter.write_line(f"     {report.outcome:7} {report.duration:6.1f} s  {report.nodeid}")
            for name, value in report.user_properties:
                if name == "seen":
                    terminalreporter.write_line(f"             {value}")


def pytest_sessionfinish(session: pytest.Session) -> None:
    chosen = session.config.getoption("keyword") or session.config.getoption("collectonly")
    if ON and not chosen and not session.exitstatus and not FAULTS.keys() <= _results.keys():
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def _long_or_bad(reports: list[pytest.TestReport]) -> list[pytest.TestReport]:
    """One line a test; of a test with many cases only what failed, and the slowest."""
    by_test: dict[str, list[pytest.TestReport]] = defaultdict(list)
    for report in reports:
        by_test[report.nodeid.split("[")[0]].append(report)
    shown = []
    for cases in by_test.values():
        bad = [case for case in cases if not case.passed]
        shown += bad or [max(cases, key=lambda case: case.duration)]
    return shown
