"""Sending where one slow receiver holds up nobody else: the database in one thread, waiting lines beside it.

A delivery is a generator: it yields what is to be sent and is given what came of it. Where the answer takes longer
than `PATIENCE_SECONDS`, the line is left to wait in its thread and the sender goes on with others.
"""

import logging
import time
from collections.abc import Callable, Generator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from urllib.parse import urlsplit

from channels.failures import SendFailed
from channels.outbound.letter import ChatLine, Draft, HookCall, Text
from channels.providers import Message, Providers

logger = logging.getLogger(__name__)
PATIENCE_SECONDS = 1.0
LOOK_SECONDS = 0.25
LONGEST_SECONDS = 20.0  # less than a lease
SLOW_AT_ONCE = 8
REST_SECONDS = 3.0

Outcome = str | SendFailed
Delivery = Generator[Message, Outcome, None]


def lane_of(what: Message | Draft) -> str:
    """Return what is slow together: the domain of an address, the host of a hook, the gateway of SMS and voice."""
    if isinstance(what, ChatLine | HookCall):
        return _hook(what.url)
    if isinstance(what, Draft) and what.chat_url:
        return _hook(what.chat_url)
    if isinstance(what, Text) or (isinstance(what, Draft) and what.way):
        return f"gateway:{what.channel if isinstance(what, Text) else what.way}"
    return what.to.address.rpartition("@")[2].strip().lower()


def _hook(url: str) -> str:
    return f"chat:{urlsplit(url).scheme}:{urlsplit(url).hostname}"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A line whose answer is not there yet."""

    delivery: Delivery
    lane: str
    providers: Providers
    since: float


class Lanes:
    """The connections of one batch. Use as a context manager, from one thread."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(SLOW_AT_ONCE + 1, thread_name_prefix="sending")
        self._free: list[Providers] = []
        self._slow: dict[Future[Outcome], Waiting] = {}

    def busy(self, lane: str) -> bool:
        """Whether a line to this domain or host still waits for its answer: nothing more is sent there meanwhile."""
        return any(waiting.lane == lane for waiting in self._slow.values())

    def each(self, limit: int, claim: Callable[[], Delivery | None]) -> int:
        """Carry out up to `limit` deliveries, one claim at a time, and what came late too. Returns how many were taken.

        Those that send nothing, because they rest or are not needed any more, do not count against `limit`.
        """
        taken = sent = 0
        while True:
            self._look(0)
            room = sent < limit and len(self._slow) < SLOW_AT_ONCE
            delivery = claim() if room else None
            if delivery is not None:
                taken += 1
                sent += self._start(delivery)
            elif self._slow:
                self._look(LOOK_SECONDS)
            else:
                return taken

    def _start(self, delivery: Delivery) -> bool:
        message = next(delivery, None)
        self._carry(delivery, message)
        return message is not None

    def _carry(self, delivery: Delivery, message: Message | None) -> None:
        """Send what the delivery yields, one after the other, until it ends or a line has to wait."""
        while message is not None:
            providers = self._free.pop() if self._free else Providers()
            future = self._pool.submit(_send, providers, message)
            done, _pending = wait([future], timeout=PATIENCE_SECONDS)
            if not done:
                self._slow[future] = Waiting(delivery, lane_of(message), providers, time.monotonic())
                return
            self._free.append(providers)
            message = _next(delivery, future.result())

    def _look(self, seconds: float) -> None:
        """Go on with deliveries whose answer has come, after at most `seconds`; cut off what took too long."""
        if not self._slow:
            return
        done, pending = wait(self._slow, timeout=seconds, return_when=FIRST_COMPLETED)
        for future in pending:
            if time.monotonic() - self._slow[future].since > LONGEST_SECONDS:
                self._slow[future].providers.abort()
        for future in done:
            waiting = self._slow.pop(future)
            self._free.append(waiting.providers)
            self._carry(waiting.delivery, _next(waiting.delivery, future.result()))

    def __enter__(self) -> "Lanes":
        return self

    def __exit__(self, *_error: object) -> None:
        self._pool.shutdown(wait=True)
        for providers in self._free:
            providers.close()


def _next(delivery: Delivery, outcome: Outcome) -> Message | None:
    try:
        return delivery.send(outcome)
    except StopIteration:
        return None


def _send(providers: Providers, message: Message) -> Outcome:
    """What a thread of the pool does: no database, no exception that leaves it."""
    try:
        return providers.send(message)
    except SendFailed as failure:
        return failure
    except Exception as error:  # a provider's own fault must not stop the queue; it backs off and is seen
        logger.exception("a provider failed in a way of its own")
        return SendFailed(f"{type(error).__name__}: {error}"[:500])
