"""A request's body is taken in before a thread is: a browser that sends slowly holds a socket, never a worker."""

import asyncio
import os
import tempfile
from collections.abc import Awaitable, Callable, MutableMapping
from typing import IO, Any

IN_MEMORY = 1024 * 1024
CHUNK = 256 * 1024
MAX_BYTES = int(os.environ.get("DESK_MAX_BODY_MB", "260")) * 1024 * 1024
MAX_SECONDS = float(os.environ.get("DESK_BODY_SECONDS", "120"))
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]


class TooLarge(Exception):
    """The body is larger than any form of ours."""


class Gone(Exception):
    """The browser left before it had sent everything."""


async def taken_in(scope: MutableMapping[str, Any], receive: Receive) -> IO[bytes] | None:
    """Return the whole body as a file at its start, None where there is none. Above 1 MB it lies on disk.

    Raises TooLarge, Gone, and TimeoutError after two minutes.
    """
    headers = dict(scope["headers"])
    announced = headers.get(b"content-length", b"0")
    if announced == b"0" and b"transfer-encoding" not in headers:
        return None
    if announced.isdigit() and int(announced) > MAX_BYTES:
        raise TooLarge
    held: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  closed by the caller
    try:
        async with asyncio.timeout(MAX_SECONDS):
            await _fill(held, receive)
    except BaseException:
        held.close()
        raise
    held.seek(0)
    return held


async def _fill(held: IO[bytes], receive: Receive) -> None:
    size, more = 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Gone
        size += len(message.get("body", b""))
        if size > MAX_BYTES:
            raise TooLarge
        held.write(message.get("body", b""))
        more = message.get("more_body", False)


def replayed(held: IO[bytes] | None) -> Receive:
    """Return a `receive` that hands out what was taken in."""

    async def receive() -> MutableMapping[str, Any]:
        chunk = held.read(CHUNK) if held is not None else b""
        return {"type": "http.request", "body": chunk, "more_body": len(chunk) == CHUNK}

    return receive
