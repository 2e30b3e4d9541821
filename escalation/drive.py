"""The plain driver's loops: each thread one job on its own connection, never exiting (failure table)."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection

from escalation.claim import Look, look
from escalation.commands.beat import beat, report_jump
from escalation.commands.fire import bell_of, fire_due
from escalation.jumps import Jumps
from escalation.steady import briefly
from ledger import clock

log = logging.getLogger("escalation")
LONGEST_SLEEP_S = 1.0
SHORTEST_SLEEP_S = 0.002
OTHERS_HOLD_S = 0.01
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


@dataclass(slots=True)
class Tally:
    """What a firing loop did since it began. empty: claims that found nothing left, as the other engine has it."""

    claims: int = 0
    empty: int = 0
    fired: int = 0


class Watch:
    """Looks at the database's clock for one process, and says when firing has to wait for it (F7)."""

    def __init__(self, engine_id: str) -> None:
        self.engine_id = engine_id
        self.jumps = Jumps()

    def look(self) -> Look:
        """Look, and alarm the operator the first time the clock is seen to have jumped."""
        before = time.monotonic()
        seen = look()
        jumped = self.jumps.feed(seen.server, before=before, after=time.monotonic())
        if jumped:
            log.error("the database's clock jumped by %.0f s", jumped)
            report_jump(seconds=jumped, engine_id=self.engine_id)
        return seen

    @property
    def holding(self) -> bool:
        """Whether nothing may be fired now: the clock jumped ahead less than a minute ago."""
        return self.jumps.holding


class Firing:
    """One step of the firing loop: everything due, a beat a second, then sleep until the next due."""

    def __init__(self, engine_id: str) -> None:
        self.engine_id = engine_id
        self.tally, self.watch = Tally(), Watch(engine_id)
        bell_of(settings.LEDGER_WIRING)
        self._beaten = 0.0
        self._unsaid = 0

    def step(self) -> float:
        """Fire what is due and return the seconds until something can be due again, at most 1. Idle: 1 query."""
        seen = self.watch.look()
        if seen.due and not self.watch.holding:
            with briefly():
                while taken := fire_due(engine_id=self.engine_id):
                    self._count(taken)
                    self._beat()
            seen = self.watch.look()
            self.tally.empty += seen.due
        self._beat()
        return LONGEST_SLEEP_S if self.watch.holding else sleep_s(seen)

    def _count(self, taken: int) -> None:
        self.tally.claims += 1
        self.tally.fired += taken
        self._unsaid += taken

    def _beat(self) -> None:
        if time.monotonic() - self._beaten >= 1.0:
            beat(engine_id=self.engine_id, kind="process", fired=self._unsaid)
            self._beaten, self._unsaid = time.monotonic(), 0


def sleep_s(seen: Look) -> float:
    """Return the real seconds until the next armed timer, at most 1; demo time may run faster.

    A timer due already is in another engine's hands: look again in 10 ms.
    """
    if seen.wake_at is None:
        return LONGEST_SLEEP_S
    if seen.due:
        return OTHERS_HOLD_S
    left = (seen.wake_at - seen.now).total_seconds() / max(clock.speed(), 0.001)
    return min(max(left, SHORTEST_SLEEP_S), LONGEST_SLEEP_S)


def _drop_connection() -> None:
    try:
        connection.close()
    except Exception:
        log.debug("closing a dead connection", exc_info=True)
