"""The day's anchor: once a day however often it is asked for. The ledger writes it and queues its mail."""

from datetime import datetime

from django.db import connection, transaction

from ledger.anchor import write_anchor as write
from ledger.models import Anchor


@transaction.atomic
def write_anchor(*, at: datetime) -> int:
    """Write the anchor of the UTC day of `at`; returns how many were written: 1, or 0 if the day has one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('channels.daily', 7))")
    midnight = at.replace(hour=0, minute=0, second=0, microsecond=0)
    if Anchor.objects.filter(at__gte=midnight).exists():
        return 0
    write(at=at)
    return 1
