"""Who is here and what they carry: rosters of this moment, agents signed in, open tickets, calls (A-04)."""

from collections import defaultdict
from datetime import datetime

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import Count, Exists, OuterRef, Q

from accounts.models import RoleGrant, TeamMembership, User
from accounts.models.staff import Role
from escalation.board import role_name
from escalation.board_filters import Filters
from escalation.floor.shapes import OnShift
from escalation.floor.tickets import watched
from escalation.models import Break, RosterSlot
from ledger.actor import Actor
from ledger.clock import real_now
from tickets import words
from tickets.models import Interaction

MOST = 40


def people(actor: Actor, filters: Filters, at: datetime) -> list[OnShift]:
    """Return who is on call or signed in as an agent, those on a roster first, then the most loaded. 4 queries.

    Rosters of one customer stand on its own page only; the load counts what the reader's scope may see.
    """
    slots: dict[int, list[RosterSlot]] = defaultdict(list)
    for slot in _slots(actor, filters, at):
        slots[slot.user_id].append(slot)
    rows = User.objects.filter(Q(pk__in=slots) | Q(pk__in=_signed_in()), is_active=True)
    if filters.team:
        rows = rows.filter(pk__in=TeamMembership.objects.filter(team__uuid=filters.team).values("user"))
    rows = rows.annotate(resting=Exists(Break.objects.filter(user=OuterRef("pk"), to_at=None)))
    users = list(rows.order_by("name", "pk")[: 5 * MOST])
    owned = watched(actor, filters).filter(owner__in=[user.pk for user in users], state__in=words.WORKING)
    load = {row["owner_id"]: row["n"] for row in owned.order_by().values("owner_id").annotate(n=Count("pk"))}
    talking = _talking([user.pk for user in users])
    found = [_row(user, slots[user.pk], load.get(user.pk, 0), user.pk in talking) for user in users]
    return sorted(found, key=lambda one: (not one.roles, -one.load, one.name))[:MOST]


def _slots(actor: Actor, filters: Filters, at: datetime) -> list[RosterSlot]:
    rows = RosterSlot.objects.filter(during__contains=at).exclude(scope__startswith="customer:")
    wanted = [filters.region] if filters.region else sorted(actor.regions) if not actor.company_wide else []
    if wanted:
        rows = rows.filter(scope__in=["global", *(f"region:{name}" for name in wanted)])
    return list(rows.order_by("role", "during"))


def _signed_in():
    """Agents with a session that lives."""
    live = Session.objects.filter(expire_date__gt=real_now()).values("session_key")
    here = UserSession.objects.filter(session_key__in=live).values("user")
    return RoleGrant.objects.filter(role=Role.AGENT, user__in=here).values("user")


def _talking(users: list[int]) -> set[int]:
    live = Interaction.objects.filter(channel=words.Channel.CALL, answered_at__isnull=False, ended_at=None)
    return set(live.filter(agent__in=users).values_list("agent_id", flat=True))


def _row(user: User, slots: list[RosterSlot], load: int, talks: bool) -> OnShift:
    roles = dict.fromkeys(role_name(slot.role) for slot in slots if not slot.role.startswith("team:"))
    until = max((slot.during.upper for slot in slots), default=None)
    resting = getattr(user, "resting", False)
    state = "on_call" if talks else "break" if resting else "free" if user.available else "away"
    return OnShift(name=user.name, roles=", ".join(roles), until=until, load=load, state=state)
