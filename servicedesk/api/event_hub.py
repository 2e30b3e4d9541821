"""One Redis subscription per process, fanned out to the open streams, coalesced over 250 ms (decisions 11)."""

import asyncio
import contextlib
import json
import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any

import redis.asyncio
from redis.exceptions import RedisError

from ledger.actor import Actor
from servicedesk.api.event_scope import concerns, may_hear, topics_of

logger = logging.getLogger(__name__)
CHANNEL = "desk:hints"
COALESCE_SECONDS = 0.25
PULSE_SECONDS = 5.0
POLL_WHEN_DOWN_SECONDS = 10.0
HISTORY = 200
Hint = dict[str, Any]
Regions = Callable[[set[int]], Awaitable[dict[int, str]]]
MaySee = Callable[[Actor, str], Awaitable[bool]]


class Stream:
    """One open page: who looks, what it wants to hear, what waits for it."""

    def __init__(self, actor: Actor, wanted: frozenset[str]) -> None:
        self.actor, self.wanted = actor, wanted
        self.waiting: asyncio.Queue[tuple[str, str, Any]] = asyncio.Queue(maxsize=50)

    def put(self, event_id: str, kind: str, data: Any) -> None:
        """Queue one event; a page that reads too slowly is told to ask for everything instead."""
        if self.waiting.full():
            while not self.waiting.empty():
                self.waiting.get_nowait()
            kind, data = "hint", self.everything()
        self.waiting.put_nowait((event_id, kind, data))

    def everything(self) -> dict[str, Any]:
        """What makes the page ask again for all it shows."""
        return {"topics": sorted(self.wanted) or ["*"]}


class Hub:
    """Listens, coalesces, filters and hands out. Lives in one event loop; starts with the first stream."""

    def __init__(self, url: str, *, regions: Regions, may_see: MaySee) -> None:
        self.url, self._regions_of, self._may_see = url, regions, may_see
        self.streams: set[Stream] = set()
        self.down = False
        self._boot, self._n = f"{time.time_ns():x}", 0
        self._pending: list[Hint] = []
        self._history: deque[tuple[int, list[Hint]]] = deque(maxlen=HISTORY)
        self._tasks: list[asyncio.Task[None]] = []

    async def join(self, stream: Stream, last_id: str) -> None:
        """Add a stream; what it missed since `last_id` is told again, or everything if that is too long ago."""
        if not self._tasks or any(task.done() for task in self._tasks):
            await self.stop()
            self._tasks = [asyncio.create_task(self._listen()), asyncio.create_task(self._flush_for_ever())]
        self.streams.add(stream)
        if self.down:
            stream.put(self._id(), "sse-down", {})
        if last_id:
            await self._catch_up(stream, last_id)

    def leave(self, stream: Stream) -> None:
        """Remove a stream."""
        self.streams.discard(stream)

    async def stop(self) -> None:
        """End the subscription."""
        for task in self._tasks:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError, Exception):
                await task
        self._tasks = []

    def _id(self) -> str:
        return f"{self._boot}-{self._n}"

    async def _catch_up(self, stream: Stream, last_id: str) -> None:
        boot, _dash, number = last_id.partition("-")
        known = number.isdecimal() and boot == self._boot and int(number) <= self._n
        if known and (self._n == int(number) or (self._history and self._history[0][0] <= int(number) + 1)):
            for n, hints in list(self._history):
                if n > int(number):
                    await self._tell(stream, hints, f"{self._boot}-{n}")
        else:
            stream.put(self._id(), "hint", stream.everything())

    async def _listen(self) -> None:
        wait = 0.5
        while True:
            client = redis.asyncio.Redis.from_url(self.url, socket_connect_timeout=1, socket_timeout=2, retry=None)
            try:
                async with client.pubsub() as subscription:
                    await subscription.subscribe(CHANNEL)
                    await client.ping()
                    self._set_down(False)
                    wait = 0.5
                    await self._read(client, subscription)
            except (RedisError, OSError, TimeoutError) as error:
                logger.warning("live pages poll, Redis is away: %s", type(error).__name__)
                self._set_down(True)
            finally:
                with contextlib.suppress(Exception):
                    await client.aclose()
            await asyncio.sleep(wait)
            wait = min(wait * 2, 5.0)

    async def _read(self, client: redis.asyncio.Redis, subscription: Any) -> None:
        """Take messages; every 5 s ask whether Redis still answers, since a hung one is silent."""
        pulse = time.monotonic() + PULSE_SECONDS
        while True:
            message = await subscription.get_message(ignore_subscribe_messages=True, timeout=1.0)
            if message is not None:
                self._take(message["data"])
            if time.monotonic() >= pulse:
                await client.ping()
                pulse = time.monotonic() + PULSE_SECONDS

    def _take(self, raw: bytes) -> None:
        with contextlib.suppress(ValueError):
            hint = json.loads(raw)
            if isinstance(hint, dict) and hint not in self._pending:
                self._pending.append(hint)

    def _set_down(self, down: bool) -> None:
        if down == self.down:
            return
        self.down = down
        for stream in self.streams:
            stream.put(self._id(), "sse-down" if down else "sse-up", {})
            if not down:
                stream.put(self._id(), "hint", stream.everything())

    async def _flush_for_ever(self) -> None:
        polled = time.monotonic()
        while True:
            await asyncio.sleep(COALESCE_SECONDS)
            if self.down and time.monotonic() - polled >= POLL_WHEN_DOWN_SECONDS:
                polled = time.monotonic()
                for stream in self.streams:
                    stream.put(self._id(), "hint", stream.everything())
            if self._pending:
                try:
                    await self._flush()
                except Exception:  # a database away for a moment must not end the fan-out
                    logger.exception("hints lost")

    async def _flush(self) -> None:
        hints, self._pending = self._pending, []
        self._n += 1
        self._history.append((self._n, hints))
        ident = self._id()
        for stream in list(self.streams):
            await self._tell(stream, hints, ident)

    async def _tell(self, stream: Stream, hints: list[Hint], ident: str) -> None:
        named = {hint["organisation_id"] for hint in hints if hint.get("organisation_id")}
        regions = await self._regions_of(named) if stream.actor.regions else {}
        topics: set[str] = set()
        for hint in hints:
            heard = may_hear(stream.actor, hint, regions)
            if heard is None:
                heard = await self._may_see(stream.actor, str(hint["chain"]).removeprefix("ticket:"))
            if heard:
                topics |= topics_of(stream.actor, hint)
        if topics and concerns(stream.wanted, topics):
            stream.put(ident, "hint", {"topics": sorted(topics)})
