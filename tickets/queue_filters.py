"""What narrows a list of tickets: every dimension work is seen by (A-01), each a condition; several values mean any."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from django.db.models.functions import TruncTime

from accounts.models import Organisation
from catalogue.models import Service
from ledger.actor import Actor
from tickets import words
from tickets.models import Ticket

SOON: Final = timedelta(minutes=15)
DUE: Final = ("overdue", "soon", "today", "later", "none")
MARKS: Final = (
    "critical", "urgent", "restricted", "escalated", "unsigned", "watched", "production", "prospect", "reopened",
)  # fmt: skip
NOBODY, ME = "none", "me"
_NUMBER: Final = re.compile(r"[A-Za-z]{2}-[0-9]{6,12}")

_PLAIN: Final = ("state", "tier", "priority", "kind", "category", "channel", "scope", "impact", "urgency")
_OF_CUSTOMER: Final = ("segment", "region", "service_category", "language")


@dataclass(frozen=True, slots=True)
class Hours:
    """A working shift by its wall times in `zone`; one that ends before it starts goes over midnight."""

    zone: str
    starts: time
    ends: time


def narrowed(
    rows: QuerySet[Ticket],
    filters: Mapping[str, Any],
    *,
    actor: Actor | None = None,
    at: datetime | None = None,
    ended: bool = True,
) -> QuerySet[Ticket]:
    """Return `rows` narrowed by what is given; an unknown name is ignored, an empty value narrows nothing.

    Any of several: state, tier, priority, kind, category, channel, scope, impact, urgency; of the customer: segment,
    region, service_category, language; team (uuid, or "none"), owner (uuid, "me" or "none"), tag, shift (`Hours`),
    due (of DUE). One: organisation (uuid), service (the beginning of its ID), quiet (minutes without news to the
    customer), received_from and received_before (instants), q (a number exactly, else the beginning of a title,
    customer or service). All of several: mark (of MARKS).
    actor  whose "me" and "watched" are. at  the instant `due` and `quiet` are measured from, in the zone whose day
           "today" is; both needed by those only. ended  whether `rows` may hold ended tickets.
    """
    asked = {name: value for name, value in filters.items() if value}
    for name, value in asked.items():
        if (condition := _CONDITIONS.get(name)) is not None:
            rows = rows.filter(condition(_many(value), actor, at))
    for mark in _many(asked.get("mark", ())):
        rows = rows.filter(_mark(mark, actor))
    if text := asked.get("q"):
        rows = rows.filter(_words(_many(text)[0], ended=ended))
    if shifts := _many(asked.get("shift", ())):
        rows = _in_hours(rows, shifts)
    return rows


def _many(value: Any) -> list[Any]:
    return list(value) if isinstance(value, Iterable) and not isinstance(value, str) else [value]


def _team(values: list[Any], _actor: Actor | None, _at: datetime | None) -> Q:
    """By uuid; a Team itself will do."""
    named = [getattr(value, "uuid", value) for value in values if value != NOBODY]
    found = Q(team__uuid__in=named) if named else Q()
    return found | Q(team=None) if NOBODY in values else found


def _owner(values: list[Any], actor: Actor | None, _at: datetime | None) -> Q:
    named = [value for value in values if value not in (NOBODY, ME)]
    found = Q(owner__uuid__in=named) if named else Q()
    if ME in values:
        found |= Q(owner_id=(actor.user_id if actor else None) or 0)
    return found | Q(owner=None) if NOBODY in values else found


def _tag(values: list[Any], _actor: Actor | None, _at: datetime | None) -> Q:
    """Rows without tags are named, so that the index of those with tags serves."""
    return Q(tags__overlap=values) & ~Q(tags=[])


def _due(values: list[Any], _actor: Actor | None, at: datetime | None) -> Q:
    found = Q()
    if at is None:
        return found
    midnight = at.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    ways = {
        "overdue": Q(next_due_at__lte=at),
        "soon": Q(next_due_at__gt=at, next_due_at__lte=at + SOON),
        "today": Q(next_due_at__gt=at, next_due_at__lt=midnight),
        "later": Q(next_due_at__gte=midnight),
        "none": Q(next_due_at=None),
    }
    for value in values:
        found |= ways[value]
    return found


def _quiet(values: list[Any], _actor: Actor | None, at: datetime | None) -> Q:
    if at is None:
        return Q()
    before = at - timedelta(minutes=int(values[0]))
    return Q(last_public_at__lt=before) | Q(last_public_at=None, received_at__lt=before)


def _words(text: str, *, ended: bool) -> Q:
    """Each asked by itself, so that each has its index: joined, every open ticket would be looked at three times."""
    if _NUMBER.fullmatch(text.strip()):
        return Q(number=text.strip().upper())
    titled = Ticket.objects.open().filter(title__istartswith=text).order_by().values("pk")
    found = Q(organisation_id__in=Organisation.objects.filter(name__istartswith=text).values("pk"))
    found |= Q(service_id__in=Service.objects.filter(service_id__istartswith=text).order_by().values("pk"))
    return found | (Q(title__istartswith=text) if ended else Q(pk__in=titled))


def _mark(mark: str, actor: Actor | None) -> Q:
    me = (actor.user_id if actor else None) or 0
    escalated = Ticket.objects.filter(escalations__isnull=False, escalations__closed_at__isnull=True)
    return {
        "critical": Q(critical=True),
        "urgent": Q(urgent=True),
        "restricted": Q(restricted=True),
        "escalated": Q(pk__in=escalated.order_by().values("pk")),
        "unsigned": Q(signed_at=None, state__in=words.TIERS),
        "watched": Q(pk__in=Ticket.watchers.through.objects.filter(user_id=me).values("ticket_id")),
        "production": Q(organisation__production=True),
        "prospect": Q(prospect=True),
        "reopened": Q(run_no__gt=1),
    }[mark]


def _in_hours(rows: QuerySet[Ticket], shifts: list[Hours]) -> QuerySet[Ticket]:
    """Those received in the hours of one of the shifts, by the wall clock of its zone."""
    within = Q()
    for number, shift in enumerate(shifts):
        name = f"wall_{number}"
        rows = rows.alias(**{name: TruncTime("received_at", tzinfo=ZoneInfo(shift.zone))})
        after, before = Q(**{f"{name}__gte": shift.starts}), Q(**{f"{name}__lt": shift.ends})
        within |= (after & before) if shift.starts < shift.ends else (after | before)
    return rows.filter(within)


def _plain(path: str) -> Callable[[list[Any], Actor | None, datetime | None], Q]:
    return lambda values, _actor, _at: Q(**{f"{path}__in": values})


def _one(path: str) -> Callable[[list[Any], Actor | None, datetime | None], Q]:
    return lambda values, _actor, _at: Q(**{path: values[0]})


_CONDITIONS: Final[dict[str, Callable[[list[Any], Actor | None, datetime | None], Q]]] = {
    **{name: _plain(name) for name in _PLAIN},
    **{name: _plain(f"organisation__{name}") for name in _OF_CUSTOMER},
    "team": _team,
    "owner": _owner,
    "tag": _tag,
    "due": _due,
    "quiet": _quiet,
    "organisation": _one("organisation__uuid"),
    "service": _one("service__service_id__istartswith"),
    "received_from": _one("received_at__gte"),
    "received_before": _one("received_at__lt"),
}
