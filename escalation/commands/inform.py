"""Inform now: news to everyone told so far, or a person of a later rung before the ladder gets there (X-07)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from escalation.commands.locked import locked_escalation, require_manager
from escalation.models import Clock, Duty, Escalation, Notification, Timer
from escalation.oncall import Recipient, who
from escalation.pages import COMPUTED, SECOND, STAGES
from escalation.reach import Reach
from ledger.actor import Actor
from ledger.clock import real_now
from ledger.errors import Refused
from ledger.ids import uuid7
from ledger.record import record
from tickets.commands.note import add_progress
from tickets.models import Note


@transaction.atomic
def inform_told(*, escalation_id: int, text: str, public: bool, actor: Actor, at: datetime) -> Note:
    """Write how it stands as progress: everyone told of the escalation so far reads it at once, in writing (X-07).

    public  the customer reads it too, and gets it by mail (X-06).

    Raises Refused: unknown_escalation, closed, not_verified, not_manager, no_text, too_long, placeholder.
    """
    escalation = locked_escalation(escalation_id, actor)
    require_manager(actor, escalation)
    return add_progress(ticket_id=escalation.ticket_id, body=text, public=public, actor=actor, at=at)


@transaction.atomic
def inform_ahead(*, escalation_id: int, role: str, actor: Actor, at: datetime) -> Duty:
    """Call the role of a rung that is still to come now, by the first way of the person. The rung itself stays, and
    tells how it stands at its time (X-07).

    Raises Refused: unknown_escalation, closed, not_manager, unknown_role for one that no rung ahead calls or that was
    called already, nobody_found.
    """
    escalation = locked_escalation(escalation_id, actor, gate=False)
    require_manager(actor, escalation)
    stage = ahead(escalation).get(role)
    if stage is None:
        raise Refused("unknown_role", _("No step ahead calls this role, or it was called already."), field="role")
    ticket = escalation.ticket
    region = ticket.organisation.region if ticket.organisation else ""
    found = who(role, at=at, organisation_id=ticket.organisation_id, region=region, ticket=ticket)
    if found.user is None:
        raise Refused("nobody_found", _("Nobody holds this role now. Call the duty manager."), field="role")
    duty = Duty.objects.create(
        escalation=escalation, stage=stage, role=role, person=found.user, why=found.why, told_at=at
    )
    _page(duty, found, at)
    record(
        "escalation.informed_ahead", chain=ticket.chain, actor=actor, at=at, about=escalation,
        escalation=str(escalation.uuid), duty=str(duty.uuid), role=role, person=str(found.user.uuid),
    )  # fmt: skip
    return duty


def ahead(escalation: Escalation) -> dict[str, int]:
    """Return the roles that armed rungs call and that nobody was called for yet: role → stage. 2 queries."""
    running = {"subject_kind": "escalation", "subject_id": escalation.pk, "state": Clock.State.RUNNING}
    clocks = Clock.objects.filter(**running)
    timers = Timer.objects.filter(clock__in=clocks, state=Timer.State.ARMED).select_related("rule")
    called = set(Duty.objects.filter(escalation=escalation).values_list("role", flat=True))
    return {
        role: STAGES.get(timer.rule_code, 1)
        for timer in timers.order_by("due_at", "pk")
        for role in timer.rule.targets
        if role not in COMPUTED and SECOND not in role and role not in called
    }


def _page(duty: Duty, found: Recipient, at: datetime) -> None:
    user = found.user
    assert user is not None
    shared = {
        "escalation": duty.escalation, "ticket": duty.escalation.ticket, "duty": duty, "role": duty.role, "user": user,
        "why": found.why, "kind": "page", "severity": 1, "created_at": at, "next_at": real_now(),
    }  # fmt: skip
    Notification.objects.bulk_create(
        Notification(**shared, channel=channel, idem_key=uuid7())
        for channel in Reach([user.pk]).channels(user.pk, occurrence=1, severity=1)
    )
