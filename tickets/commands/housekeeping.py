"""What time alone changes: pauses end, promises break, silence confirms. Each row in a transaction of its own."""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from ledger.actor import SYSTEM
from ledger.errors import Refused
from tickets.commands.base import ref, take, tell
from tickets.commands.resolve import confirm
from tickets.commands.resume import resume
from tickets.models import Commitment, Suspension, Ticket
from tickets.words import OPEN, State

logger = logging.getLogger(__name__)


def no_answer_days() -> int:
    """Return after how many days without an answer a solution counts as confirmed (configurable, 5)."""
    return getattr(settings, "TICKET_NO_ANSWER_DAYS", 5)


def resume_due(*, at: datetime, limit: int = 500) -> int:
    """End the pauses whose agreed time has come; return how many."""
    due = Suspension.objects.filter(state=Suspension.State.APPROVED, until__lte=at, ticket__state=State.SUSPENDED)
    rows = due.order_by("until").values_list("ticket_id", flat=True)[:limit]
    return _each(rows, lambda pk: resume(ticket_id=pk, automatic=True, actor=SYSTEM, at=at))


def break_overdue(*, at: datetime, limit: int = 500) -> int:
    """Mark open promises past their time as broken (C-04); return how many."""
    due = Commitment.objects.filter(state=Commitment.State.OPEN, due_at__lt=at, ticket__state__in=OPEN)
    rows = due.order_by("due_at").values_list("pk", flat=True)[:limit]
    return _each(rows, lambda pk: _break(pk, at))


def confirm_unanswered(*, at: datetime, limit: int = 500) -> int:
    """Confirm solutions nobody answered for some days (`no_answer_days`); return how many."""
    before = at - timedelta(days=no_answer_days())
    silent = Ticket.objects.filter(state=State.CLOSURE, resolved_at__lt=before)
    rows = silent.order_by("resolved_at").values_list("pk", flat=True)[:limit]
    return _each(rows, lambda pk: confirm(ticket_id=pk, how="no_answer", actor=SYSTEM, at=at))


# The names of the contract between the rooms.
break_overdue_promises = break_overdue
expire_closure = confirm_unanswered


@transaction.atomic
def _break(commitment_id: int, at: datetime) -> None:
    ticket = take(Commitment.objects.values_list("ticket_id", flat=True).get(pk=commitment_id), SYSTEM)
    promise = Commitment.objects.get(pk=commitment_id)
    if promise.state != Commitment.State.OPEN or promise.due_at >= at:
        return
    promise.state, promise.settled_at = Commitment.State.BROKEN, at
    promise.save()
    tell("commitment.broken", ticket, actor=SYSTEM, at=at, commitment=ref(promise), kind=promise.kind)


def _each(keys: Iterable[int], act: Callable[[int], object]) -> int:
    done = 0
    for key in list(keys):
        try:
            act(key)
        except Refused as refusal:  # somebody was quicker, or the gate is shut: it is looked at again next time
            logger.info("housekeeping: %s refused: %s", key, refusal.code)
            continue
        done += 1
    return done
