"""Which provider carries which message: the real ones, the Recording twin, or none."""

from typing import Any

from django.conf import settings

from channels.fakes import recording
from channels.outbound.chat import Chat
from channels.outbound.email import Mailer
from channels.outbound.letter import ChatLine, Letter


def is_off() -> bool:
    """Whether nothing may leave (a restored copy): rows stay as they are."""
    return settings.OUTBOUND == "off"


class Providers:
    """The open connections of one batch. Use as a context manager."""

    def __init__(self) -> None:
        real = settings.OUTBOUND != "record"
        self._mail: Any = Mailer() if real else recording
        self._chat: Any = Chat() if real else recording

    def send(self, message: Letter | ChatLine) -> str:
        """Hand one message over; returns the provider's reference. Raises SendFailed."""
        return self._mail.send(message) if isinstance(message, Letter) else self._chat.send(message)

    def __enter__(self) -> "Providers":
        return self

    def __exit__(self, *_error: object) -> None:
        self._mail.close()
        self._chat.close()
