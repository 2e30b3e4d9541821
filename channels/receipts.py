"""What a provider says became of a message: kept on the notification; "not delivered" sends the page on at once."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from channels import fallbacks, hints
from escalation.models import Clock, Notification

Receipt = Notification.Receipt
WEIGHT = {"": 0, Receipt.UNDELIVERED: 1, Receipt.DELIVERED: 2, Receipt.ANSWERED: 3, Receipt.READ: 4}
TAKEN = ("sending", "sent", "seen")


@transaction.atomic
def take(*, reference: UUID, status: str, ref: str, at: datetime) -> str:
    """Keep one receipt by the message's idempotency key and return what it did: "kept", "passed_on", "late" (a better
    one is there already, or nothing of ours is under way) or "unknown".

    Receipts come in any order and more than once; a better one is never replaced by a worse.
    """
    rows = Notification.objects.select_for_update(no_key=True, of=("self",)).select_related(
        "user__manager", "ticket__organisation", "duty", "firing__clock", "escalation"
    )
    found = rows.filter(idem_key=reference).first()
    if found is None or status not in Receipt.values:
        return "unknown"
    if WEIGHT[status] <= WEIGHT[found.receipt] or found.state not in TAKEN:
        return "late"
    found.receipt, found.receipt_at, found.provider_ref = status, at, ref[:200] or found.provider_ref
    fields = ["receipt", "receipt_at", "provider_ref"]
    if status == Receipt.READ and found.seen_at is None:
        found.seen_at = at
        fields.append("seen_at")
    found.save(update_fields=fields)
    hints.went_on(found)
    return _undelivered(found) if status == Receipt.UNDELIVERED else "kept"


def _undelivered(found: Notification) -> str:
    """It never arrived: the page, and every page its digest told of, goes by the next way."""
    listed = Notification.objects.filter(held_by=found, state="bundled").select_related(
        "user__manager", "ticket__organisation", "duty", "firing__clock", "escalation"
    )
    gone = [found, *listed]
    Notification.objects.filter(pk__in=[row.pk for row in gone]).update(
        state="failed", last_error="not delivered, says the provider", lease_token=None, lease_until=None
    )
    for row in gone:
        if not _over(row):
            fallbacks.pass_on(row)
    return "passed_on"


def _over(row: Notification) -> bool:
    """Whether nobody needs it any more: its clock stopped or its duty is confirmed."""
    stopped = row.firing is not None and row.firing.clock.state == Clock.State.STOPPED
    return stopped or (row.duty is not None and row.duty.confirmed_at is not None)
