"""The Recording twin of the real providers, chosen by `settings.OUTBOUND == "record"`. Nothing leaves the process."""

from dataclasses import dataclass, field

from channels.failures import SendFailed
from channels.outbound.letter import ChatLine, HookCall, Letter, Text


@dataclass(slots=True)
class Recording:
    """Keeps what would have gone out, in order. `refuse[address]` makes every message to it fail so."""

    letters: list[Letter] = field(default_factory=list)
    chats: list[ChatLine] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)
    hooks: list[HookCall] = field(default_factory=list)
    refuse: dict[str, SendFailed] = field(default_factory=dict)

    def send(self, message: Letter | ChatLine | Text | HookCall) -> str:
        """Keep one message and return its reference, as a provider would."""
        target = message.to.address if isinstance(message, Letter | Text) else message.url
        if target in self.refuse:
            raise self.refuse[target]
        kept: dict[type, list] = {Letter: self.letters, ChatLine: self.chats, Text: self.texts, HookCall: self.hooks}
        kept[type(message)].append(message)
        return f"recorded:{message.message_id}"

    def close(self) -> None:
        """Nothing is open."""

    def abort(self) -> None:
        """Nothing waits."""

    def clear(self) -> None:
        """Forget everything (between tests)."""
        for kept in (self.letters, self.chats, self.texts, self.hooks):
            kept.clear()
        self.refuse.clear()


recording = Recording()
