"""SMS and voice through a provider's plain HTTP interface: one POST, one key, one reference for ever.

POST {"channel", "to", "text", "language", "reference", "confirm_key"} with `Authorization: Bearer` and
`Idempotency-Key: <reference>`; any 2xx takes the message, its JSON's `id` is kept. What became of it comes back signed
to /hooks/gateway/ under the same reference. `confirm_key` is the digit a voice call asks for, "" for none.
"""

import json

from django.conf import settings

from channels.failures import SendFailed
from channels.outbound.letter import Text
from channels.outbound.posting import post
from escalation.reach import NEEDS


class Gateway:
    """Hands texts and calls to the provider named by DESK_SMS_URL and DESK_VOICE_URL."""

    def send(self, text: Text) -> str:
        """Hand one message over; returns the provider's id, ours where it gives none. Raises SendFailed."""
        url = getattr(settings, NEEDS[text.channel], "")
        if not url:
            raise SendFailed(f"no provider for {text.channel} is configured", final=True)
        body = {
            "channel": text.channel, "to": text.to.address, "text": text.body, "language": text.to.language,
            "reference": text.reference, "confirm_key": text.confirm_key,
        }  # fmt: skip
        headers = {"Authorization": f"Bearer {settings.GATEWAY_KEY}", "Idempotency-Key": text.reference}
        said = post(url, json.dumps(body).encode(), headers, guarded=not settings.GATEWAY_PRIVATE)
        return _id(said) or text.message_id


def _id(said: bytes) -> str:
    try:
        found = json.loads(said)
    except ValueError:
        return ""
    return str(found.get("id", ""))[:200] if isinstance(found, dict) else ""
