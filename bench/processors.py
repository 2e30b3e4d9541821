"""Processor time of the engines and of PostgreSQL: what a figure of a busy machine can still be judged by."""

from collections.abc import Iterable

import psutil
from django.db import connection


def process_s(pids: Iterable[int]) -> float:
    """Return the user and system seconds of processes that still run."""
    return sum(_spent(psutil.Process(pid)) for pid in pids)


def backend_s() -> float | None:
    """Return the seconds of this connection's server process; None where the server is on another machine."""
    process = _backend()
    return _spent(process) if process else None


def server_s() -> float | None:
    """Return the seconds of the whole PostgreSQL server, ended processes included; None as in `backend_s`."""
    process = _backend()
    first = process.parent() if process else None
    if first is None:
        return None
    times = first.cpu_times()
    living = sum(_spent(child) for child in first.children() if child.is_running())
    return living + times.user + times.system + times.children_user + times.children_system


def _backend() -> psutil.Process | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = cursor.fetchone()[0]
    try:
        process = psutil.Process(pid)
        return process if "postgres" in process.name() else None
    except psutil.NoSuchProcess:
        return None


def _spent(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return times.user + times.system
