"""The two servers together: kept ones in the data folder, throwaway ones in a temporary folder."""

import json
import os
import secrets
import shutil
import tempfile
from pathlib import Path

from .identity import Identity, server_identity
from .postgres import APP, OWNER, Passwords, Postgres
from .processes import Keeper
from .valkey import Valkey

NAMES = ("admin", "owner", "app", "redis", "secret_key")


def load_secrets(data: Path) -> dict[str, str]:
    """Return the passwords of this data folder, made once and readable by the launcher's account only."""
    path = data / "secrets.json"
    if path.exists():
        return dict(json.loads(path.read_text()))
    made = {name: secrets.token_urlsafe(36) for name in NAMES}
    fresh = path.with_suffix(".new")
    fresh.touch(mode=0o600)
    fresh.write_text(json.dumps(made))
    fresh.rename(path)
    return made


def forget_callers_postgres() -> None:
    """Drop the caller's PG* variables, which would lead us, or a child, to another server by another way."""
    for name in [name for name in os.environ if name.startswith("PG")]:
        del os.environ[name]


class Servers:
    """PostgreSQL and Redis for one data folder. What the caller's environment names by URL is not started."""

    def __init__(self, data: Path, *, keeper: Keeper, throwaway: bool) -> None:
        """Prepare; nothing runs before `start`."""
        self.data, self.keeper, self.throwaway = data, keeper, throwaway
        self.who: Identity = server_identity()
        self.words = load_secrets(data)
        self.running: list[Postgres | Valkey] = []
        (data / "log").mkdir(exist_ok=True, mode=0o750)

    def start(self) -> dict[str, str]:
        """Start what no URL names and return the environment variables that reach both."""
        env = {"DESK_SECRET_KEY": os.environ.get("DESK_SECRET_KEY") or self.words["secret_key"]}
        if not os.environ.get("DATABASE_URL"):
            forget_callers_postgres()
            words = Passwords(admin=self.words["admin"], owner=self.words["owner"], app=self.words["app"])
            database = Postgres(self.data, who=self.who, keeper=self.keeper, passwords=words, throwaway=self.throwaway)
            self.running.append(database)
            database.start()
            env |= {"DATABASE_URL": database.url(APP), "DATABASE_OWNER_URL": database.url(OWNER)}
        if not os.environ.get("REDIS_URL"):
            broker = Valkey(
                self.data, who=self.who, keeper=self.keeper, password=self.words["redis"], throwaway=self.throwaway
            )
            self.running.append(broker)
            broker.start()
            env["REDIS_URL"] = broker.url()
        return env

    def described(self) -> str:
        """Return one sentence about what was taken."""
        words = []
        for server in self.running:
            path = server.bin if isinstance(server, Postgres) else server.binary
            name = f"PostgreSQL {server.major}" if isinstance(server, Postgres) else "Redis"
            words.append(f"{name} ({path}, port {server.port}, as {server.who.name})")
        return "; ".join(words) or "given by DATABASE_URL and REDIS_URL"

    def stop(self) -> None:
        """Stop them, last first."""
        for server in reversed(self.running):
            server.stop()
        self.running.clear()


class Throwaway:
    """Servers in a temporary folder that disappears with them. Use as a context manager; gives the environment."""

    def __init__(self, keeper: Keeper, *, durable: bool = False) -> None:
        """Make the folder; the keeper removes it too if the launcher dies. `durable`: settings as in earnest."""
        self.data = Path(tempfile.mkdtemp(prefix="desk-"))
        self.data.chmod(0o711)
        keeper.tell(f"remove {self.data}")
        self.servers = Servers(self.data, keeper=keeper, throwaway=not durable)

    def __enter__(self) -> dict[str, str]:
        """Start."""
        try:
            return self.servers.start()
        except BaseException:
            self.__exit__()
            raise

    def __exit__(self, *_: object) -> None:
        """Stop and delete."""
        self.servers.stop()
        shutil.rmtree(self.data, ignore_errors=True)
