"""A roster of one customer, with a layer, an override and a swap that is asked."""

from datetime import date, datetime, time, timedelta

from accounts.models import Organisation, User
from escalation.models import Roster, RosterLayer, RosterOverride, RosterSwap
from escalation.rosters.fill import fill

DAY = timedelta(days=1)


def plant_roster(organisation: Organisation, asker: User, other: User, name: str, at: datetime) -> dict[str, str]:
    """Return the public ids of what was made: roster, override, swap."""
    scope = f"customer:{organisation.pk}"
    roster = Roster.objects.create(name=name, role="account_manager", scope=scope, created_at=at)
    RosterLayer.objects.create(
        roster=roster, name="Weeks", time_zone="UTC", handoff=time(0), starts_on=date(2026, 1, 5),
        members=[asker.pk, other.pk], from_at=at,
    )  # fmt: skip
    hours = {"from_at": at + DAY, "to_at": at + 2 * DAY}
    override = RosterOverride.objects.create(roster=roster, user=other, made_at=at, **hours)
    swap = RosterSwap.objects.create(roster=roster, asker=asker, other=other, asked_at=at, **hours)
    fill(roster, at)
    return {"roster": str(roster.uuid), "override": str(override.uuid), "swap": str(swap.uuid)}
