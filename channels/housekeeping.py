"""What time alone changes, once a minute: keys expire, pauses end, promises break, nobody answers. All idempotent."""

import logging
from datetime import datetime

from django.db import OperationalError
from django.utils.module_loading import import_string

from ledger.clock import now

logger = logging.getLogger(__name__)
JOBS = (
    "ledger.idempotency.expire",
    "tickets.commands.housekeeping.resume_due",
    "tickets.commands.housekeeping.break_overdue",
    "tickets.commands.housekeeping.confirm_unanswered",
    "escalation.commands.migrate_policy.continue_moves",
    "quality.commands.expire_surveys",
    "escalation.rosters.nightly.keep",
    "escalation.commands.handover_watch.watch_handovers",
    "escalation.commands.pauses.end_forgotten",
    "channels.daily.write_anchor",
    "channels.inbound.signed.expire",
    "channels.ping.watch_once",
)


def run_all(at: datetime | None = None) -> dict[str, int]:
    """Run every job and return how much each changed. One that fails does not stop the others; the first error is
    raised at the end, so that it is seen."""
    done: dict[str, int] = {}
    errors: list[Exception] = []
    for dotted in JOBS:
        try:
            done[dotted] = import_string(dotted)(at=at or now()) or 0
        except Exception as error:
            logger.exception("housekeeping: %s", dotted)
            errors.append(error)
            if isinstance(error, OperationalError):
                break
    if errors:
        raise errors[0]
    return done
