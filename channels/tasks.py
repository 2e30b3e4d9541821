"""Doorbells for the workers. Rows are the truth: a task told twice, late or never changes nothing (decisions 8)."""

from celery import shared_task

from channels import dispatch, housekeeping
from channels.daily import write_anchor
from escalation.queries import is_due
from ledger.clock import now

BATCH, FEW = 200, 10


@shared_task(name="channels.deliver", ignore_result=True)
def deliver() -> None:
    """Send what is due, as long as there is something. Pages before letters.

    Firing comes first: while deadlines are due only a few are sent, the severe ones, and the next bell or sweep goes
    on; so a worker leaves the processor to whoever fires, as the engine's own sender does.
    """
    while not is_due():
        if dispatch.send_due(BATCH) < BATCH:
            return
    dispatch.send_due(FEW)


@shared_task(name="channels.sweep", ignore_result=True)
def sweep() -> None:
    """The safety net, every 3 s: takes whatever no doorbell announced and whatever a killed sender left behind."""
    deliver()


@shared_task(name="channels.anchor", ignore_result=True)
def anchor() -> None:
    """Write the day's anchor outside the database and queue its mail; once a day however often it is told."""
    write_anchor(at=now())


@shared_task(name="channels.housekeeping", ignore_result=True)
def tidy() -> None:
    """What time alone changes."""
    housekeeping.run_all()
