"""A private PostgreSQL: loopback only, passwords, UTC, C.UTF-8, its own port."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from . import binaries
from .identity import Identity
from .ports import LOOPBACK, free_port
from .processes import Child, Keeper
from .words import Trouble

ADMIN, OWNER, APP, DATABASE = "desk_admin", "desk_owner", "desk_app", "desk"
START_SECONDS = 60
CLEAN_ENV = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "TZ": "UTC"}
ALWAYS = {"listen_addresses": LOOPBACK, "unix_socket_directories": "", "timezone": "UTC", "max_connections": "200"}
THROWAWAY = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum_naptime": "10s",
    "checkpoint_timeout": "30min",
    "max_wal_size": "4GB",
}


@dataclass(frozen=True)
class Passwords:
    """The passwords of the three roles: the cluster's administrator, the owner of the tables, the app."""

    admin: str
    owner: str
    app: str


class Postgres:
    """One cluster in `data`/pg. `throwaway` trades safety for speed and makes the owner a superuser, for tests."""

    def __init__(self, data: Path, *, who: Identity, keeper: Keeper, passwords: Passwords, throwaway: bool) -> None:
        """Choose the binaries; raises Trouble where there are none."""
        self.data, self.who, self.keeper = data, who, keeper
        self.passwords, self.throwaway = passwords, throwaway
        self.cluster = data / "pg"
        bindir, self.major = binaries.postgres_bindir(self.existing_major())
        self.bin = binaries.reachable_postgres(bindir, who, data)
        self.port = 0
        self.child: Child | None = None

    def existing_major(self) -> int | None:
        """Return the major version that wrote the cluster, None if there is none."""
        with contextlib.suppress(OSError, ValueError):
            return int((self.cluster / "PG_VERSION").read_text().strip())
        return None

    def start(self) -> None:
        """Create the cluster if needed, start it, create roles and database if needed."""
        fresh = self.existing_major() is None
        if fresh:
            self._create()
        else:
            self._wait_for_the_last_one()
        self.port = free_port()
        settings = {**ALWAYS, **(THROWAWAY if self.throwaway else {}), "port": str(self.port)}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        self.child = child = Child(
            "postgres",
            [self.bin / "postgres", "-D", self.cluster, *options],
            who=self.who,
            keeper=self.keeper,
            log=self.data / "log" / "postgres.log",
            env=CLEAN_ENV,
            stop_signal=signal.SIGINT,
        ).start()
        self._wait_until_it_answers(child)
        self._roles()

    def _create(self) -> None:
        """Run initdb into a folder beside and rename it, so that a half-made cluster is never taken for one."""
        shutil.rmtree(self.cluster, ignore_errors=True)
        fresh = self.data / "pg.new"
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        self.who.give(fresh)
        word = self.data / "pg.word"
        word.touch(mode=0o600)
        self.who.give(word)
        word.write_text(self.passwords.admin + "\n")
        locale = ["--locale=C.UTF-8"] if sys.platform == "linux" or self.major < 17 else []
        builtin = [] if locale else ["--locale-provider=builtin", "--locale=C.UTF-8"]
        command: list[str | Path] = [
            self.bin / "initdb",
            "-D",
            fresh,
            "-U",
            ADMIN,
            "-A",
            "scram-sha-256",
            f"--pwfile={word}",
        ]
        command += ["-E", "UTF8", "--no-instructions", *locale, *builtin, *(["--no-sync"] if self.throwaway else [])]
        try:
            done = self.who.run(command, capture_output=True, text=True, env=CLEAN_ENV, cwd="/")
        finally:
            word.unlink()
        if done.returncode:
            raise Trouble(f"initdb failed: {done.stderr.strip()[-800:]}")
        fresh.rename(self.cluster)

    def _wait_for_the_last_one(self) -> None:
        """Wait for a server of a launcher that was killed; ask it once to stop. Its pid file may be stale."""
        pidfile = self.cluster / "postmaster.pid"
        deadline, asked = time.monotonic() + 15, False
        while time.monotonic() < deadline:
            try:
                pid = int(pidfile.read_text().split()[0])
                command = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")
            except (OSError, ValueError, IndexError):
                return
            if str(self.cluster) not in command:
                return
            if not asked:
                os.kill(pid, signal.SIGINT)
                asked = True
            time.sleep(0.1)
        raise Trouble(f"Another PostgreSQL still holds {self.cluster}: stop process {pid}, then start again.")

    def _wait_until_it_answers(self, child: Child) -> None:
        """Return when it takes connections; raise Trouble with its own last words."""
        deadline, reason = time.monotonic() + START_SECONDS, "no answer"
        while time.monotonic() < deadline:
            if child.returncode is not None:
                break
            try:
                self.connect().close()
                return
            except OSError as error:
                reason = str(error).strip()
                time.sleep(0.03)
        raise Trouble(f"PostgreSQL did not start ({reason}). Its log says:\n{child.last_words()}")

    def connect(self, database: str = "postgres"):
        """Return an autocommit connection of the administrator; OSError while the server is not there."""
        import psycopg2

        try:
            link = psycopg2.connect(
                host=LOOPBACK, port=self.port, user=ADMIN, password=self.passwords.admin, dbname=database
            )
        except psycopg2.OperationalError as error:
            if "password" in str(error):
                raise Trouble(
                    f"The passwords beside {self.cluster} do not fit it: restore secrets.json, or move the folder away."
                ) from error
            raise OSError(str(error)) from error
        link.autocommit = True
        return link

    def _roles(self) -> None:
        """Create owner, app and database where missing. The owner may create databases, the app only look."""
        link = self.connect()
        with link, link.cursor() as sql:
            for role, word, powers in (
                (OWNER, self.passwords.owner, "SUPERUSER" if self.throwaway else "NOSUPERUSER CREATEDB"),
                (APP, self.passwords.app, "NOSUPERUSER NOCREATEDB"),
            ):
                sql.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
                if not sql.fetchone():
                    sql.execute(f"CREATE ROLE {role} LOGIN {powers} PASSWORD %s", [word])
            sql.execute(f"GRANT pg_read_all_stats TO {APP}")  # the watch sees snapshots that other roles hold
            sql.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
            missing = not sql.fetchone()
        with link.cursor() as sql:
            if missing:
                sql.execute(f"CREATE DATABASE {DATABASE} OWNER {OWNER}")
        link.close()

    def url(self, role: str) -> str:
        """Return the connection URL of OWNER or APP."""
        word = {OWNER: self.passwords.owner, APP: self.passwords.app}[role]
        return f"postgres://{role}:{word}@{LOOPBACK}:{self.port}/{DATABASE}"

    def stop(self) -> None:
        """Shut down quickly and cleanly; a throwaway cluster is not worth waiting for."""
        if self.child:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.child.stop(patience=3 if self.throwaway else 20)
