"""A real process that arrives at a failpoint, with rows in its hands, and raises, dies or freezes there."""

import os
import signal
import traceback
from collections.abc import Callable
from typing import Any

from django.db import InterfaceError, OperationalError, connection

from escalation import failpoints
from escalation.commands import fire

DONE, BUG, RAISED, LOST = 0, 1, 3, 4
KILLED = -signal.SIGKILL


class Child:
    """Forked from this process, with a connection of its own, to make one call; a context manager, gone at its end.

    It stops itself when it arrives at `place`, so that others can be put in its way. Told to go on it does what the
    failpoint says: "raise" or "kill"; "stop" says no more than that, so then it goes on as if nothing had been.
    """

    def __init__(self, call: Callable[[], Any], *, place: str, how: str) -> None:
        self._ended: int | None = None
        self.pid = os.fork()
        if self.pid == 0:
            _live(call, place, how)

    def until_stopped(self) -> None:
        """Wait until it stands at its failpoint."""
        _pid, status = os.waitpid(self.pid, os.WUNTRACED)
        if not os.WIFSTOPPED(status):
            self._ended = os.waitstatus_to_exitcode(status)
        assert os.WIFSTOPPED(status), f"it ended with {self._ended} and never came to its failpoint"

    def go_on(self) -> None:
        """SIGCONT."""
        os.kill(self.pid, signal.SIGCONT)

    def end(self) -> int:
        """Wait for its end: DONE, RAISED (the failpoint), LOST (its connection), KILLED, or BUG with a trace."""
        if self._ended is None:
            self._ended = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        return self._ended

    def __enter__(self) -> "Child":
        return self

    def __exit__(self, *_error: object) -> None:
        if self._ended is None:
            os.kill(self.pid, signal.SIGKILL)
            self.end()


def _live(call: Callable[[], Any], place: str, how: str) -> None:
    """The life of a child; never returns. psycopg2 closes no connection that another process opened."""
    code = BUG
    try:
        connection.connection = None
        os.environ["DESK_FAILPOINT"] = f"{place}:{how}"
        if how != "stop":
            fire.hit = failpoints.hit = _stopping_first(failpoints.hit, place)
        call()
        code = DONE
    except failpoints.Failed:
        code = RAISED
    except (OperationalError, InterfaceError):
        code = LOST
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)


def _stopping_first(hit: Callable[[str], None], place: str) -> Callable[[str], None]:
    def stop_then_hit(name: str) -> None:
        if name == place:
            os.kill(os.getpid(), signal.SIGSTOP)
        hit(name)

    return stop_then_hit
