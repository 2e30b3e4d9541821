"""The doorbell: tells live pages and workers, after commit, that something changed. Rows are the truth, this is a hint.

`ring` only puts the hint into a bounded queue; one daemon thread per process talks to Redis. A slow, hung or missing
Redis therefore costs a command nothing: hints are dropped, the sweep and the browsers' polling carry on.
"""

import json
import logging
import os
import queue
import threading
import time
from typing import Any

import redis
from django.conf import settings
from django.utils.module_loading import import_string

logger = logging.getLogger(__name__)
HINTS = "desk:hints"
DELIVER = "channels.deliver"
OPEN_SECONDS = 5.0
MAX_WAITING = 1000
BATCH = 100


class Ringer:
    """The queue and the thread of one process. `dropped` counts hints nobody heard."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.dropped = 0
        self._waiting: queue.Queue[tuple[dict[str, Any], bool]] = queue.Queue(maxsize=MAX_WAITING)
        self._start = threading.Lock()
        self._thread: threading.Thread | None = None
        self._client: redis.Redis | None = None
        self._open_until = 0.0

    def ring(self, hint: dict[str, Any], has_outbox: bool) -> None:
        """Queue one hint; full means dropped."""
        try:
            self._waiting.put_nowait((hint, has_outbox))
        except queue.Full:
            self.dropped += 1
            return
        if self._thread is None or not self._thread.is_alive():
            self._begin()

    def rest(self, seconds: float = 5.0) -> bool:
        """Wait until every queued hint was taken care of; return whether it was (tests, orderly ends)."""
        end = time.monotonic() + seconds
        with self._waiting.all_tasks_done:
            while self._waiting.unfinished_tasks:
                left = end - time.monotonic()
                if left <= 0 or not self._waiting.all_tasks_done.wait(left):
                    return False
        return True

    def _begin(self) -> None:
        with self._start:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._serve, name="desk-bell", daemon=True)
                self._thread.start()

    def _serve(self) -> None:
        while True:
            batch = [self._waiting.get()]
            while len(batch) < BATCH:
                try:
                    batch.append(self._waiting.get_nowait())
                except queue.Empty:
                    break
            try:
                self._tell(batch)
            finally:
                for _taken in batch:
                    self._waiting.task_done()

    def _tell(self, batch: list[tuple[dict[str, Any], bool]]) -> None:
        """Publish a batch and wake the senders once. Behind an open breaker the batch is dropped."""
        if time.monotonic() < self._open_until:
            self.dropped += len(batch)
            return
        try:
            self._publish([hint for hint, _outbox in batch])
            if any(outbox for _hint, outbox in batch):
                _wake_senders()
        except Exception as error:  # the bell must survive anything; the sweep delivers
            self._open_until = time.monotonic() + OPEN_SECONDS
            self._client = None
            self.dropped += len(batch)
            logger.warning("doorbell silent for %s s: %s", OPEN_SECONDS, type(error).__name__)

    def _publish(self, hints: list[dict[str, Any]]) -> None:
        if self._client is None:
            self._client = redis.Redis.from_url(
                self.url, socket_timeout=0.3, socket_connect_timeout=0.3, retry=None, health_check_interval=30
            )
        pipe = self._client.pipeline(transaction=False)
        for hint in hints:
            pipe.publish(HINTS, json.dumps(hint, default=str))
        pipe.execute()


def _wake_senders() -> None:
    import_string("servicedesk.celery.app").send_task(DELIVER, retry=False, ignore_result=True)


_ringer: Ringer | None = None


def ring(hint: dict[str, Any], has_outbox: bool) -> None:
    """Tell that something changed. Never blocks, never raises.

    hint        what `servicedesk.wiring.hint` returned: which chain changed and who may learn of it.
    has_outbox  whether rows wait for a sender, which is then woken.
    """
    global _ringer
    try:
        ringer = _ringer
        if ringer is None or ringer.url != settings.REDIS_URL:
            ringer = _ringer = Ringer(settings.REDIS_URL)
        ringer.ring(hint, has_outbox)
    except Exception as error:  # a commit that has happened may not fail any more
        logger.warning("doorbell broken: %s", type(error).__name__)


def _forget_after_fork() -> None:
    """A forked child (Celery prefork) has the parent's queue but not its thread: start anew."""
    global _ringer
    _ringer = None


os.register_at_fork(after_in_child=_forget_after_fork)
