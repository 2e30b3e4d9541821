"""The virtual environment: made once, from the lock files with hashes, and not touched while they are unchanged."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from .identity import server_identity
from .paths import ROOT, venv_dir, venv_python
from .words import Trouble, say, warn

OLDEST = (3, 11)
LOCKS = {"run": "requirements/run.txt", "dev": "requirements/dev.txt"}
INSTALLER = "requirements/uv.txt"
STAMP = ".desk-lock"


def digest(kind: str) -> str:
    """Return the hash of a lock file."""
    return hashlib.sha256((ROOT / LOCKS[kind]).read_bytes()).hexdigest()


def stamped() -> dict[str, str]:
    """Return which locks the environment holds, by kind."""
    try:
        return dict(json.loads((venv_dir() / STAMP).read_text()))
    except (OSError, ValueError):
        return {}


def up_to_date(kind: str) -> bool:
    """Tell whether the environment holds the lock; the one for development holds the one for running too."""
    return venv_python().exists() and stamped().get(kind) == digest(kind)


def inside() -> bool:
    """Tell whether this very process runs in the environment."""
    return Path(sys.prefix).resolve() == venv_dir().resolve()


def good_python(path: str) -> bool:
    """Tell whether the interpreter is new enough and the account of our children can start it."""
    check = f"import sys, venv; sys.exit(sys.version_info[:2] < {OLDEST})"
    try:
        return server_identity().run([path, "-I", "-c", check], cwd="/", capture_output=True).returncode == 0
    except OSError:
        return False


def base_python() -> str:
    """Return the interpreter to build on: this one, or for root one that the dropped account can start too."""
    own = str(Path(getattr(sys, "_base_executable", "") or sys.executable).resolve())
    if os.geteuid() != 0 or good_python(own):
        return own
    names = ["python3", *(f"python3.{minor}" for minor in range(14, 10, -1))]
    for folder in ("/usr/bin", "/usr/local/bin"):
        for name in names:
            if good_python(f"{folder}/{name}"):
                return f"{folder}/{name}"
    return own


def create() -> None:
    """Make the empty environment."""
    shutil.rmtree(venv_dir(), ignore_errors=True)
    made = subprocess.run([base_python(), "-m", "venv", venv_dir()], capture_output=True, text=True)
    if made.returncode:
        shutil.rmtree(venv_dir(), ignore_errors=True)
        raise Trouble(
            "Python cannot make a virtual environment here; on Debian and Ubuntu: apt-get install python3-venv."
            f"\n{(made.stdout + made.stderr).strip()[-400:]}"
        )


def install(kind: str) -> None:
    """Bring the environment to the lock, by uv, else by pip; both check every hash."""
    python = str(venv_python())
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"]
    env = {**os.environ, "UV_PYTHON_DOWNLOADS": "never", "VIRTUAL_ENV": str(venv_dir())}
    uv = venv_dir() / "bin" / "uv"
    if not uv.exists():
        subprocess.run([*pip, "-r", INSTALLER], cwd=ROOT, capture_output=True)
    if uv.exists():
        sync = [str(uv), "pip", "sync", "--quiet", "--require-hashes", "--python", python, LOCKS[kind], INSTALLER]
        done = subprocess.run(sync, cwd=ROOT, env=env, capture_output=True, text=True)
        if done.returncode == 0:
            return
        warn(f"uv could not install the packages, trying pip: {done.stderr.strip()[-300:]}")
    done = subprocess.run([*pip, "-r", LOCKS[kind]], cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        raise Trouble(f"The packages could not be installed; is a package index reachable?\n{done.stderr[-800:]}")


def ensure(kind: str) -> None:
    """Make sure the environment holds the lock of `kind` (run or dev)."""
    if sys.version_info[:2] < OLDEST:
        raise Trouble(f"Python {OLDEST[0]}.{OLDEST[1]} or newer is needed, this is {sys.version.split()[0]}.")
    if inside() or up_to_date(kind):
        return
    if not venv_python().exists():
        say("Making the virtual environment…")
        create()
    say("Installing the locked packages…")
    (venv_dir() / STAMP).unlink(missing_ok=True)
    install(kind)
    held = {"run": digest("run")} | ({"dev": digest("dev")} if kind == "dev" else {})
    (venv_dir() / STAMP).write_text(json.dumps(held))


def enter(kind: str, arguments: list[str]) -> None:
    """Go on inside the environment: replaces this process unless it already runs there."""
    ensure(kind)
    if inside():
        return
    python = str(venv_python())
    os.chdir(ROOT)
    os.execv(python, [python, "-m", "servicedesk.launcher", *arguments])
