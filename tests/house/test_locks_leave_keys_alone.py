"""FOR UPDATE stands in the way of every insert that refers to the row: a page, a note, a firing. What others refer to
is locked NO KEY (escalation-engine.md, rule b)."""

import ast
from pathlib import Path

from django.apps import apps
from django.db.models import Model

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ["ledger", "accounts", "catalogue", "tickets", "escalation", "channels", "quality", "servicedesk"]


def strong_locks(path: Path) -> list[tuple[str, int]]:
    """The first name of every expression that locks FOR UPDATE without `no_key=True`, and its line."""
    found = []
    for node in ast.walk(ast.parse(path.read_text())):
        if not isinstance(node, ast.Call) or getattr(node.func, "attr", "") != "select_for_update":
            continue
        if any(word.arg == "no_key" and getattr(word.value, "value", None) is True for word in node.keywords):
            continue
        first: ast.AST = node
        while not isinstance(first, ast.Name):
            first = getattr(first, "func", None) or first.value  # type: ignore[attr-defined]
        found.append((first.id, node.lineno))
    return found


def is_referred_to(model: type[Model]) -> bool:
    """Whether a foreign key anywhere points to its rows."""
    return any(f.one_to_many or f.one_to_one and f.auto_created for f in model._meta.get_fields(include_hidden=True))


def test_only_rows_nothing_refers_to_are_locked_for_update():
    free = {model.__name__ for model in apps.get_models() if not is_referred_to(model)}
    files = [path for room in ROOMS for path in (ROOT / room).rglob("*.py")]

    found = {f"{path.relative_to(ROOT)}:{line}": name for path in files for name, line in strong_locks(path)}

    assert len(found) >= 4, "the look at the code finds none"
    assert {where: name for where, name in found.items() if name not in free} == {}
