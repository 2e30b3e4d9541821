"""Browsers' worth of streams: an EventSource in fifty lines, on asyncio."""

import asyncio
import json
from urllib.parse import urlsplit


class Page:
    """One open stream. `events` grows as (id, kind, data)."""

    def __init__(self, address: str, cookie: str, *, topics: str = "", last_id: str = "") -> None:
        self.parts, self.cookie, self.topics, self.last_id = urlsplit(address), cookie, topics, last_id
        self.events: list[tuple[str, str, dict]] = []
        self.status, self.headers, self.closed = 0, "", False
        self._changed = asyncio.Event()

    async def open(self) -> "Page":
        self.reader, self.writer = await asyncio.open_connection(self.parts.hostname, self.parts.port)
        query = f"?topics={self.topics}" if self.topics else ""
        lines = [
            f"GET /api/v1/events/{query} HTTP/1.1",
            f"Host: {self.parts.netloc}",
            f"Cookie: {self.cookie}",
            "Connection: close",
        ]
        lines += [f"Last-Event-ID: {self.last_id}"] if self.last_id else []
        self.writer.write(("\r\n".join(lines) + "\r\n\r\n").encode())
        self.headers = (await asyncio.wait_for(self.reader.readuntil(b"\r\n\r\n"), 20)).decode().lower()
        self.status = int(self.headers.split()[1])
        if self.status == 200:
            await asyncio.wait_for(self.reader.readuntil(b"retry: 3000\n\n"), 20)
            self._task = asyncio.create_task(self._read())
        return self

    async def _read(self) -> None:
        held: dict[str, str] = {}
        while line := await self.reader.readline():
            text = line.decode().strip()
            if ": " in text and text.split(": ")[0] in {"id", "event", "data"}:
                key, value = text.split(": ", 1)
                held[key] = value
            elif not text and "data" in held:
                self.events.append((held["id"], held["event"], json.loads(held["data"])))
                held = {}
                self._changed.set()
        self.closed = True
        self._changed.set()

    def topics_heard(self) -> set[str]:
        return {topic for _id, _kind, data in self.events for topic in data.get("topics", [])}

    async def until(self, holds, seconds: float = 15.0) -> None:
        """Wait until `holds(page)`."""
        async with asyncio.timeout(seconds):
            while not holds(self):
                self._changed.clear()
                await self._changed.wait()

    async def close(self) -> None:
        self.writer.close()
        if self.status == 200:
            self._task.cancel()
