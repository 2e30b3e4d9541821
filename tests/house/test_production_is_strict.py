"""Production is the default, refuses demonstration secrets, data and time, and passes Django's own deployment check."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SECRET = "k3J8-wq0Z_production-like-secret-9f27b1d64c0e5a8837"
WHOLE = {
    "DESK_ENV": "production",
    "DESK_SECRET_KEY": SECRET,
    "DATABASE_URL": os.environ.get("DATABASE_URL", ""),
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "DESK_BASE_URL": "https://desk.example.com",
    "DESK_ALLOWED_HOSTS": "desk.example.com",
    "DESK_TLS_AT_PROXY": "1",
}


def manage(*words: str, **environment: str) -> subprocess.CompletedProcess:
    clean = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, "manage.py", *words], cwd=ROOT, env={**clean, **environment}, capture_output=True, text=True
    )


def test_without_a_word_it_is_production_and_asks_for_its_secret():
    done = manage("check")

    assert done.returncode != 0
    assert "DESK_SECRET_KEY is not set" in done.stderr


@pytest.mark.parametrize("secret", ["demo-secret-not-for-production-0123456789abcdef", "short"])
def test_a_demonstration_or_short_secret_is_refused(secret):
    done = manage("check", **{**WHOLE, "DESK_SECRET_KEY": secret})

    assert done.returncode != 0
    assert "make secrets" in done.stderr


def test_production_settings_pass_the_deployment_check():
    done = manage("check", "--deploy", "--fail-level", "WARNING", **WHOLE)

    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    "words",
    [
        ["demo_data"],
        ["seed_acceptance", "--json"],
        ["demo_clock", "--speed", "2"],
        ["replay", "x.csv"],
        ["simulate", "fault_handling", "--a", "shipped", "--full", "--scenario", "storm"],
    ],
    ids=lambda w: w[0],
)
def test_demonstration_commands_are_refused(words):
    done = manage(*words, **WHOLE)

    assert done.returncode != 0
    assert "refused outside DESK_ENV" in done.stderr + done.stdout
