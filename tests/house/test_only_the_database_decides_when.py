import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ["ledger", "accounts", "catalogue", "tickets", "escalation", "channels", "quality", "servicedesk"]
REPLAYS = ("replay", "seed_volume", "demo", "seed_acceptance", "simulate")
FIRING = {"fire_due", "fire_all"}


def calls(path: Path) -> list[tuple[int, ast.Call]]:
    tree = ast.parse(path.read_text())
    return [
        (node.lineno, node)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in FIRING
    ]


def given_an_instant(call: ast.Call) -> bool:
    return bool(call.args) or any(word.arg == "at" for word in call.keywords)


@pytest.mark.invariant("I2")
def test_production_code_fires_only_by_the_databases_clock():
    files = [p for room in ROOMS for p in (ROOT / room).rglob("*.py") if "migrations" not in p.parts]
    files = [p for p in files if p.name != "fire.py" and not any(word in str(p.relative_to(ROOT)) for word in REPLAYS)]

    found = {str(p.relative_to(ROOT)): calls(p) for p in files}

    assert sum(len(lines) for lines in found.values()) >= 2
    bad = [f"{name}:{line}" for name, lines in found.items() for line, call in lines if given_an_instant(call)]
    assert bad == []


def test_no_task_is_given_a_time_to_run_at():
    for room in ROOMS:
        for path in (ROOT / room).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call):
                    assert not {w.arg for w in node.keywords} & {"eta", "countdown"}, path
