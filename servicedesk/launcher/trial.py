"""Commands against throwaway servers: the tests, or anything else."""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator

from .paths import ROOT
from .processes import Keeper, die_with_parent
from .servers import Throwaway
from .words import say


def child_environment(extra: dict[str, str]) -> dict[str, str]:
    """Return the caller's environment, plus `extra`, with the virtual environment first on the path."""
    path = f"{sys.prefix}/bin:{os.environ.get('PATH', '')}"
    return {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", **extra, "PATH": path}


@contextlib.contextmanager
def throwaway_environment(*, durable: bool = False) -> Iterator[dict[str, str]]:
    """Give a whole environment for DESK_ENV=test with servers behind it, until the block ends.

    `durable` servers write as in earnest and the owner is no superuser: for figures, not for the tests' flush.
    """
    keeper = Keeper()
    try:
        trial = Throwaway(keeper, durable=durable)
        with trial as urls:
            (trial.data / "desk").mkdir(exist_ok=True)
            yield child_environment(
                {
                    "DESK_ENV": "test",
                    "DESK_DB_ROLE": "app" if durable else "owner",
                    "DESK_DATA_DIR": os.environ.get("DESK_DATA_DIR") or str(trial.data / "desk"),
                    **urls,
                }
            )
    finally:
        keeper.close()


def run_command(command: list[str], *, durable: bool = False) -> int:
    """Run `command` against throwaway servers in the checkout and return its exit code."""
    with throwaway_environment(durable=durable) as env:
        process = subprocess.Popen(command, env=env, cwd=ROOT, preexec_fn=die_with_parent(signal.SIGTERM))
        with contextlib.suppress(ValueError):
            signal.signal(signal.SIGTERM, lambda *_: process.terminate())
        while True:
            try:
                return process.wait()
            except KeyboardInterrupt:
                continue  # the terminal told the child as well; wait for it


def hold(name: str) -> int:
    """Keep throwaway servers until interrupted, printing what to export."""

    def leave(*_: object) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, leave)
    with throwaway_environment() as env:
        names = ("DESK_ENV", "DESK_DB_ROLE", "DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "DESK_SECRET_KEY")
        say(" ".join(["export", *(f"{key}={env[key]}" for key in names)]) + f" DESK_TEST_DB=test_{name}")
        with contextlib.suppress(KeyboardInterrupt):
            signal.pause()
    return 0
