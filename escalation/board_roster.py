"""Who is on now, until when, and who follows; read for the on-call page (A-04)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from accounts.models import AccountTeamMember, Team, User
from accounts.models.staff import LadderRole, Role
from escalation.board import role_name
from escalation.models import RosterSlot
from escalation.oncall import OnCall, Scope, explain

AHEAD = timedelta(days=14)
COMPANY = (
    LadderRole.DIRECTOR_SUPPORT,
    LadderRole.VP_CX,
    LadderRole.CEO,
    LadderRole.CENTRE_DIRECTOR,
    LadderRole.DEPUTY_GM,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class OnCallRow:
    """One role in one place. `user` None = nobody; `until` None = no end on the roster; `why` how they were found."""

    role: str
    scope: str
    user: User | None
    why: str
    until: datetime | None
    then: RosterSlot | None


def roles(at: datetime) -> list[tuple[str, str]]:
    """Return every role that has a roster or a company-wide holder, and every team: (key, words). 3 queries."""
    rostered = set(RosterSlot.objects.filter(during__endswith__gt=at).values_list("role", flat=True).distinct())
    held = set(AccountTeamMember.objects.filter(organisation=None).values_list("role", flat=True))
    known = [Role.DUTY_MANAGER, Role.SUPERVISOR, *(role for role in COMPANY if role in held)]
    teams = {f"team:{team.uuid}": team.name for team in Team.objects.filter(active=True)}
    extra = sorted(role for role in rostered if role not in teams and role not in known)
    return [*((str(role), role_name(role)) for role in [*known, *extra]), *teams.items()]


def slots(at: datetime) -> list[RosterSlot]:
    """Return the roster of the next 14 days, by role and start. 1 query."""
    rows = RosterSlot.objects.filter(during__overlap=(at, at + AHEAD)).select_related("user")
    return sorted(rows, key=lambda slot: (slot.role, slot.scope, slot.during.lower, -slot.layer))


def on_call(at: datetime, known: Sequence[tuple[str, str]]) -> list[OnCallRow]:
    """Return who is on for each role, everywhere and in each region with a roster of its own. 5 queries."""
    coming = slots(at)
    desk = OnCall(at, [])
    rows = []
    for role, words in known:
        scopes = sorted({slot.scope for slot in coming if slot.role == role and slot.scope.startswith("region:")})
        mine = [slot for slot in coming if slot.role == role]
        if role.startswith("team:") and not mine:
            continue
        for scope in [*scopes, "global"]:
            if scope == "global" and scopes and not any(slot.scope == "global" for slot in mine):
                continue
            rows.append(_row(desk, role, words, scope, mine, at))
    return rows


def _row(desk: OnCall, role: str, words: str, scope: str, mine: Sequence[RosterSlot], at: datetime) -> OnCallRow:
    region = scope.partition(":")[2]
    found = desk.who(role, Scope(organisation_id=None, region=region))
    here = [slot for slot in mine if slot.scope in (scope, "global")]
    now = [s for s in here if s.during.lower <= at < s.during.upper and found.user and s.user_id == found.user.pk]
    until = min((slot.during.upper for slot in now), default=None)
    later = [slot for slot in here if slot.during.lower > at]
    then = min(later, key=lambda slot: (slot.during.lower, -slot.layer), default=None)
    return OnCallRow(role=words, scope=region, user=found.user, why=explain(found.why), until=until, then=then)
