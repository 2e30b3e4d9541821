"""A command of ours in a process and a database of its own."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError


class Child:
    """One process with a database of its own; nothing leaves it. words: the command and what it is given."""

    def __init__(self, words: Sequence[str], url: str) -> None:
        env = {k: v for k, v in os.environ.items() if k != "DATABASE_OWNER_URL"}
        env |= {"DATABASE_URL": url, "DESK_OUTBOUND": "off", "DESK_STATEMENT_TIMEOUT": "0", "DESK_ENV": settings.ENV}
        self.out = tempfile.TemporaryFile("w+")  # noqa: SIM115 - closed by wait_well
        command = [sys.executable, str(settings.BASE_DIR / "manage.py"), *words]
        self.process = subprocess.Popen(command, env=env, stdout=self.out, cwd=settings.BASE_DIR)  # noqa: S603

    def wait_well(self) -> dict[str, Any]:
        """Wait for its end and return the JSON of its last line. Raises CommandError if it failed."""
        if self.process.wait() != 0:
            raise CommandError("A part of the run failed; its words stand above.")
        self.out.seek(0)
        found: dict[str, Any] = json.loads(self.out.read().splitlines()[-1])
        self.out.close()
        return found
