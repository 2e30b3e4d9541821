"""Once a day: write turns out sixty days ahead, warn of the gaps of the next fourteen. Told every minute, done once."""

import logging
from datetime import datetime

from django.db import transaction

from escalation.models import Roster
from escalation.rosters.fill import AHEAD, fill
from escalation.rosters.gaps import WARN, all_gaps
from escalation.rosters.read import alive
from ledger.actor import SYSTEM
from ledger.errors import Refused
from ledger.models import Entry
from ledger.record import record

CHAIN, FACT = "roster:nightly", "roster.gaps_checked"
MOST = 200
logger = logging.getLogger(__name__)


def keep(*, at: datetime) -> int:
    """Do both; return how many rosters were written out and warnings given. 2 queries where nothing is to do."""
    return fill_all(at=at) + warn(at=at)


def fill_all(*, at: datetime) -> int:
    """Write out every roster whose turns end within sixty days. One that cannot be written is logged."""
    short = Roster.objects.filter(retired_at=None).exclude(filled_until__gte=at + AHEAD)
    done = 0
    for pk in short.order_by("pk").values_list("pk", flat=True):
        try:
            with transaction.atomic():
                fill(Roster.objects.select_for_update(no_key=True).get(pk=pk), at)
        except Refused as refusal:
            logger.warning("roster %s is not written out: %s", pk, refusal)
        else:
            done += 1
    return done


@transaction.atomic
def warn(*, at: datetime) -> int:
    """Write down the gaps of the next 14 days, once a UTC day; the fact's mail goes to who keeps rosters.

    Returns 1, or 0 if the day has its check or there is no roster.
    """
    midnight = at.replace(hour=0, minute=0, second=0, microsecond=0)
    if Entry.objects.filter(chain=CHAIN, name=FACT, at__gte=midnight).exists():
        return 0
    plans = alive(at)
    if not plans:
        return 0
    found = all_gaps(plans, at, at + WARN)
    told = [{"roster": g.plan.uuid, "from_at": g.from_at, "to_at": g.to_at} for g in found[:MOST]]
    entry = record(FACT, chain=CHAIN, actor=SYSTEM, at=at, rosters=len(plans), gaps=told, found=len(found))
    return int(entry.seq > 0)
