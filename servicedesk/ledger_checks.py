"""What `verify_ledger` asks beyond the chains: rooms above the ledger that must have written into it."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from escalation.models.clock import Firing
from ledger.clock import speed

SEAL_WITHIN = timedelta(seconds=10)


def unsealed_firings(at: datetime) -> Iterator[str]:
    """Yield a sentence for each firing older than 10 real seconds that has no entry, at most 20. 1 query."""
    late = Firing.objects.filter(sealed=None, fired_at__lt=at - SEAL_WITHIN * max(speed(), 1.0))
    for firing in late.order_by("fired_at")[:20]:
        yield f"firing {firing.uuid} of {firing.rule_code} at {firing.fired_at:%Y-%m-%d %H:%M:%S} has no entry"
