"""When a person cannot be reached by one way: the next way, then somebody else. Never nobody (I9), and at once."""

import logging
import uuid
from collections.abc import Iterator

from django.conf import settings
from django.db.models import Q, QuerySet

from accounts.absences import away_at
from accounts.models import AccountTeamMember, User
from channels.outbound.web import SCREENS
from escalation.models import Notification
from escalation.oncall import on_duty_manager, present
from escalation.reach import order_of
from ledger.clock import now, real_now

logger = logging.getLogger(__name__)


def pass_on(notification: Notification) -> list[Notification]:
    """Queue what follows a final failure and return it: the person's next way, else the deputy, the manager, the duty
    manager, else every break-glass address.

    Nothing follows where another way of the same page is on its way or has arrived; a screen alone is no arrival.
    """
    if notification.kind != "page":
        return []
    same = _same(notification).filter(user=notification.user)
    if notification.user_id and same.exclude(channel__in=SCREENS).exclude(state__in=["failed", "superseded"]).exists():
        return []
    user = notification.user
    if user is not None and (following := _next_way(user, same)) is not None:
        channel, address = following
        return [_queue(notification, user=user, channel=channel, address=address, why=notification.why)]
    name = user.name if user is not None else notification.address
    why = f"fallback of {name}"[:80]
    told = set(_same(notification).exclude(user=None).values_list("user_id", flat=True))
    away = away_at(now())
    for person in _others(notification):
        if present(person, away) and person.pk not in told:
            return [_queue(notification, user=person, channel=order_of(person)[0][0], why=why)]
    told_addresses = set(_same(notification).filter(user=None).values_list("address", flat=True))
    addresses = [address for address in settings.BREAK_GLASS if address not in told_addresses]
    if not settings.BREAK_GLASS:
        logger.error("nobody left to tell of %s: set DESK_BREAK_GLASS", notification.uuid)
    return [_queue(notification, address=address, channel="email", why=why) for address in addresses]


def _same(notification: Notification) -> QuerySet[Notification]:
    """Every notification of the same page: of its firing, role and duty."""
    return Notification.objects.filter(
        firing=notification.firing, role=notification.role, ticket=notification.ticket, duty=notification.duty,
        kind=notification.kind,
    )  # fmt: skip


def _next_way(user: User, same: QuerySet[Notification]) -> tuple[str, str] | None:
    """Return (channel, address) not tried yet, in the person's order; no address for the first of its kind."""
    tried = set(same.values_list("channel", "address"))
    first: set[str] = set()
    for channel, address in order_of(user):
        way = (channel, address if channel in first else "")
        first.add(channel)
        if channel not in SCREENS and way not in tried and (channel, address) not in tried:
            return way
    return None


def _others(notification: Notification) -> Iterator[User]:
    """Who stands in, nearest first: deputies of everyone asked so far, their managers, the duty manager."""
    ticket = notification.ticket
    organisation = ticket.organisation if ticket is not None else None
    mine = Q(organisation=None) | Q(organisation=organisation)
    asked = _same(notification).exclude(user=None).order_by("pk").select_related("user__manager")
    people = list(dict.fromkeys(row.user for row in asked if row.user is not None))
    named = AccountTeamMember.objects.filter(mine, role=notification.role, deputy__isnull=False)
    deputies = {row.user_id: row.deputy for row in named.order_by("-organisation").select_related("deputy")}
    yield from (deputy for person in people if (deputy := deputies.get(person.pk)) is not None)
    yield from (person.manager for person in people if person.manager is not None)
    region = organisation.region if organisation is not None else ""
    manager = on_duty_manager(now(), organisation.pk if organisation is not None else None, region)
    if manager.user is not None:
        yield manager.user


def _queue(
    failed: Notification, *, channel: str, why: str, user: User | None = None, address: str = ""
) -> Notification:
    whom = f"{user.uuid}{address}" if user is not None else address
    row, _made = Notification.objects.get_or_create(
        idem_key=uuid.uuid5(failed.idem_key, f"{failed.role}:{whom}:{channel}"),
        defaults={
            "firing": failed.firing, "escalation": failed.escalation, "ticket": failed.ticket,
            "duty": failed.duty, "role": failed.role, "why": why, "user": user, "address": address,
            "channel": channel, "kind": failed.kind, "severity": failed.severity, "created_at": now(),
            "next_at": real_now(),
        },
    )  # fmt: skip
    return row
