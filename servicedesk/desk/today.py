"""How an agent's day has gone so far, and when the shift ends."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, F, Q

from escalation.models import RosterSlot
from ledger.actor import Actor
from tickets.models import Commitment, Interaction

ANSWER_WITHIN = timedelta(seconds=20)


@dataclass(frozen=True, slots=True)
class Today:
    """Since midnight in the agent's zone. settled  promises kept or broken. solved  resolved within the call."""

    kept: int
    settled: int
    calls: int
    in_time: int
    solved: int


def today_of(actor: Actor, at: datetime) -> Today:
    """Return the figures of the actor's day. 2 queries."""
    zone = ZoneInfo(actor.time_zone)
    begin = at.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    calls = Interaction.objects.filter(agent_id=actor.user_id, started_at__gte=begin, channel="call", direction="in")
    called = calls.aggregate(
        calls=Count("pk", filter=Q(answered_at__isnull=False)),
        in_time=Count("pk", filter=Q(answered_at__lte=F("started_at") + ANSWER_WITHIN)),
        solved=Count("ticket", filter=Q(ticket__resolved_at__lte=F("ended_at")), distinct=True),
    )
    mine = Commitment.objects.filter(made_by_id=actor.user_id, settled_at__gte=begin, state__in=["kept", "broken"])
    promised = mine.aggregate(kept=Count("pk", filter=Q(state="kept")), settled=Count("pk"))
    return Today(**promised, **called)


def shift_end(actor: Actor, at: datetime) -> datetime | None:
    """Return when the turn the actor is on now ends, the latest of several; None for none. 1 query."""
    turns = RosterSlot.objects.filter(user_id=actor.user_id, during__contains=at).values_list("during", flat=True)
    ends = [turn.upper for turn in turns if turn.upper is not None]
    return max(ends, default=None)
