"""Whether a queue is busy: the wait a ringing call is promised then is longer (C-07)."""

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session

from accounts.models import RoleGrant, TeamMembership, User
from ledger.clock import real_now
from tickets.models import Interaction
from tickets.words import Channel


def signed_in_agents(queue: str) -> set[int]:
    """Return the agents with a live session who are available: of the team the queue is named after, else all."""
    live = Session.objects.filter(expire_date__gt=real_now()).values("session_key")
    here = UserSession.objects.filter(session_key__in=live).values("user")
    agents = User.objects.filter(is_active=True, available=True, pk__in=here)
    signed_in = set(
        agents.filter(pk__in=RoleGrant.objects.filter(role="agent").values("user")).values_list("pk", flat=True)
    )
    members = set(TeamMembership.objects.filter(team__name=queue).values_list("user_id", flat=True)) if queue else set()
    return signed_in & members if members else signed_in


def is_busy(queue: str) -> bool:
    """Whether every signed-in agent of the queue is on a call; no agent signed in is not busy. 3 queries."""
    agents = signed_in_agents(queue)
    if not agents:
        return False
    calls = Interaction.objects.filter(channel=Channel.CALL, answered_at__isnull=False, ended_at=None, agent__in=agents)
    return agents <= set(calls.values_list("agent_id", flat=True))
