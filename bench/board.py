"""The live board before 200 open browsers: from a change's commit to the changed board in each reader's hands.

A reader does what `live.js` does: hears a hint, waits up to 300 ms, asks again with its ETag and its own rights.
"""

import asyncio
import json
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from asgiref.sync import sync_to_async

from accounts.actors import actor_for
from accounts.models import RoleGrant, User
from bench.report import Figure, spread
from bench.rows import Desk, cookie_of
from escalation.commands.request import request_escalation
from ledger import clock
from tickets.models import Ticket

READERS, CHANGES, JITTER_S, PATIENCE_S, APART_S = 200, 12, 0.3, 8.0, 1.5
BOARD = "/supervisor/"


@dataclass(slots=True)
class Reader:
    """One open board. seen: marker → when its own copy showed it. heard: hints that reached it."""

    port: int
    cookie: str
    tag: str = ""
    last_id: str = ""
    seen: dict[str, float] = field(default_factory=dict)
    wanted: set[str] = field(default_factory=set)
    heard: int = 0
    wrong: list[str] = field(default_factory=list)
    asking: asyncio.Task | None = None
    opened: asyncio.Event = field(default_factory=asyncio.Event)

    async def listen(self) -> None:
        """Hold the stream until cancelled."""
        reader, writer = await self._send("/api/v1/events/?topics=board,calls", {"Last-Event-ID": self.last_id})
        try:
            while line := await reader.readline():
                text = line.decode().strip()
                if text.startswith("retry:"):
                    self.opened.set()
                elif text.startswith("id:"):
                    self.last_id = text[3:].strip()
                elif text.startswith("data:") and "topics" in json.loads(text[5:]):
                    self.heard += 1
                    if self.asking is None or self.asking.done():
                        self.asking = asyncio.create_task(self.ask())
        finally:
            writer.close()

    async def ask(self) -> None:
        """Ask for the board again, as the browser would; a hint that comes meanwhile asks once more."""
        heard = -1
        while heard != self.heard:
            await asyncio.sleep(random.random() * JITTER_S)
            heard = self.heard
            await self._read()

    async def _read(self) -> None:
        headers = {"HX-Request": "true", "X-Desk-Poll": "1", "Connection": "close", "If-None-Match": self.tag}
        reader, writer = await self._send(BOARD, headers)
        body = await reader.read()
        writer.close()
        head, _gap, html = body.partition(b"\r\n\r\n")
        status = head.split(b" ", 2)[1].decode() if head else "none"
        if status == "200":
            self.tag = next(
                (line[6:].decode() for line in head.split(b"\r\n") if line.lower().startswith(b"etag: ")), ""
            )
            for marker in self.wanted - set(self.seen):
                if marker.encode() in html:
                    self.seen[marker] = time.perf_counter()
        elif status != "304":
            self.wrong.append(status)

    async def _send(self, path: str, headers: dict[str, str]) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port, limit=2**20)
        lines = [f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{self.port}", f"Cookie: {self.cookie}",
                 *(f"{name}: {value}" for name, value in headers.items() if value)]  # fmt: skip
        writer.write(("\r\n".join(lines) + "\r\n\r\n").encode())
        return reader, writer


def _escalate(number: str) -> float:
    """Escalate one ticket; return when it was committed."""
    cy = actor_for(User.objects.get(email="cy@desk.example"))
    ticket = Ticket.objects.get(number=number)
    request_escalation(ticket_id=ticket.pk, reason="The ward has no phones", relation="agent", actor=cy, at=clock.now())
    return time.perf_counter()


async def _change(readers: list[Reader], number: str) -> float:
    for reader in readers:
        reader.wanted.add(number)
    committed = await sync_to_async(_escalate)(number)
    while time.perf_counter() - committed < PATIENCE_S and any(number not in r.seen for r in readers):
        await asyncio.sleep(0.02)
    return committed


async def _watch(readers: list[Reader], far: Reader, numbers: list[str]) -> tuple[list[float], int, int]:
    """Return (milliseconds of every reader and change, what a reconnected reader lost, readers that never saw)."""
    held = [asyncio.create_task(one.listen()) for one in (*readers, far)]
    await asyncio.gather(*(one.opened.wait() for one in (*readers, far)))
    await asyncio.gather(*(one._read() for one in (*readers, far)))
    far.wanted = set(numbers)
    taken, missed = [], 0
    for number in numbers[:-2]:
        committed = await _change(readers, number)
        taken += [(one.seen[number] - committed) * 1000 for one in readers if number in one.seen]
        missed += sum(number not in one.seen for one in readers)
        await asyncio.sleep(APART_S)
    lost = await _reconnected(readers, held, numbers[-2:])
    for task in held:
        task.cancel()
    return taken, lost, missed


async def _reconnected(readers: list[Reader], held: list[asyncio.Task], numbers: list[str]) -> int:
    """Cut the first reader's line, change twice, let it come back with its last id; return what it never showed."""
    first = readers[0]
    held[0].cancel()
    for number in numbers:
        first.wanted.add(number)
        await sync_to_async(_escalate)(number)
        await asyncio.sleep(0.5)
    held[0] = asyncio.create_task(first.listen())
    until = time.perf_counter() + PATIENCE_S
    while time.perf_counter() < until and not set(numbers) <= set(first.seen):
        await asyncio.sleep(0.05)
    return len(set(numbers) - set(first.seen))


def measure(desk: Desk, port: int) -> Iterator[Figure]:
    """Yield the time from commit to screen, what was missed or lost, and what a reader elsewhere learned."""
    stranger = User.objects.create_user("far-board@desk.example", None, name="Far", kind="staff", time_zone="UTC")
    RoleGrant.objects.create(user=stranger, role="supervisor", region="eu")
    cookies = [cookie_of(user) for user in desk.agents]
    readers = [Reader(port, cookies[n % len(cookies)]) for n in range(READERS)]
    far = Reader(port, cookie_of(stranger))
    numbers = [found[0] for found in desk.numbers[: CHANGES + 2]]
    taken, lost, missed = asyncio.run(_watch(readers, far, numbers))
    wrong = [status for reader in (*readers, far) for status in reader.wrong]
    note = f"{READERS} readers, {CHANGES} changes, jitter and coalescing included"
    yield spread("board: change to screen", taken or [PATIENCE_S * 1000], target=1000, note=note)
    yield Figure(name="board: changes readers never saw", value=missed, unit="boards", target=1)
    yield Figure(name="board: lost over a reconnect", value=lost, unit="changes", target=1)
    yield Figure(name="board: hints and changes of another region", value=far.heard + len(far.seen), unit="", target=1)
    yield Figure(name="board: errors", value=len(wrong), unit="answers", target=1, note=f"{sorted(set(wrong))[:5]}")
