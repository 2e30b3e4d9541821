"""What a mail provider tells of its letters, in its own format: anymail checks its signature and reads it."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.urls import Resolver404, resolve

from channels import receipts
from ledger.clock import now

BECAME = {
    "delivered": "delivered", "opened": "read", "clicked": "read", "bounced": "undelivered", "rejected": "undelivered",
    "failed": "undelivered",
}  # fmt: skip


def events_of(request: Any) -> list[dict[str, Any]]:
    """Return the events of one call of the configured provider, each {"type", "id", "reference", "status"}.

    Raises AnymailWebhookValidationFailure for a call that is not the provider's, LookupError where none is set.
    """
    try:
        found: Any = resolve(f"/{settings.MAIL_PROVIDER}/tracking/", urlconf="anymail.urls").func
    except Resolver404 as error:
        raise LookupError(settings.MAIL_PROVIDER) from error
    view = found.view_class()
    view.setup(request)
    view.run_validators(request)
    return [
        {
            "type": "receipt",
            "id": f"{event.event_type}:{event.event_id or event.message_id}"[:200],
            "reference": str((event.metadata or {}).get("reference", "")),
            "status": BECAME.get(event.event_type, ""),
            "ref": str(event.message_id or ""),
        }
        for event in view.parse_events(request)
    ]


def on_event(event: dict[str, Any]) -> str:
    """Keep one receipt; "noted" for what says nothing of arrival, "unknown" for a letter that is no page of ours."""
    try:
        reference = UUID(event["reference"])
    except ValueError:
        return "unknown"
    if not event["status"]:
        return "noted"
    return receipts.take(reference=reference, status=event["status"], ref=event["ref"], at=now())
