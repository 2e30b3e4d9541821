"""Which provider carries which message: the real ones, the Recording twin, or none."""

from typing import Any

from django.conf import settings

from channels.fakes import recording
from channels.outbound.chat import Chat
from channels.outbound.email import Mailer
from channels.outbound.gateway import Gateway
from channels.outbound.letter import ChatLine, HookCall, Letter, Text
from channels.outbound.provider_mail import ProviderMail
from channels.outbound.webhook import Webhook

Message = Letter | ChatLine | Text | HookCall


def is_off() -> bool:
    """Whether nothing may leave (a restored copy): rows stay as they are."""
    return settings.OUTBOUND == "off"


class Providers:
    """Open connections, used by one thread at a time."""

    def __init__(self) -> None:
        real = settings.OUTBOUND != "record"
        post = ProviderMail if settings.MAIL_PROVIDER else Mailer
        self._mail: Any = post() if real else recording
        self._chat: Any = Chat() if real else recording
        self._by: dict[type, Any] = {
            Letter: self._mail,
            ChatLine: self._chat,
            Text: Gateway() if real else recording,
            HookCall: Webhook() if real else recording,
        }

    def send(self, message: Message) -> str:
        """Hand one message over; returns the provider's reference. Raises SendFailed."""
        return self._by[type(message)].send(message)

    def abort(self) -> None:
        """Cut the line a letter waits on, from another thread; the send fails as a fault that may pass."""
        self._mail.abort()

    def close(self) -> None:
        """End what is open."""
        self._mail.close()
        self._chat.close()
