"""Shifts, their managers' rosters, and sheets by their commands."""

from datetime import datetime, time, timedelta

from accounts.models import User
from escalation.commands.handover_draft import open_handover
from escalation.commands.handover_notes import mark_spoken
from escalation.models import Handover, Shift
from tests.factories.rosters import DAY, duty_roster, week_layer

EVERY_DAY = "0123456"


def shift(name: str, starts: str, ends: str, zone: str = "UTC", **fields) -> Shift:
    """One shift of every day, unless `weekdays` says otherwise."""
    return Shift.objects.create(
        name=name, time_zone=zone, starts=time.fromisoformat(starts), ends=time.fromisoformat(ends), **fields
    )


def manned(cast, at: datetime, *shifts: tuple[Shift, User]):
    """The duty managers' roster with one layer for each shift, its person on in its hours."""
    roster = duty_roster(cast, at - 9 * DAY, *(user for _shift, user in shifts))
    for one, user in shifts:
        hours = {"from": f"{one.starts:%H:%M}", "to": f"{one.ends:%H:%M}"}
        windows = [{"weekday": int(day), **hours} for day in one.weekdays]
        facts = {"name": one.name, "time_zone": one.time_zone, "windows": windows, "accept_gap": True}
        week_layer(roster, cast, at - 9 * DAY, user, **facts)
    return roster


def two_shifts(cast, at: datetime) -> tuple[Shift, Shift]:
    """Mo manages the day (06:00 to 14:30), Cy the evening (14:00 to 22:00): half an hour of overlap, in UTC."""
    day, evening = shift("Day", "06:00", "14:30"), shift("Evening", "14:00", "22:00")
    manned(cast, at, (day, cast.mo), (evening, cast.cy))
    return day, evening


def sheet(cast, into: Shift, starts_at: datetime, at: datetime) -> Handover:
    """The sheet handed to `into`, drafted by Cy."""
    return open_handover(shift_id=into.pk, starts_at=starts_at, actor=cast.cy_actor, at=at)


def gone_through(handover: Handover, actor, at: datetime) -> int:
    """Every line of it spoken through; how many were."""
    return mark_spoken(handover_id=handover.pk, actor=actor, at=at)


MINUTE = timedelta(minutes=1)
