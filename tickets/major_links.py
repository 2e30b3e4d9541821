"""Links to the status page of one customer in one major incident: sealed, kept nowhere, dead a while after its end."""

import hmac
import uuid
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from datetime import datetime, timedelta

from django.utils.crypto import salted_hmac

from tickets.models import MajorOrganisation

SALT = "tickets.major.status"
SEAL, LENGTH = 16, 43
LIVES = timedelta(days=30)


def status_token(row: uuid.UUID) -> str:
    """Return the link's token for a row of `MajorOrganisation`: its id and a seal of 128 bits, 43 characters."""
    return _written(row.bytes + _seal(row.bytes))


def status_row(token: str, *, at: datetime) -> MajorOrganisation | None:
    """Return whom a token was made for. None: broken, foreign, no longer affected, or ended over 30 days ago."""
    if len(token) != LENGTH:
        return None
    try:
        whole = urlsafe_b64decode(token + "=")
    except (Error, ValueError):
        return None
    if _written(whole) != token or not hmac.compare_digest(whole[16:], _seal(whole[:16])):
        return None
    rows = MajorOrganisation.objects.select_related("incident", "organisation")
    row = rows.filter(uuid=uuid.UUID(bytes=whole[:16]), removed_at=None).first()
    ended = row.incident.closed_at if row else None
    return None if ended is not None and ended + LIVES <= at else row


def _written(whole: bytes) -> str:
    """The one way to write it: the last sign has two bits to spare, and another sign there is another token."""
    return urlsafe_b64encode(whole).decode().rstrip("=")


def _seal(body: bytes) -> bytes:
    return salted_hmac(SALT, body.hex(), algorithm="sha256").digest()[:SEAL]
