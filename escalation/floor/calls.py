"""The telephone of the floor: what rings, how calls were answered today (C-07), what nobody finished (P-01)."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import (
    Avg,
    Count,
    DurationField,
    ExpressionWrapper,
    F,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce
from django.utils import timezone

from escalation.board_filters import Filters
from escalation.floor.shapes import MOST, SHOWN, Call, Calls
from escalation.models import Timer
from ledger.actor import Actor
from tickets.models import Interaction
from tickets.words import Channel

TARGET = timedelta(seconds=20)


def calls(actor: Actor, filters: Filters, at: datetime) -> Calls:
    """Return the calls the reader's scope may learn of. 2 queries."""
    mine = Interaction.objects.visible_to(actor).filter(filters.calls())
    mine = mine.filter(Q(ticket=None) | Q(ticket__restricted=False))
    open_ones = list(_open(mine).select_related("agent").order_by("started_at", "pk")[: 2 * MOST])
    ringing = [call for call in open_ones if call.ended_at is None]
    left = [call for call in open_ones if call.ended_at is not None]
    shown = [
        Call(queue=c.called_queue, agent=c.agent.name if c.agent else "", at=c.ended_at or at) for c in left[:SHOWN]
    ]
    return Calls(
        waiting=len(ringing),
        longest=max(at - ringing[0].started_at, timedelta()) if ringing else timedelta(),
        unfinished=shown, unfinished_count=len(left), **_today(mine, at),
    )  # fmt: skip


def _open(mine: QuerySet[Interaction]) -> QuerySet[Interaction]:
    """What rings, and what ended without ticket and outcome: one partial index holds both."""
    rings = Q(channel=Channel.CALL, direction=Interaction.Direction.IN, answered_at=None, ended_at=None, agent=None)
    return mine.filter(rings | Q(ended_at__isnull=False), ticket=None, disposition="")


def _today(mine: QuerySet[Interaction], at: datetime) -> dict[str, Any]:
    midnight = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    rows = mine.filter(channel=Channel.CALL, direction=Interaction.Direction.IN)
    rows = rows.filter(started_at__gte=midnight, started_at__lte=at)
    promised = Timer.objects.filter(
        clock__subject_kind="interaction", clock__subject_id=OuterRef("pk"), rule__stop_on__contains=["answered"]
    ).order_by("pk")
    length = ExpressionWrapper(F("at_us") * Value(timedelta(microseconds=1)), DurationField())
    target = Coalesce(Subquery(promised.annotate(length=length).values("length")[:1]), Value(TARGET))
    waited = ExpressionWrapper(F("answered_at") - F("started_at"), DurationField())
    seen = rows.annotate(target=target, waited=waited).aggregate(
        n=Count("pk"), good=Count("pk", filter=Q(waited__lte=F("target"))),
        average=Avg("waited"), slowest=Max("waited"),
        lost=Count("pk", filter=Q(answered_at=None, ended_at__isnull=False)),
    )  # fmt: skip
    in_time = round(100 * seen["good"] / seen["n"]) if seen["n"] else None
    return {"in_time": in_time, "average": seen["average"], "slowest": seen["slowest"], "lost": seen["lost"]}
