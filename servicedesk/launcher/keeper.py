"""Ends what the launcher started when the launcher dies, even by kill -9. Run as a script, standard library only.

It reads lines from standard input, whose other end only the launcher holds:
`watch PID SIGNAL` a session to end, `forget PID`, `remove PATH` a folder to delete after, `bye` a tidy end.
The end of the input without `bye` means that the launcher is dead.
"""

import contextlib
import os
import shutil
import signal
import sys
import time

GENTLE_SECONDS = 1.2


def members(sessions: set[int]) -> list[int]:
    """Return the process ids that belong to the sessions, by /proc; without it the leaders themselves."""
    found = []
    try:
        pids = [int(name) for name in os.listdir("/proc") if name.isdigit()]  # noqa: PTH208
    except OSError:
        return [pid for pid in sessions if alive(pid)]
    for pid in pids:
        try:
            with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
                state, _, _, session = file.read().rpartition(")")[2].split()[:4]
        except OSError:
            continue
        if int(session) in sessions and state != "Z":
            found.append(pid)
    return found


def alive(pid: int) -> bool:
    """Tell whether the process exists."""
    try:
        os.kill(pid, 0)
    except OSError:
        return False
    return True


def send(pid: int, number: int) -> None:
    """Send a signal; a process that is gone, or a stranger's, is no error."""
    with contextlib.suppress(OSError):
        os.kill(pid, number)


def end(watched: dict[int, int]) -> None:
    """End the sessions: each leader by its own signal, then whatever is left by SIGKILL."""
    sessions = set(watched)
    for pid in members(sessions):
        send(pid, watched.get(pid, signal.SIGTERM))
    deadline = time.monotonic() + GENTLE_SECONDS
    while members(sessions) and time.monotonic() < deadline:
        time.sleep(0.05)
    for pid in members(sessions):
        send(pid, signal.SIGKILL)


def main() -> None:
    """Listen until the launcher says bye or is gone."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    watched: dict[int, int] = {}
    folders: list[str] = []
    for line in sys.stdin:
        verb, _, rest = line.rstrip("\n").partition(" ")
        if verb == "watch":
            pid, wanted = rest.split()
            watched[int(pid)] = int(wanted)
        elif verb == "forget":
            watched.pop(int(rest), None)
        elif verb == "remove":
            folders.append(rest)
        elif verb == "bye":
            return
    end(watched)
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
