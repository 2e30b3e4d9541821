"""The ways to a member of staff and their order: the person's own, or a lead's for them (domain.md)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from accounts.models import ContactMethod, User
from accounts.way_addresses import clean
from ledger.actor import Actor
from ledger.errors import Refused
from ledger.record import record

Channel = ContactMethod.Channel
LEADS = ("supervisor", "duty_manager", "administrator")
MOST = 12


@transaction.atomic
def add_way(*, user_id: int, channel: str, address: str = "", actor: Actor, at: datetime) -> ContactMethod:
    """Add a way to a person, at the end of the order; it counts once a test of it was answered.

    Chat hooks are an administrator's to set, as they carry secrets.
    Raises Refused: unknown_person, unknown_channel, not_allowed, bad_address, known_way, too_many.
    """
    user = _person(user_id, actor)
    if channel not in Channel.values:
        raise Refused("unknown_channel", _("Choose a channel."), field="channel")
    if channel == Channel.CHAT and not actor.has_role("administrator"):
        raise Refused("not_allowed", _("An administrator sets chat hooks."), field="channel")
    kept = clean(channel, address.strip())
    ways = ContactMethod.objects.filter(user=user)
    if ways.count() >= MOST:
        raise Refused("too_many", _("Remove a way first."), field="channel")
    last = ways.aggregate(last=Max("position"))["last"]
    position = 0 if last is None else last + 1
    try:
        with transaction.atomic():
            way = ContactMethod.objects.create(user=user, channel=channel, address=kept, position=position)
    except IntegrityError as error:
        raise Refused("known_way", _("This way is on the list already."), field="address") from error
    told = {} if channel == Channel.CHAT else {"address": kept}  # a chat hook is a secret
    record_way("staff.way_added", way, actor, at, texts=told)
    return way


@transaction.atomic
def remove_way(*, way_id: int, actor: Actor, at: datetime) -> None:
    """Take a way off the list. Raises Refused: unknown_way."""
    way = locked_way(way_id, actor)
    record_way("staff.way_removed", way, actor, at)
    way.delete()


@transaction.atomic
def switch_way(*, way_id: int, enabled: bool, actor: Actor, at: datetime) -> ContactMethod:
    """Use a way or leave it out. Raises Refused: unknown_way."""
    way = locked_way(way_id, actor)
    if way.enabled != enabled:
        way.enabled = enabled
        way.save(update_fields=["enabled"])
        record_way("staff.way_switched", way, actor, at, enabled=enabled)
    return way


@transaction.atomic
def order_ways(*, user_id: int, order: Sequence[UUID], actor: Actor, at: datetime) -> list[ContactMethod]:
    """Put the ways in this order; ways not named follow in their old one. Raises Refused: unknown_person."""
    user = _person(user_id, actor)
    rank = {uuid: place for place, uuid in enumerate(order)}
    ways = list(ContactMethod.objects.select_for_update().filter(user=user))
    ways.sort(key=lambda way: (rank.get(way.uuid, len(rank)), way.position, way.pk))
    for position, way in enumerate(ways):
        way.position = position
    ContactMethod.objects.bulk_update(ways, ["position"])
    record(
        "staff.ways_ordered", chain=f"staff:{user.uuid}", actor=actor, at=at, about=user, person=str(user.uuid),
        order=[way.channel for way in ways],
    )  # fmt: skip
    return ways


def may_edit(actor: Actor, user_id: int) -> bool:
    """Whether `actor` may change the ways of this member of staff: the own ones, or as a lead."""
    return actor.is_staff and (actor.user_id == user_id or actor.has_role(*LEADS))


def _person(user_id: int, actor: Actor) -> User:
    user = User.objects.filter(pk=user_id, kind="staff", is_active=True).first()
    if user is None or not may_edit(actor, user_id):
        raise Refused("unknown_person", _("Choose an active member of staff."), field="user")
    return user


def locked_way(way_id: int, actor: Actor) -> ContactMethod:
    """Return a way the actor may change, locked, with its person. Raises Refused("unknown_way")."""
    ways = ContactMethod.objects.select_for_update(of=("self",)).select_related("user")
    way = ways.filter(pk=way_id, user__is_active=True).first()
    if way is None or not may_edit(actor, way.user_id):
        raise Refused("unknown_way", _("There is no such way. Reload the page."))
    return way


def record_way(name: str, way: ContactMethod, actor: Actor, at: datetime, **data: Any) -> Any:
    """Record a fact about one way on its person's chain and return the entry."""
    return record(
        name, chain=f"staff:{way.user.uuid}", actor=actor, at=at, about=way.user, person=str(way.user.uuid),
        way=str(way.uuid), channel=way.channel, **data,
    )  # fmt: skip
