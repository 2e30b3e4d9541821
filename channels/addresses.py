"""Where a notification goes: the address of its person by its channel, or a break-glass address."""

from dataclasses import dataclass

from accounts.models import ContactMethod, User
from channels.outbound.letter import Receiver
from channels.outbound.webhook import secret_of
from escalation.models import Notification

NUMBERS = ("sms", "voice")


@dataclass(frozen=True, slots=True)
class Target:
    """A receiver and how it is spoken to; the words of `channels.outbound.letter.Draft`."""

    to: Receiver
    url: str = ""
    way: str = ""
    secret: str = ""


def target_of(notification: Notification) -> Target | None:
    """Return where a notification goes; None if its person left or has no such way."""
    user = notification.user
    if user is None:
        return Target(Receiver(notification.address)) if notification.address else None
    if not user.is_active:
        return None
    return by_way(user, notification.channel, notification.address)


def by_way(user: User, channel: str, address: str = "") -> Target | None:
    """Return the target of one way of a person: of `address`, or of the first one by that channel. 1 query.

    Without an own way it is the mailbox one signs in with and the chat an administrator set.
    """
    ways = ContactMethod.objects.filter(user=user, channel=channel, enabled=True, verified_at__isnull=False)
    way = (ways.filter(address=address) if address else ways).first()
    house = {"email": user.email, "chat": user.chat_url}.get(channel, "")
    found = way.address if way is not None else house
    if not found or (address and found != address):
        return None
    return _target(user, channel, found, way)


def of_method(way: ContactMethod) -> Target:
    """Return the target of one way, whether it is verified or not (for a test)."""
    return _target(way.user, way.channel, way.address, way)


def _target(user: User, channel: str, address: str, way: ContactMethod | None) -> Target:
    def to(where: str) -> Receiver:
        return Receiver(where, user.name, user.language, user.time_zone)

    if channel == "chat":
        return Target(to(""), address)
    if channel == "webhook" and way is not None:
        return Target(to(""), address, channel, secret_of(way.uuid))
    return Target(to(address), way=channel if channel in NUMBERS else "")
