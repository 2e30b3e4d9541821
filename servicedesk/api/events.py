"""`/api/v1/events/`: Server-Sent Events. Hints only ("ticket:SD-000123 changed"); the page asks again by itself.

The one path that runs asynchronously (decisions 11). No database connection is held while a stream is open.
"""

import asyncio
import contextlib
import json
import logging
import os
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qs

from django.conf import settings
from django.core.exceptions import SuspiciousOperation

from ledger.actor import Actor
from servicedesk.api import event_people
from servicedesk.api.event_hub import Hub, Stream

logger = logging.getLogger(__name__)
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
PATH = "/api/v1/events/"
KEEP_ALIVE_SECONDS, RETRY_MS = 15.0, 3000
RECHECK_SECONDS = float(os.environ.get("DESK_STREAM_RECHECK", "5"))
MAX_STREAMS = int(os.environ.get("DESK_STREAMS", "500"))
HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-cache, no-store, private"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
]
_hubs: dict[asyncio.AbstractEventLoop, Hub] = {}


def hub() -> Hub:
    """Return the hub of the running loop: one per process."""
    loop = asyncio.get_running_loop()
    if loop not in _hubs:
        _hubs.clear()
        _hubs[loop] = Hub(settings.REDIS_URL, regions=event_people.regions_of, may_see=event_people.may_see)
    return _hubs[loop]


async def stop() -> None:
    """End the subscription of this process (shutdown)."""
    for one in list(_hubs.values()):
        await one.stop()


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer one request: 405, 400, 401, 503, or a stream that lasts as long as its session does."""
    if scope["method"] != "GET":
        await _refuse(send, 405, [(b"allow", b"GET")])
        return
    try:
        actor = await event_people.in_thread(event_people.identify, scope)
    except SuspiciousOperation:
        await _refuse(send, 400)
        return
    except Exception:
        logger.exception("stream refused")
        await _refuse(send, 503, [(b"retry-after", b"5")])
        return
    if actor is None or not (actor.is_staff or actor.is_customer):
        await _refuse(send, 401)
        return
    if len(hub().streams) >= MAX_STREAMS:
        await _refuse(send, 503, [(b"retry-after", b"15")])
        return
    await _stream(scope, receive, send, actor)


async def _refuse(send: Send, status: int, headers: list[tuple[bytes, bytes]] | None = None) -> None:
    plain = [(b"content-type", b"text/plain; charset=utf-8"), (b"cache-control", b"no-store, private")]
    await send({"type": "http.response.start", "status": status, "headers": [*plain, *(headers or [])]})
    await send({"type": "http.response.body", "body": b""})


async def _stream(scope: Scope, receive: Receive, send: Send, actor: Actor) -> None:
    asked = parse_qs(scope["query_string"].decode("latin-1")).get("topics", [""])[0]
    stream = Stream(actor, frozenset(t[:80] for t in asked.split(",")[:50] if t))
    last_id = dict(scope["headers"]).get(b"last-event-id", b"").decode("latin-1")[:60]
    gone = asyncio.ensure_future(_until_gone(receive))
    try:
        await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
        await _write(send, f"retry: {RETRY_MS}\n\n")
        await hub().join(stream, last_id)
        await _pump(scope, send, stream, gone)
        if not gone.done():
            await send({"type": "http.response.body", "body": b"", "more_body": False})
    except (OSError, RuntimeError):  # the line broke while we wrote
        return
    finally:
        hub().leave(stream)
        gone.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await gone


async def _pump(scope: Scope, send: Send, stream: Stream, gone: asyncio.Future) -> None:
    """Write what waits until the browser leaves, or the session ends or changes (checked every 5 s)."""
    wrote = checked = time.monotonic()
    while not gone.done():
        with contextlib.suppress(TimeoutError):
            ident, kind, data = await asyncio.wait_for(stream.waiting.get(), 1.0)
            await _write(send, f"id: {ident}\nevent: {kind}\ndata: {json.dumps(data)}\n\n")
            wrote = time.monotonic()
        if time.monotonic() - checked >= RECHECK_SECONDS:
            if not await _same_person(scope, stream.actor):
                return
            checked = time.monotonic()
        if time.monotonic() - wrote >= KEEP_ALIVE_SECONDS:
            await _write(send, ": still here\n\n")
            wrote = time.monotonic()


async def _same_person(scope: Scope, actor: Actor) -> bool:
    """Whether the session still stands for the same person with the same rights; a database away closes too."""
    try:
        return await event_people.in_thread(event_people.identify, scope) == actor
    except Exception:
        return False


async def _write(send: Send, text: str) -> None:
    await send({"type": "http.response.body", "body": text.encode(), "more_body": True})


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
