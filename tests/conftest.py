"""Shared fixtures. Real PostgreSQL and Redis always; time is an argument; nothing of ours is mocked."""

import os
import re
from collections.abc import Hashable
from datetime import UTC, datetime

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.db.backends.postgresql.operations import DatabaseOperations
from django.utils import translation

from escalation import versions
from ledger import clock
from tests.kept_rows import KeptRows

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # playwright's sync API runs an event loop in this thread
MONDAY_NINE = datetime(2026, 6, 15, 9, 0, tzinfo=UTC)


def _flush_past_append_only_triggers() -> None:
    """Empty the tables after a transactional test: as a replica, so that append-only triggers and keys keep still for
    those statements; by DELETE, which costs a tenth of TRUNCATE on a hundred small tables."""
    plain = DatabaseOperations.execute_sql_flush

    def execute_sql_flush(self: DatabaseOperations, sql_list: list[str]) -> None:
        tables = re.findall(r'"([a-z_0-9]+)"', " ".join(sql_list))
        emptied = [f'DELETE FROM "{table}";' for table in tables]
        plain(self, ["SET session_replication_role = replica;", *emptied, "SET session_replication_role = DEFAULT;"])

    DatabaseOperations.execute_sql_flush = execute_sql_flush


_flush_past_append_only_triggers()

ARGON2_OF_PRODUCTION = {
    name: getattr(Argon2PasswordHasher, name) for name in ("time_cost", "memory_cost", "parallelism")
}
for name, least in {"time_cost": 1, "memory_cost": 8, "parallelism": 1}.items():
    setattr(Argon2PasswordHasher, name, least)  # a quarter of a second of processor time for every caller verified


@pytest.fixture(autouse=True)
def _fresh_demo_clock():
    """No cached demonstration time leaks from one test into the next."""
    clock.forget()
    yield
    clock.forget()


@pytest.fixture(autouse=True)
def _english():
    """No language a request left behind in this thread leaks from one test into the next."""
    translation.deactivate()


@pytest.fixture(autouse=True)
def _fresh_versions():
    """No policy version kept by this process leaks from one test into the next."""
    versions.forget()


@pytest.fixture(scope="session")
def chromium_browser():
    """One Chromium for every test: Playwright runs once in a process."""
    from playwright.sync_api import sync_playwright

    from servicedesk.launcher import chromium

    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        browser = playwright.chromium.launch(executable_path=chromium.ensure(), args=arguments)
        yield browser
        browser.close()


@pytest.fixture
def nine() -> datetime:
    """Monday 15 June 2026, 09:00 UTC."""
    return MONDAY_NINE


def _seed() -> None:
    from escalation.seed import seed_policies
    from tickets.seed import seed_configuration

    seed_configuration()
    seed_policies(at=MONDAY_NINE)


def _calendars() -> Hashable:
    from tests.factories.cast import calendars

    return calendars()


_SHIPPED = KeptRows(_seed, _calendars)


@pytest.fixture
def policies(db):
    """The shipped policies, calendars, priority matrix and playbooks."""
    _SHIPPED.put()


@pytest.fixture
def cast(db):
    """Ada, Bo, Cy, Dee and the rest (tests/factories/cast.py)."""
    from tests.factories.cast import kept_cast

    return kept_cast()
