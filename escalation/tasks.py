"""The driver under Celery: beat rings every second; the rows decide (two drivers, either alone suffices)."""

import os
import socket

from celery import shared_task

from escalation.commands.beat import beat
from escalation.commands.fire import fire_all
from escalation.commands.seal import seal_firings
from escalation.drive import Watch
from ledger.apart import refuse_if_apart

ENGINE_ID = f"celery@{socket.gethostname()}:{os.getpid()}"[:60]
WATCH = Watch(ENGINE_ID)


@shared_task(name="escalation.tick", ignore_result=True, acks_late=True)
def tick() -> None:
    """Fire what is due, seal it, beat. Told twice or by two workers at once, each timer fires once. Never retried."""
    refuse_if_apart()
    due = WATCH.look().due
    fired = fire_all(engine_id=ENGINE_ID) if due and not WATCH.holding else 0
    beat(engine_id=ENGINE_ID, kind="celery", fired=fired)
    seal_firings()
