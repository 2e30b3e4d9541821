"""Which ways lead to a person: the person's own order, else the house's (escalation-engine.md, "Delivery")."""

from collections import defaultdict
from collections.abc import Collection

from django.conf import settings

from accounts.models import ContactMethod, User

SCREEN = "web"
HOUSE = ("email", "chat")
NEEDS = {"sms": "SMS_URL", "voice": "VOICE_URL"}


def carried(channel: str) -> bool:
    """Whether this installation can send by `channel` at all: SMS and voice need a provider."""
    return channel not in NEEDS or bool(getattr(settings, NEEDS[channel], ""))


class Reach:
    """The ways of many people at one instant. 1 query to load, none to ask."""

    def __init__(self, user_ids: Collection[int]) -> None:
        self._order: dict[int, list[str]] = defaultdict(list)
        self._chat: set[int] = set()
        rows = User.objects.filter(pk__in=user_ids).order_by("contact_methods__position", "contact_methods__pk")
        for pk, chat_url, channel, enabled, verified_at in rows.values_list(
            "pk", "chat_url", "contact_methods__channel", "contact_methods__enabled", "contact_methods__verified_at"
        ):
            if chat_url:
                self._chat.add(pk)
            known = channel is not None and enabled and verified_at is not None
            if known and carried(channel) and channel not in self._order[pk]:
                self._order[pk].append(channel)

    def channels(self, user_id: int, *, occurrence: int, severity: int) -> tuple[str, ...]:
        """Return the channels to notify the person by: always the screen, then

        without an own order: e-mail, and chat where the person has one, at every occurrence;
        with one: the first way at occurrence 1, the next at each re-page, from the beginning again after the last.
        A severe page (1) never rests on a desktop notification alone: the way after it is taken too.
        """
        own = self._order.get(user_id)
        if not own:
            return (SCREEN, *(way for way in HOUSE if way != "chat" or user_id in self._chat))
        first = (max(occurrence, 1) - 1) % len(own)
        wanted = [own[first]]
        if severity == 1 and wanted == ["push"] and len(own) > 1:
            wanted.append(own[(first + 1) % len(own)])
        return (SCREEN, *wanted)


def order_of(user: User) -> list[tuple[str, str]]:
    """Return every way to a person as (channel, address), first choice first; the house's order without an own one.

    1 query. An address is never empty but for desktop notifications.
    """
    own = [
        (way.channel, way.address)
        for way in ContactMethod.objects.filter(user=user, enabled=True, verified_at__isnull=False)
        if carried(way.channel)
    ]
    return own or [("email", user.email), *([("chat", user.chat_url)] if user.chat_url else [])]
