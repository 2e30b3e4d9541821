"""Who is on call and how people are reached, kept between the batches of one storm, never longer than it stays true.

Two uses. `briefly`: while one driver fires batch after batch, for at most a second of desk time and never past the
change of a shift. `steady`: a replay in a database of its own, where nobody's duty ever changes.
"""

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import connection

from accounts.models import Absence
from escalation.models import RosterSlot
from escalation.oncall import OnCall
from escalation.reach import Reach

SECOND = timedelta(seconds=1)
MANY = 2000
_CHANGES = """
SELECT EXISTS (SELECT 1 FROM esc_roster
               WHERE during && tstzrange(%(at)s, %(end)s) AND NOT during @> tstzrange(%(at)s, %(end)s))
    OR EXISTS (SELECT 1 FROM accounts_absence WHERE to_at > %(at)s AND from_at < %(end)s
               AND (from_at > %(at)s OR to_at < %(end)s))
"""


@dataclass(slots=True)
class Kept:
    """What was read, for whom, and from when until when it may be used. for_ever: for every instant."""

    for_ever: bool = False
    from_at: datetime | None = None
    until: datetime | None = None
    organisations: frozenset[int] = frozenset()
    on_call: OnCall | None = None
    people: frozenset[int] = frozenset()
    reach: Reach | None = None
    by_organisations: dict[frozenset[int], OnCall] = field(default_factory=dict)

    def holds(self, at: datetime) -> bool:
        """Whether what is kept is true at `at`; forgets it if not."""
        if self.from_at is not None and self.until is not None and self.from_at <= at < self.until:
            return True
        self.organisations, self.on_call, self.people, self.reach = frozenset(), None, frozenset(), None
        self.from_at, self.until = at, _until(at)
        return False


_kept: ContextVar[Kept | None] = ContextVar("kept", default=None)


def on_call(at: datetime, organisation_ids: Iterable[int | None]) -> OnCall:
    """Return who is on call at `at`: read now, or as read before within `briefly` or `steady`."""
    kept = _kept.get()
    wanted = frozenset(pk for pk in organisation_ids if pk)
    if kept is None:
        return OnCall(at, wanted)
    if kept.for_ever:
        if wanted not in kept.by_organisations:
            kept.by_organisations[wanted] = OnCall(at, wanted)
        return kept.by_organisations[wanted]
    kept.holds(at)
    if kept.on_call is None or not wanted <= kept.organisations:
        kept.organisations = wanted | (kept.organisations if len(kept.organisations) < MANY else frozenset())
        kept.on_call = OnCall(at, kept.organisations)
    return kept.on_call


def reach(at: datetime, user_ids: Collection[int]) -> Reach:
    """Return the ways of people: read now (1 query), or as read before within `briefly` or `steady`."""
    kept = _kept.get()
    wanted = frozenset(user_ids)
    if kept is None:
        return Reach(wanted)
    if not kept.for_ever:
        kept.holds(at)
    if kept.reach is None or not wanted <= kept.people:
        kept.people = wanted | (kept.people if len(kept.people) < MANY else frozenset())
        kept.reach = Reach(kept.people)
    return kept.reach


@contextmanager
def briefly() -> Iterator[None]:
    """Keep what is read for at most a second, while one driver drains what is due. Nothing outlives the block."""
    if _kept.get() is not None:
        yield
        return
    token = _kept.set(Kept())
    try:
        yield
    finally:
        _kept.reset(token)


@contextmanager
def steady() -> Iterator[None]:
    """Read who is on call once for all instants. Without effect where rosters or absences have their hours."""
    hours = RosterSlot.objects.exists() or Absence.objects.exists()
    token = _kept.set(None if hours else Kept(for_ever=True))
    try:
        yield
    finally:
        _kept.reset(token)


def _until(at: datetime) -> datetime:
    """Return until when what is read at `at` may be used: at most a second, within the minute (weekends and opening
    hours turn on whole minutes), and not at all where somebody's turn or absence begins or ends before that."""
    minute = at.replace(second=0, microsecond=0) + timedelta(minutes=1)
    end = min(at + SECOND, minute)
    with connection.cursor() as cursor:
        cursor.execute(_CHANGES, {"at": at, "end": end})
        return at if cursor.fetchone()[0] else end
