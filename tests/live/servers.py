"""Real servers for these tests: a Redis of our own and the web process as it ships."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import redis
from django.conf import settings
from django.db import connection

from servicedesk.launcher.binaries import redis_binary
from servicedesk.launcher.processes import die_with_parent

ROOT = Path(__file__).resolve().parent.parent.parent


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class OwnRedis:
    """A private Redis: stop it, hang it, go on."""

    def __init__(self, folder: Path) -> None:
        self.port, self.folder = free_port(), folder
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.client = redis.Redis.from_url(self.url, socket_timeout=2)
        self.process: subprocess.Popen | None = None

    def start(self) -> None:
        command = [str(redis_binary()), "--port", str(self.port), "--save", "", "--dir", str(self.folder)]
        self.process = subprocess.Popen(
            [*command, "--bind", "127.0.0.1"], stdout=subprocess.DEVNULL, preexec_fn=die_with_parent(signal.SIGKILL)
        )
        until(self._answers, "Redis starts")

    def _answers(self) -> bool:
        try:
            return bool(self.client.ping())
        except redis.RedisError:
            return False

    def hang(self) -> None:
        self.process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        self.process.send_signal(signal.SIGCONT)

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGCONT)
            self.process.kill()
            self.process.wait(5)


def until(holds, what: str, seconds: float = 20.0) -> None:
    """Wait until `holds()`; fail with `what` after `seconds`."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, f"{what}: not within {seconds} s"
        time.sleep(0.02)


def database_url() -> str:
    """The test database, for a process of its own."""
    held = connection.settings_dict
    user = held["USER"] + (f":{held['PASSWORD']}" if held["PASSWORD"] else "")
    return f"postgres://{user}@{held['HOST']}:{held['PORT']}/{held['NAME']}"


@contextmanager
def web_process(redis_url: str, folder: Path, **environment: str) -> Iterator[str]:
    """Granian as it ships, on the test database; yields its address."""
    port = free_port()
    env = os.environ | {
        "DATABASE_URL": database_url(), "DATABASE_OWNER_URL": database_url(), "REDIS_URL": redis_url,
        "DESK_ENV": "test", "DESK_APP": "live-web",
        "PYTHONPATH": str(ROOT), "DESK_BASE_URL": settings.BASE_URL, "DESK_WEB_THREADS": "8",
    } | environment  # fmt: skip
    command = [
        str(Path(sys.executable).parent / "granian"), "--interface", "asginl", "--host", "127.0.0.1", "--port",
        str(port), "--workers", "1", "--workers-kill-timeout", "1", "--backlog", "1024", "servicedesk.asgi:application",
    ]  # fmt: skip
    with (folder / "web.log").open("ab") as log:
        process = subprocess.Popen(
            command, cwd=ROOT, env=env, stdout=log, stderr=log, start_new_session=True,
            preexec_fn=die_with_parent(signal.SIGTERM),
        )  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    try:
        until(lambda: _lives(address), f"the web process starts, see {folder}/web.log", 40)
        yield address
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(5)


def _lives(address: str) -> bool:
    try:
        return urllib.request.urlopen(f"{address}/livez", timeout=2).status == 200
    except OSError:
        return False


def connections_of(app: str = "live-web") -> int:
    """How many database connections the web process holds."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE application_name = %s AND datname = current_database()", [app]
        )
        return cursor.fetchone()[0]
