import json
import re
import sys

import pytest

from servicedesk.launcher import venv
from servicedesk.launcher.paths import ROOT
from servicedesk.launcher.words import Trouble

PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==(\S+)", re.MULTILINE)
LOCKS = {name: (ROOT / "requirements" / f"{name}.txt").read_text() for name in ("run", "dev", "uv")}


def pins(name):
    """Return version by package of a lock file."""
    return {package.lower(): version for package, version in PIN.findall(LOCKS[name])}


@pytest.fixture
def empty_venv(tmp_path, monkeypatch):
    monkeypatch.setenv("DESK_VENV", str(tmp_path))
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python").touch()
    return tmp_path


@pytest.mark.parametrize("name", sorted(LOCKS))
def test_every_package_is_pinned_and_hashed(name):
    entries = [entry for entry in re.split(r"\n(?=\S)", LOCKS[name].strip()) if entry[0] != "#"]

    assert len(entries) == len(PIN.findall(LOCKS[name]))
    assert all("--hash=sha256:" in entry for entry in entries)
    assert "http" not in LOCKS[name]


def test_the_drop_in_of_django_fsm_is_there_and_the_other_is_not():
    for name in ("run", "dev"):
        assert pins(name)["django-fsm-2"] == "4.2.4"
        assert "django-fsm" not in pins(name)


def test_what_runs_is_tested_in_the_same_versions():
    assert pins("run").items() <= pins("dev").items()


def test_django_is_the_long_term_release():
    assert pins("run")["django"].startswith("5.2.")


def test_the_environment_for_development_serves_for_running_too(empty_venv):
    (empty_venv / venv.STAMP).write_text(json.dumps({"run": venv.digest("run"), "dev": venv.digest("dev")}))

    assert venv.up_to_date("dev")
    assert venv.up_to_date("run")


def test_an_environment_of_another_lock_is_out_of_date(empty_venv):
    (empty_venv / venv.STAMP).write_text(json.dumps({"run": "older"}))

    assert not venv.up_to_date("run")
    assert not venv.up_to_date("dev")


def test_an_old_python_is_told_in_one_sentence(monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))

    with pytest.raises(Trouble, match=r"^Python 3\.11 or newer is needed"):
        venv.ensure("run")


def test_a_python_that_cannot_make_environments_gets_the_remedy_and_leaves_nothing(tmp_path, monkeypatch):
    target = tmp_path / "venv"
    monkeypatch.setenv("DESK_VENV", str(target))
    monkeypatch.setattr(venv, "base_python", lambda: "false")

    with pytest.raises(Trouble, match="apt-get install python3-venv"):
        venv.create()

    assert not target.exists()
