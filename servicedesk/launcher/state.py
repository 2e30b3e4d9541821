"""One desk per data folder: the lock, and the file that says where it runs."""

import fcntl
import json
import os
from pathlib import Path
from typing import Any, TextIO

from .words import Trouble


class State:
    """`desk.lock` is held while a launcher lives, even a killed one lets go; `desk.json` tells where it runs."""

    def __init__(self, data: Path) -> None:
        """Name the two files."""
        self.lock_path, self.path = data / "desk.lock", data / "desk.json"
        self.lock: TextIO | None = None

    def take(self) -> None:
        """Take the lock, or raise Trouble that says where the other desk runs."""
        handle = os.open(self.lock_path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        self.lock = os.fdopen(handle, "r+")
        try:
            fcntl.flock(self.lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self.lock.close()
            raise Trouble(self.other()) from None
        self.path.unlink(missing_ok=True)

    def other(self) -> str:
        """Return the sentence about the desk that runs already."""
        known = self.read()
        where = f"at {known['address']} (process {known['pid']})" if known.get("address") else "and is still starting"
        return f"The desk already runs {where}; stop it there with Ctrl-C, or set DESK_DATA_DIR to start another."

    def read(self) -> dict[str, Any]:
        """Return what the file says, empty if there is none."""
        try:
            return dict(json.loads(self.path.read_text()))
        except (OSError, ValueError):
            return {}

    def write(self, facts: dict[str, Any]) -> None:
        """Replace the file; it holds passwords, so only the launcher's account reads it."""
        fresh = self.path.with_suffix(".new")
        fresh.unlink(missing_ok=True)
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(facts, file, indent=1)
        fresh.rename(self.path)

    def release(self) -> None:
        """Forget the desk."""
        self.path.unlink(missing_ok=True)
        if self.lock:
            self.lock.close()
