"""`make run`: the whole desk with demonstration data on this machine, until Ctrl-C."""

import json
import os
import subprocess
import time
from pathlib import Path

from . import layout as layouts
from . import parts
from .paths import ROOT
from .ports import free_port
from .preparation import Preparation, is_private
from .processes import Keeper
from .servers import Servers
from .state import State
from .supervision import Interrupted, Supervisor, interruptible
from .trial import child_environment
from .words import Trouble, say

WEB_PORT = 8000


def run() -> int:
    """Start everything, say where it is, keep it up until interrupted. Raises Trouble with the remedy."""
    began = time.monotonic()
    if os.environ.get("DESK_ENV") == "production":
        raise Trouble("`make run` is the demonstration; in production use docker compose (`make secrets` first).")
    place = layouts.ensure()
    state = State(place.data)
    state.take()
    keeper = Keeper()
    servers = Servers(place.data, keeper=keeper, throwaway=False)
    crew = Supervisor([])
    try:
        with interruptible():
            serve(place, state, servers, crew, began)
    except Interrupted:
        say("\nStopping…")
    finally:
        crew.stop()
        servers.stop()
        state.release()
        keeper.close()
    return 0


def serve(place: layouts.Layout, state: State, servers: Servers, crew: Supervisor, began: float) -> None:
    """Start servers and processes, announce them, watch them. Ends only by an exception."""
    urls = servers.start()
    say(f"Servers: {servers.described()}.")
    web_port = free_port(int(os.environ.get("DESK_PORT", WEB_PORT)))
    mail_port = free_port()
    env = parts.base_environment(place, urls, web_port=web_port, mail_port=mail_port)
    Preparation(place, env, private=is_private()).run()
    crew.servers = [server.child for server in servers.running if server.child]
    crew.children = parts.children(place, env, servers.keeper, web_port=web_port, mail_port=mail_port)
    crew.start()
    crew.wait_ready(web_port)
    pids = {child.name: child.process.pid for child in crew.children if child.process}
    facts = {"address": env["DESK_BASE_URL"], "pid": os.getpid(), "mail_port": mail_port, "processes": pids}
    state.write({**facts, "env": {name: value for name, value in env.items() if name != "PATH"}})
    announce(place.desk, env["DESK_BASE_URL"], place.who.name, time.monotonic() - began)
    crew.watch()


def announce(desk: Path, address: str, account: str, seconds: float) -> None:
    """Print the address, the demonstration sign-ins, and how to stop."""
    say(f"\nThe desk is ready after {seconds:.1f} s (processes as {account}): {address}/\n")
    for line in sign_in_lines(desk / "demo_signins.json"):
        say(line)
    say(f"Sent mail lies in {desk / 'mail'}, logs in {desk.parent / 'log'}. Ctrl-C stops everything.")


def sign_in_lines(path: Path) -> list[str]:
    """Return the table of demonstration sign-ins: a list of flat objects, one line each; empty if there is none."""
    try:
        rows = [[str(value) for value in row.values()] for row in json.loads(path.read_text())]
    except (OSError, ValueError, AttributeError):
        return []
    if not rows:
        return []
    width = max(len(row) for row in rows)
    sizes = [max(len(row[n]) for row in rows if n < len(row)) for n in range(width)]
    return ["  " + "  ".join(cell.ljust(size) for cell, size in zip(row, sizes, strict=False)) for row in rows] + [""]


def run_beside(command: list[str]) -> int:
    """Run a command against the kept servers: those of a running desk, else started for its length."""
    place = layouts.ensure()
    state = State(place.data)
    if (known := state.read()) and Path(f"/proc/{known['pid']}").exists():
        return subprocess.run(command, env=child_environment(known["env"]), cwd=ROOT).returncode
    state.take()
    keeper = Keeper()
    servers = Servers(place.data, keeper=keeper, throwaway=False)
    try:
        urls = servers.start()
        env = parts.base_environment(place, urls, web_port=WEB_PORT, mail_port=free_port())
        env["HOME"] = os.environ.get("HOME", env["HOME"])
        return subprocess.run(command, env=child_environment(env), cwd=ROOT).returncode
    finally:
        servers.stop()
        state.release()
        keeper.close()
