"""E-mail through a provider's HTTP interface instead of SMTP, by anymail: DESK_MAIL_PROVIDER names it.

The row's uuid goes along as metadata, so that the provider's events (delivered, bounced, opened) find it again.
"""

from typing import Any

from anymail.exceptions import (
    AnymailAPIError,
    AnymailError,
    AnymailInvalidAddress,
    AnymailRecipientsRefused,
    AnymailSerializationError,
    AnymailUnsupportedFeature,
)
from django.conf import settings
from django.core.mail import get_connection

from channels.failures import SendFailed
from channels.outbound.email import mime
from channels.outbound.letter import Letter, reference_of

ABOUT_THE_LETTER = (
    AnymailRecipientsRefused, AnymailInvalidAddress, AnymailSerializationError, AnymailUnsupportedFeature,
)  # fmt: skip
PASSES = frozenset({401, 403, 408, 409, 425, 429})  # a wrong key is ours to mend, not the letter's fault


class ProviderMail:
    """One HTTP session with the provider, opened at the first letter. Not shared between threads."""

    def __init__(self) -> None:
        self._connection: Any = None

    def send(self, letter: Letter) -> str:
        """Hand one letter over; returns the provider's message id, ours where it gives none. Raises SendFailed."""
        message: Any = mime(letter)
        message.metadata = {"reference": reference_of(letter.message_id)}
        try:
            if self._connection is None:
                self._connection = get_connection(f"anymail.backends.{settings.MAIL_PROVIDER}.EmailBackend")
                self._connection.open()
            message.connection = self._connection
            message.send()
        except ABOUT_THE_LETTER as error:
            raise SendFailed(_said(error), final=True) from error
        except (AnymailError, OSError, ValueError) as error:
            self.close()
            raise SendFailed(_said(error), final=_is_final(error)) from error
        return str(message.anymail_status.message_id or letter.message_id)[:200]

    def abort(self) -> None:
        """Nothing: every call has a timeout of its own."""

    def close(self) -> None:
        """End the session."""
        gone, self._connection = self._connection, None
        if gone is not None:
            gone.close()


def _is_final(error: Exception) -> bool:
    status = getattr(error, "status_code", None) if isinstance(error, AnymailAPIError) else None
    return status is not None and 400 <= status < 500 and status not in PASSES


def _said(error: Exception) -> str:
    status = getattr(error, "status_code", None)
    return f"{type(error).__name__} {status or ''}: {' '.join(str(error).split())}"[:500]
