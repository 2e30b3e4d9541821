"""Children that do not outlive the launcher."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, cast

from . import keeper as keeper_script
from .identity import Identity

PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


def die_with_parent(number: int) -> Callable[[], None]:
    """Return what a child does before exec: ask Linux for `number` at the death of its parent."""

    def ask() -> None:
        if LIBC is not None:
            LIBC.prctl(PR_SET_PDEATHSIG, number)

    return ask


class Keeper:
    """The second half of the launcher, see keeper.py."""

    def __init__(self) -> None:
        """Start it, in a session of its own."""
        self.process: subprocess.Popen[str] = subprocess.Popen(
            [sys.executable, "-I", "-S", keeper_script.__file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
            cwd="/",
        )
        self.line = cast(IO[str], self.process.stdin)

    def tell(self, line: str) -> None:
        """Send one line; a keeper that is gone is no reason to stop the desk."""
        with contextlib.suppress(OSError, ValueError):
            self.line.write(line + "\n")
            self.line.flush()

    def close(self) -> None:
        """Say bye."""
        self.tell("bye")
        with contextlib.suppress(OSError):
            self.line.close()
        self.process.wait(5)


class Child:
    """One process in a session of its own, watched by the keeper, its output appended to a log."""

    def __init__(
        self,
        name: str,
        command: Sequence[str | Path],
        *,
        who: Identity,
        keeper: Keeper,
        log: Path,
        env: Mapping[str, str],
        cwd: Path | str = "/",
        stop_signal: int = signal.SIGTERM,
        stdin_text: str | None = None,
    ) -> None:
        """Describe it; `start` starts it. `stdin_text` is fed at start (a configuration with a secret)."""
        self.name, self.command, self.who, self.keeper = name, [str(part) for part in command], who, keeper
        self.log, self.env, self.cwd = log, dict(env), cwd
        self.stop_signal, self.stdin_text = stop_signal, stdin_text
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> "Child":
        """Start the process."""
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                [*self.who.prefix, *self.command],
                stdin=subprocess.DEVNULL if self.stdin_text is None else subprocess.PIPE,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=self.env,
                cwd=self.cwd,
                start_new_session=True,
                preexec_fn=die_with_parent(self.stop_signal),
                **self.who.kwargs,
            )
        self.keeper.tell(f"watch {self.process.pid} {int(self.stop_signal)}")
        if self.stdin_text is not None and self.process.stdin:
            self.process.stdin.write(self.stdin_text.encode())
            self.process.stdin.close()
        return self

    @property
    def returncode(self) -> int | None:
        """Return how it ended, None while it runs or before it was started."""
        return self.process.poll() if self.process else None

    def ask_to_stop(self) -> None:
        """Send the stop signal, without waiting."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(self.stop_signal)

    def stop(self, patience: float = 10.0) -> None:
        """Ask, wait up to `patience` seconds, then kill; leave nobody of its session behind."""
        if not self.process:
            return
        self.ask_to_stop()
        try:
            self.process.wait(patience)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(5)
        for pid in keeper_script.members({self.process.pid}):
            keeper_script.send(pid, signal.SIGKILL)
        self.keeper.tell(f"forget {self.process.pid}")

    def last_words(self, size: int = 1200) -> str:
        """Return the end of its log."""
        with contextlib.suppress(OSError), self.log.open("rb") as file:
            file.seek(0, os.SEEK_END)
            file.seek(max(0, file.tell() - size))
            return file.read().decode(errors="replace").strip()
        return ""
