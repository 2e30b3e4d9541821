"""Keeping the processes up, and taking them down."""

import contextlib
import http.client
import signal
import time
from collections.abc import Sequence
from types import FrameType

from .ports import LOOPBACK
from .processes import Child
from .words import Trouble, say, warn

LOOK_SECONDS = 0.2
FIRST_PAUSE, LONGEST_PAUSE, HEALTHY_AFTER = 0.5, 30.0, 60.0


class Interrupted(Exception):
    """Somebody asked the launcher to stop."""


@contextlib.contextmanager
def interruptible():
    """Turn Ctrl-C, termination and a closed terminal into Interrupted, once; a second one is left to `stop`."""

    def leave(number: int, frame: FrameType | None) -> None:
        for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(each, signal.SIG_IGN)
        raise Interrupted(signal.Signals(number).name)

    before = {each: signal.signal(each, leave) for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def obstacle(port: int, path: str = "/readyz") -> str:
    """Return what keeps the web process from being ready, in its own words; empty when it is."""
    link = http.client.HTTPConnection(LOOPBACK, port, timeout=5)
    try:
        link.request("GET", path)
        answer = link.getresponse()
        said = answer.read(400).decode(errors="replace")
        return "" if answer.status == 200 else f"{answer.status} {said}"
    except (OSError, http.client.HTTPException) as error:
        return f"no answer ({error})"
    finally:
        link.close()


class Supervisor:
    """Watches processes; one that dies is started again after a pause that doubles."""

    def __init__(self, children: Sequence[Child]) -> None:
        """Take the processes, started or not. `servers` are kept up too, but stopped by whoever started them."""
        self.children = list(children)
        self.servers: list[Child] = []
        self.pauses: dict[str, float] = {}
        self.due: dict[str, float] = {}
        self.started: dict[str, float] = {}

    def everybody(self) -> list[Child]:
        """Return processes and servers."""
        return self.servers + self.children

    def start(self) -> None:
        """Start those that do not run yet."""
        for child in self.everybody():
            if child.process is None:
                child.start()
            self.started[child.name] = time.monotonic()

    def look(self, now: float) -> None:
        """Look once at everybody; `now` in seconds of the monotonic clock."""
        for child in self.everybody():
            if child.returncode is None:
                continue
            if child.name not in self.due:
                lived = now - self.started[child.name]
                last = 0.0 if lived > HEALTHY_AFTER else self.pauses.get(child.name, 0.0)
                self.pauses[child.name] = pause = min(LONGEST_PAUSE, last * 2 or FIRST_PAUSE)
                self.due[child.name] = now + pause
                warn(f"{child.name} ended with {child.returncode}; starting it again in {pause:g} s (see {child.log}).")
            elif now >= self.due[child.name]:
                del self.due[child.name]
                child.stop()
                child.start()
                self.started[child.name] = now
                say(f"{child.name} was started again.")

    def wait_ready(self, port: int, patience: float = 60.0) -> None:
        """Return when the web process is ready; raise Trouble with its last words when it is not in time."""
        web = next(child for child in self.children if child.name == "web")
        deadline, why = time.monotonic() + patience, ""
        while time.monotonic() < deadline:
            why = obstacle(port)
            if not why:
                return
            if web.returncode is not None:
                raise Trouble(f"The web process did not start. Its log says:\n{web.last_words()}")
            self.look(time.monotonic())
            time.sleep(0.1)
        raise Trouble(f"The web process is not ready after {patience:g} s: {why}. Its log:\n{web.last_words()}")

    def watch(self) -> None:
        """Watch until interrupted."""
        while True:
            self.look(time.monotonic())
            time.sleep(LOOK_SECONDS)

    def stop(self) -> None:
        """Ask all at once, then wait for each."""
        for child in self.children:
            child.ask_to_stop()
        for child in reversed(self.children):
            child.stop(patience=6)
        say("Stopped.")
