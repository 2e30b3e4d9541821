"""What a confirmation does: the duty is met, and with the last of the first three the second stage begins (X-04)."""

from datetime import datetime

from accounts.models import AccountTeamMember, User
from escalation.models import Duty, Escalation, Firing, Notification
from ledger.actor import Actor
from ledger.errors import Refused
from ledger.record import record

FIRST_THREE = frozenset({"account_manager", "director_support", "vp_customer_experience"})


def is_deputy(user_id: int | None, duty: Duty) -> bool:
    """Whether the user is named as deputy of the duty's person in that role, for the customer or company-wide."""
    if user_id is None or duty.person_id is None:
        return False
    named = AccountTeamMember.objects.filter(role=duty.role, user_id=duty.person_id, deputy_id=user_id)
    organisation_id = duty.escalation.ticket.organisation_id
    return any(pk in (None, organisation_id) for pk in named.values_list("organisation_id", flat=True))


def answers_for(user_id: int | None, duty: Duty) -> bool:
    """Whether the user may confirm: the person named, the deputy, or whoever was called in that person's place."""
    if user_id is None:
        return False
    if user_id == duty.person_id or is_deputy(user_id, duty):
        return True
    return Notification.objects.filter(duty=duty, user_id=user_id).exists()


def deputy_of(duty: Duty) -> User | None:
    """Return the active deputy of the duty's person, the customer's own before a company-wide one; None if none."""
    if duty.person_id is None:
        return None
    named = AccountTeamMember.objects.filter(
        role=duty.role, user_id=duty.person_id, deputy__is_active=True
    ).select_related("deputy")
    rows = [row for row in named if row.organisation_id in (None, duty.escalation.ticket.organisation_id)]
    rows.sort(key=lambda row: row.organisation_id is None)
    return rows[0].deputy if rows else None


def settle(duty: Duty, *, by: User, how: str, note: str, actor: Actor, at: datetime, **data: object) -> Duty:
    """Meet a locked duty by a named person's act and begin stage two if it was the last of the first three.

    Raises Refused("already_confirmed"). Facts: escalation.confirmed, then escalation.stage_two where it begins.
    """
    if duty.confirmed_at is not None:
        raise Refused("already_confirmed", "", at=duty.confirmed_at.isoformat())
    duty.confirmed_at, duty.confirmed_by, duty.how = at, by, how
    duty.save(update_fields=["confirmed_at", "confirmed_by", "how"])
    escalation = duty.escalation
    record(
        "escalation.confirmed",
        chain=escalation.ticket.chain,
        actor=actor,
        at=at,
        about=escalation,
        texts={"note": note.strip()},
        escalation=str(escalation.uuid),
        duty=str(duty.uuid),
        role=duty.role,
        stage=duty.stage,
        how=how,
        by=str(by.uuid),
        deputy=by.pk != duty.person_id,
        person=str(duty.person.uuid) if duty.person else None,
        **data,
    )
    if duty.role in FIRST_THREE:
        _begin_stage_two(escalation, actor, at)
    return duty


def _begin_stage_two(escalation: Escalation, actor: Actor, at: datetime) -> None:
    """Begin it when all three are confirmed, unless the ten minutes began it already (decisions 15)."""
    if escalation.stage >= 2 or not escalation.production:
        return
    confirmed = Duty.objects.filter(
        escalation=escalation, role__in=FIRST_THREE, stage=1, confirmed_at__isnull=False
    ).values_list("role", flat=True)
    if set(confirmed) != FIRST_THREE:
        return
    fired = Firing.objects.filter(
        clock__subject_kind="escalation", clock__subject_id=escalation.pk, rule_code="F-1D"
    ).exclude(outcome=Firing.Outcome.MOOT)
    begun = fired.values_list("due_at", flat=True).first()
    escalation.stage, escalation.stage_two_at = 2, begun or at
    escalation.save(update_fields=["stage", "stage_two_at"])
    if begun is None:
        record(
            "escalation.stage_two",
            chain=escalation.ticket.chain,
            actor=actor,
            at=at,
            about=escalation,
            escalation=str(escalation.uuid),
            why="confirmed",
        )
