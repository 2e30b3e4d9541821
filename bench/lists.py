"""The ticket lists at many tickets: time on the server, and the same statements in raw SQL."""

import random
import time
from collections.abc import Callable, Iterator

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from bench.report import Figure, p, spread
from bench.rows import CSRF, Desk, cookie_of
from servicedesk.desk.listing import VIEWS

PAGES = 120


def measure(desk: Desk, many: int) -> Iterator[Figure]:
    """Yield the figures: the desk's queue as agent and supervisor, the API's list as a supervisor."""
    rotation = [client_of(user) for user in desk.agents]
    supervisor = [client_of(desk.cast.cy)]
    narrowed = ["priority=P1", "segment=premium", "region=eu&channel=email", "owner=me", "due=overdue", "mark=critical",
                "tag=vip", "group=priority", "group=team", "order=newest", "order=quiet"]  # fmt: skip
    views = ["", *(f"?view={view}" for view in VIEWS), *(f"?view=all&{asked}" for asked in narrowed)]
    for who, clients in (("agent", rotation), ("supervisor", supervisor)):
        yield timed(f"desk queue, {who}, {many} tickets", clients, [f"/desk/{view}" for view in views])
    filters = ["", "?state=closed", "?priority=P1", "?state=l1&tier=l1", f"?team={desk.cast.l1.uuid}", "?limit=50"]
    yield timed(f"API list, {many} tickets", rotation, [f"/api/v1/tickets/{filter_}" for filter_ in filters])


def client_of(user: User) -> Client:
    """A browser of this user that has a form token."""
    client = Client(HTTP_HOST="127.0.0.1", HTTP_COOKIE=cookie_of(user), HTTP_X_CSRFTOKEN=CSRF)
    client.cookies.load(cookie_of(user))
    return client


def timed(name: str, clients: list[Client], paths: list[str], *, target: float = 100) -> Figure:
    """Ask PAGES times for one of `paths` as one of `clients`; the floor is the slowest page's own statements."""
    pick, taken, floors, queries = random.Random(3), [], [], 0
    for path in paths:
        getting(clients[0], path)()
        floor, queries = raw(getting(clients[0], path))
        floors.append(floor)
    busy = []
    for n in range(PAGES):
        get = getting(pick.choice(clients), paths[n % len(paths)])
        began, worked = time.perf_counter(), time.thread_time()
        get()
        taken.append((time.perf_counter() - began) * 1000)
        busy.append((time.thread_time() - worked) * 1000)
    note = f"{queries} queries, processor time of the web alone p95 {p(busy, 0.95):.0f} ms"
    return spread(name, taken, target=target, floor=max(floors), note=note)


def getting(client: Client, path: str) -> Callable[[], None]:
    """What asks for a page and raises RuntimeError where the answer is no page."""

    def get() -> None:
        answer = client.get(path)
        if answer.status_code != 200:
            raise RuntimeError(f"{path} answered {answer.status_code}")

    return get


def raw(get: Callable[[], None]) -> tuple[float, int]:
    """Run the page once, then only its statements; return (milliseconds of the fastest of five runs, statements)."""
    with CaptureQueriesContext(connection) as seen:
        get()
    statements = [query["sql"] for query in seen if query["sql"].startswith(("SELECT", "WITH"))]
    times = []
    for _round in range(5):
        began = time.perf_counter()
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement.replace("%", "%%"), ())
                cursor.fetchall()
        times.append((time.perf_counter() - began) * 1000)
    return min(times), len(statements)
