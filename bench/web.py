"""The desk's own web process and engine on the benchmark's database."""

import os
import signal
import socket
import subprocess
import tempfile
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
from django.conf import settings
from django.db import connection

from servicedesk.launcher.identity import Identity
from servicedesk.launcher.layout import Layout
from servicedesk.launcher.parts import commands
from servicedesk.launcher.processes import die_with_parent

APP = "bench-web"
PATIENCE_S = 60


@dataclass(frozen=True, slots=True)
class Web:
    """The running web process."""

    port: int
    pid: int

    def processor_s(self) -> float:
        """Seconds of processor time it and its workers have used."""
        first = psutil.Process(self.pid)
        times = [process.cpu_times() for process in (first, *first.children(recursive=True))]
        return sum(time.user + time.system for time in times)


@contextmanager
def desk(*names: str) -> Iterator[Web]:
    """Start the web process and `names` of the other processes by the launcher's commands; yields the web."""
    port = _free_port()
    with tempfile.TemporaryDirectory(prefix="desk-bench-") as folder:
        layout = Layout(data=Path(folder), desk=Path(folder), who=Identity())
        parts = commands(layout, web_port=port, mail_port=_free_port())
        log = (Path(folder) / "log").open("ab")
        started = [_start(parts[name], name, log) for name in ("web", *names)]
        try:
            _until_ready(port, started[0])
            yield Web(port, started[0].pid)
        finally:
            for process in started:
                process.terminate()
            for process in started:
                process.wait(timeout=20)
            log.close()


def _start(command: list[str], name: str, log) -> subprocess.Popen:
    held = connection.settings_dict
    user = held["USER"] + (f":{held['PASSWORD']}" if held["PASSWORD"] else "")
    url = f"postgres://{user}@{held['HOST']}:{held['PORT']}/{held['NAME']}"
    env = {**os.environ, "DATABASE_URL": url, "DESK_APP": f"bench-{name}", "DESK_DB_ROLE": "app"}
    more = {"stdout": log, "stderr": log, "preexec_fn": die_with_parent(signal.SIGTERM)}
    return subprocess.Popen(command, cwd=settings.BASE_DIR, env=env, **more)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _until_ready(port: int, process: subprocess.Popen) -> None:
    tick = threading.Event()
    for _try in range(PATIENCE_S * 5):
        if process.poll() is not None:
            raise RuntimeError("the web process ended")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2) as answer:
                if answer.status == 200:
                    return
        except OSError:
            tick.wait(0.2)
    raise RuntimeError("the web process does not get ready")


def connections() -> int:
    """How many database connections the web process holds."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE application_name = %s", [APP])
        return cursor.fetchone()[0]
