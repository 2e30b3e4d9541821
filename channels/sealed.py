"""Secrets that wait in an outbox row for their mail: encrypted there, blanked once it is sent."""

import base64

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


class Box:
    """Seals and opens short texts for one `purpose`; what was sealed for another purpose does not open."""

    def __init__(self, purpose: str) -> None:
        key = HKDF(SHA256(), 32, salt=None, info=f"channels.{purpose}".encode()).derive(settings.SECRET_KEY.encode())
        self._fernet = Fernet(base64.urlsafe_b64encode(key))

    def seal(self, text: str) -> str:
        """Return `text` encrypted, as text."""
        return self._fernet.encrypt(text.encode()).decode()

    def open(self, sealed: str) -> str | None:
        """Return what was sealed; None for "" and for anything not ours."""
        try:
            return self._fernet.decrypt(sealed.encode()).decode()
        except InvalidToken:
            return None
