"""One row per try (decisions 17). A try left open belongs to a sender that was killed: its outcome is `lost`."""

from typing import Any

from channels.models import DeliveryAttempt
from ledger.clock import real_now


def begin(n: int, recipient: str, **owner: Any) -> DeliveryAttempt:
    """Open try `n` of a message (`outbox=` or `notification=`) to one recipient; closes forgotten ones as lost."""
    at = real_now()
    forgotten = DeliveryAttempt.objects.filter(ended_at=None, recipient=recipient[:254], **owner)
    forgotten.update(ended_at=at, outcome="lost")
    return DeliveryAttempt.objects.create(n=n, recipient=recipient[:254], started_at=at, **owner)


def end(attempt: DeliveryAttempt, outcome: str, *, ref: str = "", error: str = "") -> None:
    """Close a try: sent, failed (another may follow) or refused (final)."""
    DeliveryAttempt.objects.filter(pk=attempt.pk).update(
        ended_at=real_now(), outcome=outcome, provider_ref=ref[:200], error=error[:2000]
    )


def settled(**owner: Any) -> set[str]:
    """Return the recipients of a message that need no further try."""
    done = DeliveryAttempt.objects.filter(outcome__in=["sent", "refused"], **owner)
    return set(done.values_list("recipient", flat=True))
