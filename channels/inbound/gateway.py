"""What the SMS and voice provider tells us: receipts, and the key pressed in a call."""

from typing import Any
from uuid import UUID

from channels import receipts
from escalation.commands.answers import confirm_by_keypad
from ledger.clock import now
from ledger.errors import Refused

STATUS = {
    "delivered": "delivered", "sent": "", "queued": "", "answered": "answered", "completed": "answered", "read": "read",
    "failed": "undelivered", "undelivered": "undelivered", "rejected": "undelivered", "no-answer": "undelivered",
    "busy": "undelivered",
}  # fmt: skip


def on_event(event: dict[str, Any]) -> str:
    """Take one verified event and return what it did, a code.

    {"type": "receipt", "reference", "status", "id"} or {"type": "keypad", "reference", "digit", "id"}; `reference` is
    the idempotency key the message was handed over with. Answering a call confirms nothing: only its key does (X-04).
    """
    try:
        reference = UUID(str(event.get("reference", "")))
    except ValueError:
        return "unknown"
    ref = str(event.get("id", ""))[:200]
    if event.get("type") == "keypad":
        try:
            confirm_by_keypad(reference=reference, digit=str(event.get("digit", ""))[:4], call=ref, at=now())
        except Refused as refusal:
            return refusal.code
        return "confirmed"
    status = STATUS.get(str(event.get("status", "")), "")
    return receipts.take(reference=reference, status=status, ref=ref, at=now()) if status else "noted"
