"""People at the web processes while a storm is fired: tickets and lists, over keep-alive connections."""

import http.client
import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from accounts.models import RoleGrant, User
from bench import web
from bench.report import p
from bench.rows import cookie_of
from ledger import clock

PEOPLE, GAP_S, WARM = 20, 2.0, 6
PAGES = (
    "/api/v1/tickets/SB-{:07}/",
    "/api/v1/tickets/?limit=20",
    "/api/v1/tickets/SB-{:07}/",
    "/api/v1/notifications/",
)


class Person(threading.Thread):
    """One signed-in agent: a request every two seconds. taken: (begun, milliseconds), wrong: what failed."""

    def __init__(self, number: int, port: int, cookie: str, stop: threading.Event) -> None:
        super().__init__(daemon=True)
        self.number, self.port, self.cookie, self.stop = number, port, cookie, stop
        self.taken: list[tuple[float, float]] = []
        self.wrong: list[str] = []
        self.ready = threading.Event()

    def run(self) -> None:
        """Warm up, then ask until told to stop."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        for n in range(WARM):
            self._ask(line, n)
        self.taken.clear()
        self.ready.set()
        self.stop.wait(GAP_S * self.number / PEOPLE)
        n = 0
        while not self.stop.is_set():
            began = time.monotonic()
            self._ask(line, n)
            n += 1
            self.stop.wait(max(0.0, GAP_S - (time.monotonic() - began)))
        line.close()

    def _ask(self, line: http.client.HTTPConnection, n: int) -> None:
        path, began = PAGES[n % len(PAGES)].format(1 + self.number * 7 + n), time.monotonic()
        try:
            line.request("GET", path, headers={"Cookie": self.cookie, "Accept": "application/json"})
            answer = line.getresponse()
            answer.read()
        except OSError as error:
            line.close()
            self.wrong.append(type(error).__name__)
            return
        self.taken.append((began, (time.monotonic() - began) * 1000))
        if answer.status != 200:
            self.wrong.append(f"{path} {answer.status}")


class Crowd:
    """Everybody at the web, until `stop`."""

    def __init__(self, port: int, users: list[User]) -> None:
        self._stop = threading.Event()
        self._people = [Person(n, port, cookie_of(user), self._stop) for n, user in enumerate(users)]
        for person in self._people:
            person.start()
        for person in self._people:
            person.ready.wait(60)

    def stop(self) -> None:
        """Send everybody home."""
        self._stop.set()
        for person in self._people:
            person.join(timeout=35)

    def figures(self, due_at: datetime) -> dict[str, Any]:
        """Return what they waited since `due_at`, and before it."""
        since = time.monotonic() - (clock.database_now() - due_at).total_seconds()
        asked = [one for person in self._people for one in person.taken]
        during = [ms for began, ms in asked if began >= since]
        calm = [ms for began, ms in asked if began < since]
        wrong = [said for person in self._people for said in person.wrong]
        return {
            "web_p95_ms": round(p(during, 0.95), 1), "web_p50_ms": round(statistics.median(during), 1),
            "web_calm_p95_ms": round(p(calm, 0.95), 1), "web_requests": len(during),
            "web_errors": len(wrong), "web_error": wrong[0] if wrong else "",
        }  # fmt: skip


@contextmanager
def people() -> Iterator[Crowd]:
    """Start the web as the launcher does, and its people; both end with the block."""
    users = User.objects.bulk_create(
        User(email=f"agent{n}@bench.example", name=f"Agent {n}", kind="staff", password="!") for n in range(PEOPLE)
    )
    RoleGrant.objects.bulk_create(RoleGrant(user=user, role="agent") for user in users)
    with web.desk() as running:
        crowd = Crowd(running.port, users)
        try:
            yield crowd
        finally:
            crowd.stop()
