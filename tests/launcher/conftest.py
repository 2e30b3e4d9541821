"""A stand-in product in a folder of its own, so that the launcher is tested by starting it for real."""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from servicedesk.launcher.identity import runs, server_identity

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
PATIENCE = 120


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """Give a folder that every account may enter; pytest's own is closed to others."""
    folder = Path(tempfile.mkdtemp(prefix="desk-launcher-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def checkout(open_folder: Path) -> Path:
    """Give a checkout with the real launcher and a product that answers 200 and stays until told."""
    package = open_folder / "servicedesk"
    shutil.copytree(
        ROOT / "servicedesk" / "launcher", package / "launcher", ignore=shutil.ignore_patterns("__pycache__")
    )
    shutil.copytree(ROOT / "requirements", open_folder / "requirements")
    (package / "__init__.py").touch()
    (open_folder / "static").mkdir()
    for name, folder in (("asgi.py", package), ("celery.py", package), ("manage.py", open_folder)):
        shutil.copy(HERE / "standin" / name, folder / name)
    return open_folder


@pytest.fixture(scope="session")
def open_venv() -> Iterator[Path]:
    """Give an environment that every account can start: this one, or one the launcher makes for the session."""
    if runs(server_identity(), Path(sys.executable)):
        yield Path(sys.prefix)
        return
    folder = Path(tempfile.mkdtemp(prefix="desk-venv-"))
    folder.chmod(0o755)
    env = {**os.environ, "DESK_VENV": str(folder / "venv")}
    subprocess.run([sys.executable, "-m", "servicedesk.launcher", "sync", "run"], cwd=ROOT, env=env, check=True)
    yield folder / "venv"
    shutil.rmtree(folder)


class Desk:
    """One launcher on the stand-in, started as root or as somebody else."""

    def __init__(self, checkout: Path, environment: Path, *, account: str | None = None, **env: str) -> None:
        """Start `run`; `account` None means the tests' own account."""
        clean = {name: value for name, value in os.environ.items() if not name.endswith("_URL") and name[:5] != "DESK_"}
        who = {}
        if account:
            entry = pwd.getpwnam(account)
            who = {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
            os.chown(checkout, entry.pw_uid, entry.pw_gid)
        self.data = checkout / "var"
        self.process = subprocess.Popen(
            [environment / "bin" / "python", "-m", "servicedesk.launcher", "run"],
            cwd=checkout,
            env={**clean, "DESK_VENV": str(environment), "HOME": str(checkout), **env},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
            **who,
        )
        self.lines: list[str] = []

    def until(self, words: str) -> str:
        """Read what it says up to the line that holds `words`, and return that line."""
        watchdog = threading.Timer(PATIENCE, self.process.kill)
        watchdog.start()
        try:
            for line in self.process.stdout:
                self.lines.append(line)
                if words in line:
                    return line
        finally:
            watchdog.cancel()
        raise AssertionError(f"{words!r} was never said:\n{''.join(self.lines)}\n{self.logs()}")

    def logs(self) -> str:
        """Return every log of the desk."""
        return "\n".join(f"{path.name}: {path.read_text()[-800:]}" for path in self.data.glob("log/*"))

    def family(self) -> list[psutil.Process]:
        """Return every process it has brought up, at any depth."""
        return psutil.Process(self.process.pid).children(recursive=True)

    def close(self) -> None:
        """End it for good."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.process.stdout.close()


def still_alive(processes: list[psutil.Process], *, seconds: float) -> list[psutil.Process]:
    """Return who is alive `seconds` later. A dead process whose new parent has not looked yet is dead."""
    left = psutil.wait_procs(processes, timeout=seconds)[1]
    return [process for process in left if process.is_running() and process.status() != psutil.STATUS_ZOMBIE]


@pytest.fixture
def start_desk(checkout: Path, open_venv: Path) -> Iterator:
    """Give a function that starts a desk on the stand-in; all are ended afterwards."""
    started: list[Desk] = []

    def start(**wishes: str) -> Desk:
        started.append(Desk(checkout, open_venv, **wishes))
        return started[-1]

    yield start
    for desk in started:
        desk.close()
