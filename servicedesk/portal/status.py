"""How a customer's services stand: incidents that affect it, each kind of service over 90 days, planned work.

Read for one organisation: nothing here can name another, because no other is asked for.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Organisation
from catalogue.models import Alert, Service
from ledger.actor import Actor
from servicedesk.web.incident import Shown, shown
from tickets.models import Maintenance, MajorIncident

DAYS = 90
RECENT = timedelta(days=1)
STEP, WIDTH = 8, 5.5
WORST = ("down", "degraded", "unknown", "up")
HEIGHTS = {"": (14, 14), "soon": (8, 20), "breached": (0, 28)}


@dataclass(frozen=True, slots=True)
class Bar:
    """One day: x and height of its bar, state "" without a fault, soon partly, breached down."""

    x: int
    y: int
    height: int
    state: str


@dataclass(frozen=True, slots=True)
class Group:
    """Services of one kind: their ids, the worst state, a bar for each day, share of time up in percent."""

    name: str
    ids: str
    state: str
    words: str
    bars: list[Bar]
    up: float
    bad_days: int


def incidents(actor: Actor, organisation: Organisation, at: datetime, language: str) -> list[Shown]:
    """Return what affects the customer now, or did until a day ago; newest first. 1 query and 2 for each."""
    rows = MajorIncident.objects.visible_to(actor).filter(Q(restored_at=None) | Q(restored_at__gt=at - RECENT))
    return [shown(incident, organisation.pk, language) for incident in rows.order_by("-declared_at")[:3]]


def past(actor: Actor, at: datetime, language: str) -> list[tuple[MajorIncident, str, timedelta]]:
    """Return (incident, title, how long) of those over for more than a day, newest first. 1 query."""
    rows = MajorIncident.objects.visible_to(actor).filter(restored_at__lte=at - RECENT).order_by("-declared_at")[:5]
    return [(row, row.public_title(language), row.restored_at - row.since) for row in rows if row.restored_at]


def planned(actor: Actor, at: datetime) -> list[Any]:
    """Return planned work the customer was told of and that is not over. 1 query."""
    rows = Maintenance.objects.visible_to(actor).filter(ends_at__gt=at).exclude(state__in=Maintenance.OVER)
    return list(rows.order_by("starts_at")[:5])


def groups(organisation: Organisation, at: datetime) -> list[Group]:
    """Return the customer's services by kind, worst first. 2 queries."""
    zone = ZoneInfo(organisation.time_zone)
    first = timezone.localtime(at, zone).date() - timedelta(days=DAYS - 1)
    begin = datetime.combine(first, datetime.min.time(), zone)
    kinds: dict[str, list[Service]] = defaultdict(list)
    for service in Service.objects.filter(organisation=organisation).order_by("service_id"):
        kinds[service.type].append(service)
    alerts = Alert.objects.filter(organisation=organisation).filter(Q(cleared_at=None) | Q(cleared_at__gt=begin))
    by_kind: dict[str, list[Alert]] = defaultdict(list)
    for alert in alerts.filter(raised_at__lt=at).select_related("service"):
        by_kind[alert.service.type].append(alert)
    made = [_group(rows, by_kind[kind], begin, at, zone) for kind, rows in kinds.items()]
    order = ["breached", "soon", "cancelled", "met"]
    return sorted(made, key=lambda group: (order.index(group.state), group.name))


def _group(services: list[Service], alerts: list[Alert], begin: datetime, at: datetime, zone: ZoneInfo) -> Group:
    worst = next(state for state in WORST if any(service.state == state for service in services))
    count = sum(service.state == worst for service in services)
    days: dict[date, str] = {}
    lost = timedelta()
    for alert in alerts:
        since, until = max(alert.raised_at, begin), min(alert.cleared_at or at, at)
        lost += until - since if alert.traffic_affecting else timedelta()
        for day in _days(since, until, zone):
            days[day] = "breached" if alert.traffic_affecting or days.get(day) == "breached" else "soon"
    whole = (at - begin) * len(services)
    ids = ", ".join(service.service_id for service in services[:4])
    return Group(
        name=str(services[0].get_type_display()), ids=ids if len(services) <= 4 else f"{ids} …",
        state={"down": "breached", "degraded": "soon", "unknown": "cancelled", "up": "met"}[worst],
        words=_words(worst, count, len(services)), bars=_bars(days, begin, zone),
        up=max(100 - 100 * lost / whole, 0.0), bad_days=len(days),
    )  # fmt: skip


def _words(worst: str, count: int, of: int) -> str:
    said = {"down": _("Down"), "degraded": _("Slow or partly"), "unknown": _("Not watched"), "up": _("Up")}[worst]
    return said if worst == "up" or of == 1 else _("%(said)s: %(n)d of %(of)d") % {"said": said, "n": count, "of": of}


def _days(since: datetime, until: datetime, zone: ZoneInfo) -> Iterable[date]:
    day, last = timezone.localtime(since, zone).date(), timezone.localtime(until, zone).date()
    while day <= last:
        yield day
        day += timedelta(days=1)


def _bars(days: dict[date, str], begin: datetime, zone: ZoneInfo) -> list[Bar]:
    first = timezone.localtime(begin, zone).date()
    made = []
    for n in range(DAYS):
        state = days.get(first + timedelta(days=n), "")
        y, height = HEIGHTS[state]
        made.append(Bar(n * STEP, y, height, state))
    return made
