"""Who is away when, read for every room above (A-04)."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from django.db.models import F
from django.db.models.functions import Greatest

from accounts.models import Absence

Span = tuple[datetime, datetime]


def away_at(at: datetime) -> frozenset[int]:
    """Return the keys of people who are away at `at`, past or future. 1 query."""
    return frozenset(Absence.objects.filter(from_at__lte=at, to_at__gt=at).values_list("user_id", flat=True))


def away_between(begin: datetime, end: datetime, users: Collection[int] | None = None) -> dict[int, list[Span]]:
    """Return when people are away in [begin, end), by person and start, whole; `users`: only these. 1 query."""
    rows = Absence.objects.filter(from_at__lt=end, to_at__gt=Greatest(begin, F("from_at"))).order_by("from_at")
    if users is not None:
        rows = rows.filter(user__in=users)
    found: dict[int, list[Span]] = defaultdict(list)
    for user, begins, ends in rows.values_list("user_id", "from_at", "to_at"):
        found[user].append((begins, ends))
    return found
