"""What must be done before the desk serves: migrations, grants, demonstration data, static files.

Skipped while the files it depends on are unchanged.
"""

import hashlib
import json
import os
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path

from .layout import Layout
from .paths import ROOT, venv_python
from .venv import digest
from .words import Trouble, say

ROOMS = ("ledger", "accounts", "catalogue", "tickets", "knowledge", "escalation", "channels", "quality", "servicedesk")


def fingerprint(paths: Iterable[Path]) -> str:
    """Return a hash over names and contents."""
    total = hashlib.sha256(digest("run").encode())
    for path in sorted(paths):
        total.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return total.hexdigest()


def code() -> Iterable[Path]:
    """Return the files whose change asks for migrations and demonstration data again."""
    return [path for room in ROOMS for path in (ROOT / room).rglob("*.py") if "launcher" not in path.parts]


def assets() -> Iterable[Path]:
    """Return the files whose change asks for static files again."""
    found = [path for path in (ROOT / "static").rglob("*") if path.is_file()]
    return [*found, *(ROOT / "servicedesk").glob("settings*.py")]


class Preparation:
    """The two tasks, side by side. Marks in the data folder say which state was prepared last."""

    def __init__(self, layout: Layout, env: Mapping[str, str], *, private: bool) -> None:
        """`private`: the database is the launcher's own, so that its marks can be trusted."""
        self.layout, self.env, self.private = layout, env, private
        self.marks = layout.data / "prepared.json"

    def known(self) -> dict[str, str]:
        """Return the marks."""
        try:
            return dict(json.loads(self.marks.read_text()))
        except (OSError, ValueError):
            return {}

    def run(self) -> None:
        """Do what is due; raises Trouble with the end of the log of what failed."""
        now = {"database": fingerprint(code()), "static": fingerprint(assets())}
        known = self.known()
        commands = {}
        if not self.private or known.get("database") != now["database"]:
            commands["database"] = ["prepare"]
        if known.get("static") != now["static"] or not (self.layout.desk / "static").exists():
            commands["static"] = ["collectstatic", "--noinput", "--verbosity", "0"]
        if not commands:
            return
        say("Preparing the database and the static files…")
        self.marks.unlink(missing_ok=True)
        running = {name: self._start(name, command) for name, command in commands.items()}
        failed = [name for name, process in running.items() if process.wait()]
        if failed:
            words = (self.layout.data / "log" / f"{failed[0]}.log").read_text(errors="replace")
            raise Trouble(f"`manage.py {commands[failed[0]][0]}` failed:\n{words[-1500:].strip()}")
        self.marks.write_text(json.dumps(now))

    def _start(self, name: str, command: list[str]) -> subprocess.Popen[bytes]:
        """Start one management command as our processes' account."""
        with (self.layout.data / "log" / f"{name}.log").open("wb") as log:
            return subprocess.Popen(
                [*self.layout.who.prefix, str(venv_python()), "manage.py", *command],
                cwd=ROOT,
                env={**self.env, "DESK_APP": name},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                **self.layout.who.kwargs,
            )


def is_private() -> bool:
    """Tell whether the database is the launcher's own."""
    return not os.environ.get("DATABASE_URL")
