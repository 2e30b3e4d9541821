"""The day's anchor: written by the ledger, mailed by us, once a day however often it is asked for."""

from django.conf import settings
from django.db import connection, transaction

from ledger.anchor import write_anchor as write
from ledger.clock import now, real_now
from ledger.models import OutboxMessage

TOPIC = "mail.anchor"


@transaction.atomic
def write_anchor() -> OutboxMessage | None:
    """Write today's anchor outside the database and queue its mail; None if today's is queued already."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('channels.anchor', 7))")
    today = now().date().isoformat()
    if OutboxMessage.objects.filter(topic=TOPIC, payload__date=today).exists():
        return None
    made = write(at=now(), folder=settings.ANCHOR_DIR)
    payload = {
        "date": today, "at": made.at.isoformat(), "chains": made.chains, "entries": made.entries, "hash": made.hash
    }  # fmt: skip
    return OutboxMessage.objects.create(topic=TOPIC, payload=payload, due_at=real_now())
