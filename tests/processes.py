"""A whole desk of real processes on servers of its own, whose parts can be killed one by one."""

import contextlib
import json
import os
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import requests

from servicedesk.launcher.identity import Identity
from servicedesk.launcher.keeper import members
from servicedesk.launcher.parts import commands
from servicedesk.launcher.paths import ROOT, venv_python
from servicedesk.launcher.ports import free_port
from servicedesk.launcher.postgres import CLEAN_ENV
from servicedesk.launcher.processes import Child, Keeper
from servicedesk.launcher.servers import Servers
from tests.witness import Witness, until

SERVERS = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL")


class Place:
    """The folders the launcher's commands want."""

    def __init__(self, data: Path) -> None:
        self.data, self.desk = data, data / "desk"
        self.desk.mkdir()


class World(Witness):
    """Servers that write as in earnest, and the desk's own processes, each in a session of its own."""

    NAMES = ("mail", "engine", "worker-esc", "worker", "beat")

    def __init__(self, data: Path, **more: str) -> None:
        self.keeper = Keeper()
        self.servers = Servers(data, keeper=self.keeper, throwaway=False)
        with own_servers():
            self.urls = self.servers.start()
        self.postgres, self.redis = self.servers.running
        self.place, self.mail_port, self.web_port = Place(data), free_port(), free_port()
        self.base = f"http://127.0.0.1:{self.web_port}"
        self.who = Identity()  # the desk's own processes run as whoever runs the tests
        self.env = {
            "PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", "DESK_ENV": "test",
            "DJANGO_SETTINGS_MODULE": "servicedesk.settings", "DESK_DATA_DIR": str(self.place.desk),
            "EMAIL_URL": f"smtp://127.0.0.1:{self.mail_port}", "DESK_DB_OPTIONS": "-c timezone=UTC -c lock_timeout=5s",
            "DESK_BASE_URL": self.base, **self.urls, **more,
        }  # fmt: skip
        self.running: dict[str, Child] = {}
        self.cast: dict[str, str] = {}

    def manage(self, *words: str) -> str:
        """Run one management command and return what it printed."""
        done = subprocess.run(
            [venv_python(), "manage.py", *words], cwd=ROOT, env=self.env, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def furnish(self) -> None:
        """Make the cast of `tests/journeys/furnish.py`; `cast` then holds the token and the public ids."""
        said = self.manage("shell", "-v", "0", "-c", "from tests.journeys.furnish import furnish; furnish()")
        self.cast.update(json.loads(said))

    def start(self, name: str, *words: str, **more: str) -> None:
        """Start one process of the desk, with `words` after its command and `more` in its environment."""
        known = commands(self.place, web_port=self.web_port, mail_port=self.mail_port)  # type: ignore[arg-type]
        self.start_other(name, [*known[name], *words], **more)

    def start_other(self, name: str, command: list[str], **more: str) -> Child:
        """Start a process in a session of its own."""
        child = Child(name, command, who=self.who, keeper=self.keeper, log=self.place.data / "log" / f"{name}.log",
                      env={**self.env, "DESK_APP": name, **more}, cwd=ROOT)  # fmt: skip
        self.running[name] = child.start()
        return child

    def kill(self, name: str) -> None:
        """SIGKILL the whole session of one process."""
        process = self.running[name].process
        for pid in members({process.pid}):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        process.wait(10)

    def signal(self, name: str, number: int) -> None:
        """Send a signal to the whole session of one process."""
        os.killpg(self.running[name].process.pid, number)

    def start_all(self) -> None:
        """Start every process, the web too, and wait until both drivers beat and the web is ready."""
        for name in ("web", *self.NAMES):
            self.start(name)
        self.until_web_is_ready()
        self.until_both_drivers_beat()

    def start_what_is_dead(self) -> None:
        """Start every process but the web that does not run, and wait until both drivers beat."""
        for name in self.NAMES:
            if name not in self.running or self.running[name].returncode is not None:
                self.start(name)
        self.until_both_drivers_beat()

    def until_both_drivers_beat(self) -> None:
        """Wait for the engine's and the worker's first beat; say what they said if there is none."""
        try:
            beating = "SELECT count(DISTINCT kind) = 2 FROM esc_engine WHERE beat_at > now() - interval '3 seconds'"
            until(lambda: self.sql(beating)[0][0], seconds=60, says="both drivers beat")
        except AssertionError as late:
            said = [self.running[name].last_words() for name in ("engine", "worker-esc", "beat")]
            raise AssertionError("\n".join([str(late), *said])) from None

    def until_web_is_ready(self) -> None:
        """Wait for /readyz."""
        try:
            until(self._ready, seconds=60, says="the web is ready")
        except AssertionError as late:
            raise AssertionError(f"{late}\n{self.running['web'].last_words()}") from None

    def _ready(self) -> bool:
        try:
            return requests.get(f"{self.base}/readyz", timeout=2).status_code == 200
        except requests.RequestException:
            return False

    def flush_redis(self) -> None:
        """FLUSHALL."""
        self._redis().flushall()

    def kill_redis(self) -> None:
        """SIGKILL Redis."""
        os.kill(self.redis.child.process.pid, signal.SIGKILL)
        self.redis.child.process.wait(10)

    def shut_redis_down(self) -> None:
        """SHUTDOWN NOSAVE."""
        self._redis().shutdown(nosave=True)
        self.redis.child.process.wait(10)

    def start_redis(self) -> None:
        """Start Redis again at the same address."""
        settings = (
            f'bind 127.0.0.1\nport {self.redis.port}\nrequirepass {self.redis.password}\nappendonly no\nsave ""\n'
        )
        self.redis.child = self._server("redis", [self.redis.binary, "-"], stdin_text=settings)

    def restart_postgres_at_once(self, *within: str | Path, **more: str) -> None:
        """SIGQUIT the postmaster (an immediate shutdown, no checkpoint) and start it again at the same address.

        within: words before its command (it must end as the same process). more: its environment's.
        """
        old = self.postgres.child
        old.process.send_signal(signal.SIGQUIT)
        old.process.wait(20)
        self.postgres.child = self._server("postgres", [*within, *old.command], stop_signal=signal.SIGINT, more=more)

    def _server(self, name: str, command: Any, more: dict[str, str] | None = None, **how: Any) -> Child:
        log, env = self.place.data / "log" / f"{name}.log", {**CLEAN_ENV, **(more or {})}
        return Child(name, command, who=self.servers.who, keeper=self.keeper, log=log, env=env, **how).start()

    def _redis(self) -> Any:
        import redis

        return redis.Redis.from_url(self.urls["REDIS_URL"])

    def close(self) -> None:
        """Stop everything this world started."""
        for child in self.running.values():
            child.ask_to_stop()
        for child in self.running.values():
            with contextlib.suppress(Exception):
                child.stop(2)
        self.servers.stop()
        self.keeper.close()


@contextlib.contextmanager
def own_servers() -> Iterator[None]:
    """Hide the servers of the caller's environment, so that the launcher starts its own."""
    kept = {name: value for name, value in os.environ.items() if name in SERVERS or name.startswith("PG")}
    for name in kept:
        del os.environ[name]
    try:
        yield
    finally:
        os.environ.update(kept)


@contextlib.contextmanager
def world(**more: str) -> Iterator[World]:
    """A migrated desk, `more` in the environment of its processes; they are not started yet."""
    with tempfile.TemporaryDirectory(prefix="desk-chaos-") as folder:
        data = Path(folder)
        data.chmod(0o755)
        made = World(data, **more)
        try:
            made.manage("prepare")
            yield made
        finally:
            made.close()
