"""The plain driver's loops: each thread one job on its own connection, never exiting (failure table)."""

import logging
import threading
import time
from collections.abc import Callable

from django.db import InterfaceError, OperationalError, connection

from escalation.commands.beat import beat
from escalation.commands.fire import fire_due
from escalation.queries import next_wake
from ledger import clock

log = logging.getLogger("escalation")
LONGEST_SLEEP_S = 1.0
SHORTEST_SLEEP_S = 0.005
BACKOFF_S = (0.05, 1.0)


class Loop:
    """Runs `step` until told to stop. `step` returns how many seconds to sleep.

    A lost database connection is closed and tried again after 50 ms, doubling to 1 s; any other error is logged and
    the loop goes on after 1 s. `on_error` is called with every error (tests count them).
    """

    def __init__(self, step: Callable[[], float], *, stop: threading.Event) -> None:
        self.step, self.stop = step, stop
        self.errors = 0

    def run(self) -> None:
        """Loop; returns only once `stop` is set."""
        wait = BACKOFF_S[0]
        while not self.stop.is_set():
            try:
                pause, wait = self.step(), BACKOFF_S[0]
            except (OperationalError, InterfaceError) as error:
                self.errors += 1
                log.warning("database: %s", type(error).__name__)
                pause, wait = wait, min(wait * 2, BACKOFF_S[1])
                _drop_connection()
            except Exception:
                self.errors += 1
                log.exception("the loop goes on")
                pause = LONGEST_SLEEP_S
            self.stop.wait(pause)
        _drop_connection()


class Firing:
    """One step of the firing loop: everything due, a beat a second, then sleep until the next due."""

    def __init__(self, engine_id: str) -> None:
        self.engine_id = engine_id
        self._beaten = 0.0
        self._fired = 0

    def step(self) -> float:
        """Fire what is due and return the seconds until something can be due again, at most 1."""
        while taken := fire_due(engine_id=self.engine_id):
            self._fired += taken
            self._beat()
        self._beat()
        return sleep_s()

    def _beat(self) -> None:
        if time.monotonic() - self._beaten >= 1.0:
            beat(engine_id=self.engine_id, kind="process", fired=self._fired)
            self._beaten, self._fired = time.monotonic(), 0


def sleep_s() -> float:
    """Return the real seconds until the next armed timer, between 5 ms and 1 s; demo time may run faster."""
    due = next_wake()
    if due is None:
        return LONGEST_SLEEP_S
    left = (due - clock.database_now()).total_seconds() / max(clock.speed(), 0.001)
    return min(max(left, SHORTEST_SLEEP_S), LONGEST_SLEEP_S)


def _drop_connection() -> None:
    try:
        connection.close()
    except Exception:
        log.debug("closing a dead connection", exc_info=True)
