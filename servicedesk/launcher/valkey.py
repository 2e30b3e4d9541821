"""A private Valkey or Redis: loopback only, a password, append-only file."""

import contextlib
import signal
import socket
import time
from pathlib import Path

from . import binaries
from .identity import Identity
from .ports import LOOPBACK, free_port
from .postgres import CLEAN_ENV
from .processes import Child, Keeper
from .words import Trouble

START_SECONDS = 30


class Valkey:
    """One server whose files lie in `data`/redis. `throwaway` keeps nothing on disk."""

    def __init__(self, data: Path, *, who: Identity, keeper: Keeper, password: str, throwaway: bool) -> None:
        """Choose the binary; raises Trouble where there is none."""
        self.data, self.who, self.keeper = data, who, keeper
        self.password, self.throwaway = password, throwaway
        self.binary = binaries.reachable_binary(binaries.redis_binary(), who, data)
        self.port = 0
        self.child: Child | None = None

    def start(self) -> None:
        """Start it and wait until it answers. The configuration goes in by stdin: no password in any process list."""
        folder = self.data / "redis"
        folder.mkdir(exist_ok=True, mode=0o700)
        self.who.give(folder)
        self.port = free_port()
        settings = [
            f"bind {LOOPBACK}",
            f"port {self.port}",
            f"dir {folder}",
            f"requirepass {self.password}",
            f"appendonly {'no' if self.throwaway else 'yes'}",
            'save ""',
            "daemonize no",
            "maxmemory-policy noeviction",
        ]
        self.child = Child(
            "redis",
            [self.binary, "-"],
            who=self.who,
            keeper=self.keeper,
            log=self.data / "log" / "redis.log",
            env=CLEAN_ENV,
            stop_signal=signal.SIGTERM,
            stdin_text="\n".join(settings) + "\n",
        ).start()
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self.child.returncode is None:
            if self.answers():
                return
            time.sleep(0.02)
        raise Trouble(f"Redis did not start. Its log says: {self.child.last_words()}")

    def answers(self) -> bool:
        """Tell whether it takes our password and is done loading."""
        with contextlib.suppress(OSError), socket.create_connection((LOOPBACK, self.port), timeout=1) as link:
            link.sendall(f"AUTH {self.password}\r\nPING\r\n".encode())
            answer = b""
            while answer.count(b"\r\n") < 2:
                piece = link.recv(256)
                if not piece:
                    break
                answer += piece
            return b"+PONG" in answer
        return False

    def url(self) -> str:
        """Return the connection URL."""
        return f"redis://:{self.password}@{LOOPBACK}:{self.port}/0"

    def stop(self) -> None:
        """Stop it; it writes its file out first."""
        if self.child:
            self.child.stop(patience=10)
