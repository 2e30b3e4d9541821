"""Shapes → `RosterSlot` rows, sixty days ahead. What began before stays as it was; equal rows are left alone."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils.translation import gettext_lazy as _

from escalation.models import Roster, RosterSlot
from escalation.rosters.read import plan_of
from escalation.rosters.schedule import turns
from ledger.errors import Refused

AHEAD = timedelta(days=60)
Key = tuple[int, int, int, bool, datetime, datetime]


def horizon(at: datetime) -> datetime:
    """Return until when turns are written out at `at`: a midnight (UTC), sixty days ahead and a little more."""
    return (at + AHEAD + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)


@transaction.atomic
def fill(roster: Roster, at: datetime) -> int:
    """Make the rows of `roster` from `at` on what its layers and overrides say; return how many were written.

    Rows that ended before `at` are never touched, one that runs at `at` is cut there only if it is no longer true.
    Raises Refused("overlap") where turns entered by hand stand in the way. The caller locked the roster.
    """
    until = horizon(at)
    wanted = {_key(turn) for turn in turns(plan_of(roster), at, until)}
    rows = RosterSlot.objects.filter(roster=roster, during__endswith__gt=at)
    gone: list[int] = []
    cut: list[RosterSlot] = []
    for row in rows:
        key = (row.layer, row.slot, row.user_id, row.entitled, max(row.during.lower, at), row.during.upper)
        if key in wanted:
            wanted.discard(key)
        elif row.during.lower >= at:
            gone.append(row.pk)
        else:
            row.during = DateTimeTZRange(row.during.lower, at)
            cut.append(row)
    _write(roster, gone, cut, wanted)
    roster.filled_until = until
    roster.save(update_fields=["filled_until"])
    return len(wanted)


def _write(roster: Roster, gone: list[int], cut: list[RosterSlot], wanted: set[Key]) -> None:
    RosterSlot.objects.filter(pk__in=gone).delete()
    RosterSlot.objects.bulk_update(cut, ["during"])
    made = [
        RosterSlot(
            roster=roster, role=roster.role, scope=roster.scope, layer=rank, slot=slot, user_id=user,
            entitled=entitled, during=DateTimeTZRange(begin, end),
        )
        for rank, slot, user, entitled, begin, end in sorted(wanted)
    ]  # fmt: skip
    try:
        with transaction.atomic():
            RosterSlot.objects.bulk_create(made)
    except IntegrityError as error:
        if "roster_no_overlap" not in str(error):
            raise
        raise Refused("overlap", _("Turns entered by hand cover part of these hours. Remove them first."))


def _key(turn) -> Key:
    return turn.rank, turn.slot, turn.user_id, turn.entitled, turn.from_at, turn.to_at
