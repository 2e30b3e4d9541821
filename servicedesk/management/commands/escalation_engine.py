"""The plain driver: fires deadlines and sends what they say, without Celery; Redis may be away (decisions 8)."""

import gc
import os
import signal
import socket
import threading
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection

from channels.dispatch import send_due
from channels.ping import Round
from escalation.commands.seal import seal_firings
from escalation.drive import Firing, Loop
from escalation.queries import is_due
from ledger.apart import refuse_if_apart

SEND_EVERY_S = 1.0
SEAL_EVERY_S = 0.5
BATCH = 100
FEW = 10


def send() -> float:
    """Send pages, then letters; a slow mail domain delays only its own. During a storm a few at a time, the severe ones
    first, so that firing keeps the processor."""
    if is_due():
        send_due(FEW)
        return SEND_EVERY_S
    return 0.0 if send_due(BATCH) else SEND_EVERY_S


def seal() -> float:
    """Seal what was fired; during a storm only a little, so that firing keeps the processor."""
    if is_due():
        seal_firings(FEW)
        return SEAL_EVERY_S
    return 0.0 if seal_firings() else SEAL_EVERY_S


class Command(BaseCommand):
    help = "Fires deadlines from PostgreSQL and sends what they say. Runs until it is told to stop."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--id", default=f"process@{socket.gethostname()}:{os.getpid()}"[:60])
        parser.add_argument("--no-send", action="store_true", help="fire and seal only; something else sends")

    def handle(self, *args: Any, **options: Any) -> None:
        refuse_if_apart()
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        connection.close()
        steps = [seal] if options["no_send"] else [seal, send, Round().step]
        threads = [threading.Thread(target=Loop(step, stop=stop).run, name=step.__name__) for step in steps]
        for thread in threads:
            thread.daemon = True
            thread.start()
        self.stdout.write(f"escalation engine {options['id']}")
        gc.freeze()  # what is loaded now stays for good: no collection walks it in a storm
        firing = Firing(options["id"])
        Loop(firing.step, stop=stop).run()
        for thread in threads:
            thread.join(timeout=5)
        done = firing.tally
        self.stdout.write(f"fired {done.fired} in {done.claims} claims, empty {done.empty}")
