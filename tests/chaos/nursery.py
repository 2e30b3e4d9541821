"""F1: engines that live for a moment. `python -m tests.chaos.nursery [engines] [seconds]`, until SIGTERM.

Keeps some of the shipped engine's processes running and kills the oldest with SIGKILL every 50 ms. They are forked from
this process, which has loaded everything once: else a kill would only ever meet an import. Says at the end how many
were killed.
"""

import os
import signal
import sys
import time
import traceback
from collections import deque


def engine(number: int) -> int:
    """Fork one engine that fires and seals; return its process id."""
    pid = os.fork()
    if pid:
        return pid
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    try:
        from django.core.management import call_command

        call_command("escalation_engine", "--no-send", id=f"short-{number}")
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(1)


def load() -> None:
    """Import and cache what an engine needs for its first firing, by one that is taken back; leave no connection open
    that a child would share."""
    import django

    django.setup()
    from datetime import timedelta

    from django.conf import settings
    from django.db import connection, transaction

    from escalation.commands.fire import bell_of, fire_due
    from ledger.clock import database_now
    from servicedesk.management.commands import escalation_engine

    assert escalation_engine.Command
    bell_of(settings.LEDGER_WIRING)
    with transaction.atomic():
        fire_due(database_now() + timedelta(days=60), limit=2)
        transaction.set_rollback(True)
    connection.close()


def main(many: int, every_s: float) -> None:
    """Kill until SIGTERM."""
    stopped: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _frame: stopped.append(number))
    load()
    alive = deque(engine(number) for number in range(many))
    killed, at = 0, time.monotonic()
    while not stopped:
        at = max(at + every_s, time.monotonic())
        time.sleep(max(at - time.monotonic(), 0.0))
        oldest = alive.popleft()
        os.kill(oldest, signal.SIGKILL)
        os.waitpid(oldest, 0)
        killed += 1
        alive.append(engine(many + killed))
    for pid in alive:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    print(f"killed {killed}", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 6, float(sys.argv[2]) if len(sys.argv) > 2 else 0.05)
