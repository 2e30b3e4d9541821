"""Outgoing webhooks as standardwebhooks.com signs them: id, timestamp, HMAC-SHA256 over "id.timestamp.body".

A receiver checks with any library of that standard. The secret of a person's webhook is derived from ours and the
method's id, so nothing secret is stored; turning the method off and on under a new id makes a new one.
"""

import base64
import hashlib
import hmac
import json
import uuid

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from channels.outbound.letter import HookCall
from channels.outbound.posting import post
from ledger.clock import real_now

PREFIX = "whsec_"


def secret_of(method: uuid.UUID) -> str:
    """Return the signing secret of one contact method, "whsec_" and 32 bytes in base64."""
    derived = HKDF(SHA256(), 32, salt=method.bytes, info=b"channels.webhook").derive(settings.SECRET_KEY.encode())
    return PREFIX + base64.b64encode(derived).decode()


def sign(secret: str, ident: str, timestamp: int, body: bytes) -> str:
    """Return the value of `webhook-signature`: "v1,<base64>"."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    digest = hmac.new(key, f"{ident}.{timestamp}.".encode() + body, hashlib.sha256).digest()
    return "v1," + base64.b64encode(digest).decode()


class Webhook:
    """Posts one notice to one person's own address, which never is in our network."""

    def send(self, call: HookCall) -> str:
        """Hand one notice over; returns our reference. Raises SendFailed."""
        body = json.dumps(dict(call.payload), ensure_ascii=False).encode()
        timestamp = int(real_now().timestamp())
        headers = {
            "webhook-id": call.reference,
            "webhook-timestamp": str(timestamp),
            "webhook-signature": sign(call.secret, call.reference, timestamp, body),
        }
        post(call.url, body, headers)
        return call.message_id
