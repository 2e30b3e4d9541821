"""What time alone does to sheets: they open before a shift, lapse after it, and acknowledgements end with nobody to
take them. Each sheet in a transaction of its own; told twice, nothing happens twice."""

import logging
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from escalation.commands.handover_draft import open_handover
from escalation.models import Handover
from escalation.shifts.agenda import to_open
from escalation.shifts.passing import expire
from ledger.actor import SYSTEM
from ledger.errors import Refused
from ledger.record import record

logger = logging.getLogger(__name__)
OPEN = [Handover.State.DRAFT, Handover.State.SIGNED]


def watch_handovers(*, at: datetime) -> int:
    """Open the sheets that are wanted, end what nobody accepted; return how many changed."""
    return _open(at) + _end(at)


def _open(at: datetime) -> int:
    wanted = to_open(at)
    starts = [change.incoming.begin for change in wanted]
    there = set(Handover.objects.filter(starts_at__in=starts).values_list("incoming_shift_id", "starts_at"))
    done = 0
    for change in wanted:
        shift, starts_at = change.incoming.shift, change.incoming.begin
        if (shift.pk, starts_at) in there:
            continue
        try:
            open_handover(shift_id=shift.pk, starts_at=starts_at, actor=SYSTEM, at=at)
        except Refused as refusal:
            logger.info("no sheet for %s at %s: %s", shift.name, starts_at, refusal.code)
        else:
            done += 1
    return done


def _end(at: datetime) -> int:
    late = Q(starts_at__lte=at, ends_at__lte=at, expired_at=None) | Q(until__lte=at)
    rows = Handover.objects.filter(late, state__in=OPEN).order_by("starts_at").values_list("pk", flat=True)
    return sum(_end_one(pk, at) for pk in list(rows[:100]))


@transaction.atomic
def _end_one(pk: int, at: datetime) -> int:
    """The outgoing manager is gone and nobody accepted: acknowledgements end; with the next shift the sheet lapses."""
    handover = Handover.objects.select_for_update(no_key=True).filter(pk=pk, state__in=OPEN).first()
    if handover is None:
        return 0
    if handover.expired_at is None:
        ended = expire(handover, actor=SYSTEM, at=at)
        handover.expired_at = at
        record("handover.expired", chain=handover.chain, actor=SYSTEM, at=at, about=handover, ended=ended)
    if handover.until <= at:
        handover.state = Handover.State.LAPSED
        record("handover.lapsed", chain=handover.chain, actor=SYSTEM, at=at, about=handover)
    handover.save(update_fields=["expired_at", "state"])
    return 1
