"""Which changes of shift come, and which sheets ought to be open (A-05)."""

from datetime import datetime, timedelta

from accounts.models import User
from escalation.models import Shift
from escalation.shifts.pattern import Change, changes, lanes
from escalation.shifts.people import Managers, named
from ledger.actor import SYSTEM, Actor

AHEAD = timedelta(minutes=60)
SOON = timedelta(days=4)
GRACE = timedelta(minutes=15)
INSTANT = timedelta(microseconds=1)


def known_shifts(actor: Actor = SYSTEM) -> list[Shift]:
    """Return the shifts an actor may know of, by name. 1 query."""
    return list(Shift.objects.visible_to(actor).select_related("team", "roster").order_by("name"))


def coming(begin: datetime, end: datetime, shifts: list[Shift] | None = None) -> list[Change]:
    """Return the changes of shift whose incoming one begins in [begin, end), by that instant. 1 query, or none."""
    some = known_shifts() if shifts is None else shifts
    found = [change for lane in lanes(some) for change in changes(lane, begin, end)]
    return sorted(found, key=lambda change: (change.incoming.begin, change.incoming.shift.name))


def change_near(shift_id: int, starts_at: datetime) -> Change | None:
    """Return the change in which that shift begins at that instant, None if there is none. 1 query."""
    here = coming(starts_at, starts_at + INSTANT)
    return next((change for change in here if change.incoming.shift.pk == shift_id), None)


def to_open(at: datetime) -> list[Change]:
    """Return the changes whose sheet ought to be open at `at`: an hour before the first of the two needs it, until
    15 minutes after the incoming shift began. 1 query."""
    return [change for change in coming(at - GRACE, at + SOON) if change.first - AHEAD <= at]


def people_of(change: Change, at: datetime) -> tuple[User | None, User | None]:
    """Return who manages the outgoing and the incoming shift. 2 queries, more where no roster says."""
    found = named(Managers(at), [change.outgoing, change.incoming])
    return found[change.outgoing], found[change.incoming]
