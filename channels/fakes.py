"""The Recording twin of the real providers, chosen by `settings.OUTBOUND == "record"`. Nothing leaves the process."""

from dataclasses import dataclass, field

from channels.failures import SendFailed
from channels.outbound.letter import ChatLine, Letter


@dataclass(slots=True)
class Recording:
    """Keeps what would have gone out, in order. `refuse[address]` makes every message to it fail so."""

    letters: list[Letter] = field(default_factory=list)
    chats: list[ChatLine] = field(default_factory=list)
    refuse: dict[str, SendFailed] = field(default_factory=dict)

    def send(self, message: Letter | ChatLine) -> str:
        """Keep one message and return its reference, as a provider would."""
        target = message.to.address if isinstance(message, Letter) else message.url
        if target in self.refuse:
            raise self.refuse[target]
        (self.letters if isinstance(message, Letter) else self.chats).append(message)  # type: ignore[arg-type]
        return f"recorded:{message.message_id}"

    def close(self) -> None:
        """Nothing is open."""

    def abort(self) -> None:
        """Nothing waits."""

    def clear(self) -> None:
        """Forget everything (between tests)."""
        self.letters.clear()
        self.chats.clear()
        self.refuse.clear()


recording = Recording()
