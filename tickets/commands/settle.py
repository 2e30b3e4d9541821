"""Items done or skipped, promises kept or moved (C-04, C-10)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from ledger.actor import Actor
from ledger.errors import Refused
from tickets import lifecycle
from tickets.commands.base import ref, take, tell
from tickets.models import Commitment, Ticket, WorkItem
from tickets.text import require_reason, require_words


@transaction.atomic
def finish_work_item(*, work_item_id: int, actor: Actor, at: datetime, evidence: str = "") -> WorkItem:
    """Mark an item done; a mandatory one needs evidence in words. A customer finishes only its own.

    Raises Refused("unknown_item"), ("settled"), ("not_allowed"), ("placeholder").
    """
    item, ticket = _item(work_item_id, actor)
    if item.mandatory:
        evidence = require_words(evidence, "evidence")
    return _settle(item, ticket, WorkItem.State.DONE, evidence.strip(), "work_item.done", actor=actor, at=at)


@transaction.atomic
def skip_work_item(*, work_item_id: int, reason: str, actor: Actor, at: datetime) -> WorkItem:
    """Leave an item out, with a reason. Raises Refused("unknown_item"), ("settled"), ("no_reason")."""
    item, ticket = _item(work_item_id, actor)
    lifecycle.require(ticket, "plan", actor)
    reason = require_reason(reason)
    return _settle(item, ticket, WorkItem.State.SKIPPED, reason, "work_item.skipped", actor=actor, at=at)


@transaction.atomic
def extend_work_item(*, work_item_id: int, due_at: datetime, reason: str, actor: Actor, at: datetime) -> WorkItem:
    """Move the due time of a step, before it is due and with a reason; later it counts as overdue (C-10, C-30).

    Raises Refused("no_due") for a step without one, ("too_late") from its due time on, ("not_later"), ("no_reason").
    """
    item, ticket = _item(work_item_id, actor)
    lifecycle.require(ticket, "plan", actor)
    before = item.due_at
    if before is None:
        raise Refused("no_due", _("This step has no time to move. Add a step with one instead."), "due_at")
    if at >= before:
        raise Refused(
            "too_late", _("That step was due already; it counts as overdue. Finish it, or skip it."), "due_at"
        )
    if due_at <= before:
        raise Refused("not_later", _("Choose a time after the one agreed."), "due_at")
    item.due_at = due_at
    item.save(update_fields=["due_at"])
    texts = {"words": require_reason(reason)}
    facts = {"item": ref(item), "before": before, "due_at": due_at, "public": item.public}
    tell("work_item.extended", ticket, actor=actor, at=at, texts=texts, **facts)
    return item


@transaction.atomic
def keep_promise(*, commitment_id: int, actor: Actor, at: datetime) -> Commitment:
    """Mark a promise kept; past its time it is broken, and stays so. Raises Refused("settled")."""
    promise, ticket = _promise(commitment_id, actor)
    late = at > promise.due_at
    promise.state, promise.settled_at = "broken" if late else "kept", at
    promise.save()
    name = "commitment.broken" if late else "commitment.kept"
    tell(name, ticket, actor=actor, at=at, commitment=ref(promise), kind=promise.kind)
    return promise


@transaction.atomic
def move_promise(*, commitment_id: int, due_at: datetime, explanation: str, actor: Actor, at: datetime) -> Commitment:
    """Move a promise before it is due, with an explanation that goes to the customer (C-10); returns the new one.

    Raises Refused("too_late") from the due time on, ("not_later"), ("no_reason").
    """
    promise, ticket = _promise(commitment_id, actor)
    if at >= promise.due_at:
        message = _("That promise was due already; it counts as broken. Make a new one.")
        raise Refused("too_late", message, "due_at")
    if due_at <= promise.due_at:
        raise Refused("not_later", _("Choose a time after the one promised."), "due_at")
    explanation = require_reason(explanation, "explanation")
    later = Commitment.objects.create(
        ticket=ticket, kind=promise.kind, text=promise.text, due_at=due_at, made_by_id=actor.user_id, made_at=at
    )
    promise.state, promise.settled_at, promise.moved_to, promise.explanation = "moved", at, later, explanation
    promise.save()
    facts = {"commitment": ref(promise), "to": ref(later), "kind": promise.kind, "before": promise.due_at}
    tell("commitment.moved", ticket, actor=actor, at=at, texts={"explanation": explanation}, due_at=due_at, **facts)
    return later


def _item(work_item_id: int, actor: Actor) -> tuple[WorkItem, Ticket]:
    rows = WorkItem.objects.filter(pk=work_item_id, ticket__in=Ticket.objects.visible_to(actor))
    if actor.is_customer:
        rows = rows.filter(owner_contact_id=actor.contact_id)
    named = rows.values_list("ticket_id", flat=True).first()
    if named is None:
        raise Refused("unknown_item", _("We do not know that step of the plan. Look at the plan again."))
    ticket = take(named, actor)
    lifecycle.require(ticket, "finish_work_item", actor)
    item = WorkItem.objects.get(pk=work_item_id)
    if item.state != WorkItem.State.OPEN:
        raise Refused("settled", _("That step is settled already. Add a new one if more is to do."))
    if actor.is_staff and item.owner_user_id != actor.user_id and item.owner_team_id not in actor.team_ids:
        lifecycle.require(ticket, "plan", actor)
    return item, ticket


def _settle(
    item: WorkItem, ticket: Ticket, state: str, words: str, name: str, *, actor: Actor, at: datetime
) -> WorkItem:
    item.state, item.evidence, item.done_at = state, words, at
    item.save()
    tell(name, ticket, actor=actor, at=at, texts={"words": words}, item=ref(item), public=item.public)
    return item


def _promise(commitment_id: int, actor: Actor) -> tuple[Commitment, Ticket]:
    rows = Commitment.objects.filter(pk=commitment_id, ticket__in=Ticket.objects.visible_to(actor))
    named = rows.values_list("ticket_id", flat=True).first()
    if named is None:
        raise Refused("unknown_promise", _("We do not know that promise. Look at the ticket again."))
    ticket = take(named, actor)
    lifecycle.require(ticket, "promise", actor)
    promise = Commitment.objects.get(pk=commitment_id)
    if promise.state != Commitment.State.OPEN:
        raise Refused("settled", _("That promise is settled already. Make a new one."))
    return promise, ticket
