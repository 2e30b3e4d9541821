"""The driver under Celery: beat rings every second; the rows decide (two drivers, either alone suffices).

Beside it, what takes longer: simulations and comparisons somebody asked for, and the nightly audit.
"""

import os
import socket
from datetime import timedelta

from celery import shared_task

from escalation.commands.audit import audit_day
from escalation.commands.beat import beat
from escalation.commands.compare import run_comparisons
from escalation.commands.fire import fire_all
from escalation.commands.seal import seal_firings
from escalation.commands.simulate import run_waiting
from escalation.drive import Watch
from ledger import clock
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


@shared_task(name="escalation.simulate", ignore_result=True)
def simulate() -> None:
    """Work out every simulation that waits. Told twice, each is worked out once; a failure is kept on its row."""
    run_waiting(at=clock.now())


@shared_task(name="escalation.compare", ignore_result=True)
def compare() -> None:
    """Work out what drafts change, for those who wait to publish. Told twice, each is worked out once."""
    run_comparisons(at=clock.now())


@shared_task(name="escalation.audit", ignore_result=True)
def audit() -> None:
    """Audit yesterday: what should have fired, by the ledger alone, against what did. A day is audited once."""
    refuse_if_apart()
    now = clock.now()
    audit_day(on=(now - timedelta(days=1)).date(), at=now)
