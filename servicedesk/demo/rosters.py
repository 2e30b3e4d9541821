"""Who is on call: duty managers by shift, seniors by week, written out for sixty days; one override (A-04)."""

from datetime import UTC, datetime, time, timedelta

from accounts.actors import actor_for
from accounts.models import Team, User
from escalation.commands.roster import override
from escalation.models import RosterSlot, Shift
from servicedesk.demo import people

PAST_DAYS, DAYS = 8, 60
WEEK = timedelta(days=7)


def make_rosters(users: dict[str, User], teams: dict[str, Team], at: datetime) -> None:
    """Write shifts and on-call slots from a week ago to sixty days ahead."""
    Shift.objects.bulk_create(
        Shift(name=name, time_zone=zone, starts=time(start % 24), ends=time(end % 24))
        for name, zone, start, end, _who in people.SHIFTS
    )
    midnight = datetime.combine(at.astimezone(UTC).date(), time.min, tzinfo=UTC)
    rows = [
        RosterSlot(
            role="duty_manager", user=users[who],
            during=(midnight + timedelta(days=day, hours=start), midnight + timedelta(days=day, hours=end)),
        )
        for day in range(-PAST_DAYS, DAYS)
        for _name, _zone, start, end, who in people.SHIFTS
    ]  # fmt: skip
    monday = midnight - timedelta(days=midnight.weekday()) - WEEK
    for team, seniors in people.ROTATIONS.items():
        for week in range(DAYS // 7 + 3):
            begins = monday + week * WEEK
            senior = users[seniors[week % len(seniors)]]
            rows.append(RosterSlot(role=f"team:{teams[team].uuid}", user=senior, during=(begins, begins + WEEK)))
    RosterSlot.objects.bulk_create(rows)


def swap_a_shift(users: dict[str, User], teams: dict[str, Team], at: datetime) -> None:
    """Put Lena on call for Data L2 tomorrow evening, as a supervisor would."""
    day = datetime.combine(at.astimezone(UTC).date() + timedelta(days=1), time(8), tzinfo=UTC)
    override(
        role=f"team:{teams['Data L2'].uuid}", user_id=users["Lena Vogt"].pk, from_at=day,
        to_at=day + timedelta(hours=2),
        reason="Omar is on leave that evening; Lena agreed", actor=actor_for(users["Karin Holt"]), at=at,
    )  # fmt: skip
