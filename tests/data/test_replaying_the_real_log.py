"""Three hundred cases of a real three-line support organisation run through our commands and clocks."""

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import override_settings

from ledger import apart
from servicedesk.demo.replay.log import in_order, planned

CHECKOUT = Path(__file__).resolve().parents[2]
LOG = Path(os.environ.get("DESK_SHARED_DATA") or CHECKOUT.parent / "shared" / "data") / "incidents-2013.csv.gz"
CASES = 300
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def log() -> Path:
    if not LOG.exists():
        pytest.skip("the incident log is not beside the checkout")
    return LOG


@pytest.fixture(scope="module")
def replayed(log, django_db_setup, django_db_blocker) -> dict:
    """The figures of a replay of the newest cases, run as its own process beside the test database."""
    with django_db_blocker.unblock():
        url = _url(connection.settings_dict)
    environment = {k: v for k, v in os.environ.items() if k != "DATABASE_OWNER_URL"}
    environment |= {"DATABASE_URL": url, "DESK_ENV": "test"}
    command = [sys.executable, "manage.py", "replay", str(log), "--limit", str(CASES), "--json", "--jobs", "2"]
    done = subprocess.run(command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


def _url(s: dict) -> str:
    secret = f":{s['PASSWORD']}" if s["PASSWORD"] else ""
    return f"postgres://{s['USER']}{secret}@{s['HOST']}:{s['PORT']}/{s['NAME']}"


def test_every_step_is_applied_or_refused_with_a_code(log, replayed):
    asked = Counter(step.command for _case, step in in_order(planned(log, limit=CASES)))
    refused: Counter[str] = Counter()
    for name, number in replayed["refused"].items():
        command, code = name.split()
        refused[command] += number
        assert code.isidentifier()
    assert Counter(replayed["applied"]) + refused == asked
    assert replayed["cases"] == CASES and replayed["applied"]["log"] == CASES


def test_the_log_is_worked_not_only_refused(replayed):
    applied, refused = sum(replayed["applied"].values()), sum(replayed["refused"].values())
    assert applied > 10 * refused
    assert {"resolve", "close", "approve", "resume", "escalate_tier"} <= set(replayed["applied"])


def test_clocks_fire_as_history_passes_and_the_ledger_holds(replayed):
    rules = {name.split()[0] for name in replayed["fired"]}
    assert {"T-1", "T-1D", "T-3", "T-4", "T-5", "E-2"} <= rules
    assert replayed["broken"] == [] and replayed["entries"] > sum(replayed["applied"].values())


def test_its_databases_are_gone_afterwards(replayed):
    with connection.cursor() as cursor:
        name = connection.settings_dict["NAME"]
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [f"{name}_replay%"])
        assert cursor.fetchall() == []


def test_steps_come_in_one_order_of_time(log):
    times = [step.at_utc for _case, step in in_order(planned(log, limit=CASES))]
    assert times == sorted(times) and len(times) > 2_000


def test_shares_add_up_to_the_whole(log):
    whole, parts = planned(log, limit=20), [planned(log, limit=20, share=(n, 3)) for n in range(3)]
    assert {case for part in parts for case in part} == set(whole) and sum(map(len, parts)) == 20


def test_no_driver_works_on_a_database_set_apart(monkeypatch):
    from escalation.tasks import tick

    assert apart.is_apart() is False
    monkeypatch.setitem(apart._seen, connection.settings_dict["NAME"], True)
    for driver in (tick, lambda: call_command("escalation_engine")):
        with pytest.raises(RuntimeError, match="set apart"):
            driver()


@pytest.mark.django_db(transaction=True)
def test_the_mark_stands_in_the_database_itself():
    name = connection.settings_dict["NAME"]
    try:
        apart.set_apart("test")
        apart._seen.clear()
        assert apart.is_apart() is True
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"COMMENT ON DATABASE {connection.ops.quote_name(name)} IS NULL")
        apart._seen.clear()


def test_production_and_a_missing_file_are_refused(tmp_path):
    with pytest.raises(CommandError, match="no file"):
        call_command("replay", str(tmp_path / "absent.csv"))
    with override_settings(ENV="production"), pytest.raises(CommandError, match="refused"):
        call_command("replay", str(tmp_path / "absent.csv"))
