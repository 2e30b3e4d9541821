"""The walls of the house: layers, lint rules no tool knows, migrations, pinned libraries."""

import re
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pytest
from django.core.management import call_command

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("ledger", "accounts", "catalogue", "tickets", "escalation", "channels", "quality")
PRODUCT = [
    path
    for room in (*ROOMS, "servicedesk")
    for path in (ROOT / room).rglob("*.py")
    if "migrations" not in path.parts and "launcher" not in path.parts
]


def lines_matching(pattern: str, paths: list[Path]) -> list[str]:
    found = []
    for path in paths:
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if re.search(pattern, line):
                found.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()}")
    return found


def test_rooms_import_only_what_stands_below_them():
    done = subprocess.run([Path(sys.executable).with_name("lint-imports")], cwd=ROOT, capture_output=True, text=True)

    assert done.returncode == 0, done.stdout


@pytest.mark.django_db
def test_no_model_change_lacks_its_migration():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_the_maintained_state_machine_is_installed_and_the_other_is_not():
    assert version("django-fsm-2") == "4.2.4"
    with pytest.raises(PackageNotFoundError):
        version("django-fsm")


def test_nobody_writes_a_ticket_state_past_the_machine():
    assert lines_matching(r"\b[Tt]ickets?\b(\.objects)?[^=]*\.update\([^)]*\bstate=", PRODUCT) == []


def test_no_task_is_sent_with_a_countdown():
    assert lines_matching(r"\b(eta|countdown)\s*=", PRODUCT) == []


def test_only_the_ledger_clock_reads_the_time_in_the_rooms():
    rooms = [p for p in PRODUCT if p.parts[len(ROOT.parts)] in ROOMS and p != ROOT / "ledger" / "clock.py"]

    assert lines_matching(r"timezone\.now\(|datetime\.now\(|utcnow\(|date\.today\(", rooms) == []


def test_production_code_fires_by_the_database_clock_only():
    callers = [p for p in PRODUCT if p.name != "fire.py"]

    found = lines_matching(r"fire_due\([^)]*\bat=", callers)

    assert [line for line in found if not re.search("replay|bench|demo", line)] == []


def test_addresses_are_never_built_by_hand():
    assert lines_matching(r"""["'][^"']*%s <%s>|f["'][^"']*\{[^}]+\} <\{""", PRODUCT) == []


def test_nothing_unescaped_leaves_but_through_the_one_sanitiser():
    web = ROOT / "servicedesk" / "web"
    others = [p for p in PRODUCT if p not in {web / "markdown.py", web / "templatetags" / "components.py"}]

    assert lines_matching(r"mark_safe\(|SafeString\(", others) == []


def test_no_query_is_built_past_the_orm_and_no_form_is_exempt_from_csrf():
    guard = ROOT / "servicedesk" / "links" / "guard.py"  # has a check of its own, for pages without a referrer
    hooks = ROOT / "servicedesk" / "hooks" / "views.py"  # no session at all: every request is signed
    lock = ROOT / "tickets" / "commands" / "base.py"  # a statement the ORM composed, kept for a replay
    others = [p for p in PRODUCT if p not in {guard, hooks, lock}]

    assert lines_matching(r"\.raw\(|\.extra\(|csrf_exempt", others) == []


def test_serializers_name_their_fields():
    assert lines_matching(r"""fields\s*=\s*["']__all__["']""", PRODUCT) == []
