"""Who is on call: duty managers by shifts that follow the sun, seniors by week; an override, a swap, a gap (A-04)."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from accounts.actors import actor_for
from accounts.models import Team, User
from escalation.commands.absence import plan_absence
from escalation.commands.roster import override
from escalation.commands.roster_layer import set_layer
from escalation.commands.roster_plan import create_roster
from escalation.commands.roster_swap import accept_swap, ask_swap
from escalation.models import Roster, Shift
from escalation.rosters.nightly import fill_all
from servicedesk.demo import people

SINCE = timedelta(days=8)
WEEK = timedelta(days=7)
EVERY_DAY = range(7)
LEAD = "Karin Holt"


def make_rosters(users: dict[str, User], teams: dict[str, Team], at: datetime) -> None:
    """Begin the rosters eight days ago and write their turns out as of today."""
    Shift.objects.bulk_create(
        Shift(name=name, time_zone=zone, starts=time.fromisoformat(opens), ends=time.fromisoformat(closes))
        for name, zone, opens, closes, _who in people.SHIFTS
    )
    told = {"actor": actor_for(users[LEAD]), "at": at - SINCE}
    monday = (at - SINCE).date() - timedelta(days=(at - SINCE).weekday())
    duty = create_roster(
        name="Duty managers", role="duty_manager", time_zone="Australia/Melbourne", most_hours=60, least_rest=11, **told
    )
    usual = {"unit": "week", "length": 1, "starts_on": monday - WEEK}
    for name, zone, opens, closes, who in people.SHIFTS:
        windows = [{"weekday": day, "from": opens, "to": closes} for day in EVERY_DAY]
        set_layer(
            roster_id=duty.pk, name=name, members=[users[who].pk], handoff=time(0), time_zone=zone, windows=windows,
            **usual, **told,
        )  # fmt: skip
    for team, (zone, hour, seniors) in people.ROTATIONS.items():
        roster = create_roster(name=team, role=f"team:{teams[team].uuid}", time_zone=zone, **told)
        windows = _but_sunday_morning() if team == people.REST_OF_SUNDAY else []
        set_layer(
            roster_id=roster.pk, name="Week", members=[users[who].pk for who in seniors], handoff=time(hour),
            windows=windows, entitled_weekend=team == "Cloud L2", **usual, **told,
        )  # fmt: skip
    fill_all(at=at)


def swap_a_shift(users: dict[str, User], teams: dict[str, Team], at: datetime) -> None:
    """Put Li Na on call for Data L2 tomorrow evening, while Omar is away; let Voice L2 swap a Wednesday and Voice L3 be
    asked; Karin is on leave the week after."""
    day = datetime.combine(at.astimezone(UTC).date() + timedelta(days=1), time(8), tzinfo=UTC)
    override(
        role=f"team:{teams['Data L2'].uuid}", user_id=users["Li Na"].pk, from_at=day,
        to_at=day + timedelta(hours=2),
        reason="Omar is on leave that evening; Li Na agreed", actor=actor_for(users[LEAD]), at=at,
    )  # fmt: skip
    plan_absence(
        user_id=users["Omar Haddad"].pk, from_at=day, to_at=day + timedelta(hours=2), reason="School play",
        accept_turns=True, actor=actor_for(users["Omar Haddad"]), at=at,
    )  # fmt: skip
    plan_absence(
        user_id=users[LEAD].pk, from_at=day + WEEK, to_at=day + 2 * WEEK, reason="Annual leave", accept_turns=True,
        actor=actor_for(users[LEAD]), at=at,
    )  # fmt: skip
    for team, seniors in (("Voice L2", people.ROTATIONS["Voice L2"]), ("Voice L3", people.ROTATIONS["Voice L3"])):
        zone, hour, names = seniors
        _swap(users, Roster.objects.get(name=team), ZoneInfo(zone), hour, names, at, accept=team == "Voice L2")


def _swap(users, roster: Roster, zone: ZoneInfo, hour: int, names: tuple[str, ...], at: datetime, *, accept: bool):
    """One day of the week after next, asked by whoever has it."""
    monday = at.astimezone(zone).date() + timedelta(days=7 - at.astimezone(zone).weekday())
    begins = datetime.combine(monday + timedelta(days=2), time(hour), tzinfo=zone)
    slot = roster.slots.get(during__contains=begins)
    other = next(users[name] for name in names if users[name].pk != slot.user_id)
    swap = ask_swap(
        roster_id=roster.pk, other_id=other.pk, from_at=begins, to_at=begins + timedelta(days=1), reason="A wedding",
        actor=actor_for(slot.user), at=at,
    )  # fmt: skip
    if accept:
        accept_swap(swap_id=swap.pk, actor=actor_for(other), at=at)


def _but_sunday_morning() -> list[dict]:
    whole = [{"weekday": day, "from": "00:00", "to": "00:00"} for day in range(6)]
    return [*whole, {"weekday": 6, "from": "12:00", "to": "00:00"}]
