"""What every command on a formal escalation begins with: the rows it may change, locked in the house's order."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from escalation.models import Duty, Escalation
from ledger.actor import Actor
from ledger.errors import Refused
from tickets.lifecycle import require_verified
from tickets.models import Ticket

MANAGERS = ("duty_manager", "supervisor")


def locked_escalation(escalation_id: int, actor: Actor, *, gate: bool = True) -> Escalation:
    """Return the open escalation with its ticket, both locked, ticket first.

    gate  False for what only documents (a confirmation): it may be recorded whatever caller is on the line (P-02).

    Raises Refused "unknown_escalation" (absent or not the actor's), "closed", and "not_verified" through the gate.
    """
    found = Escalation.objects.visible_to(actor).filter(pk=escalation_id).values_list("ticket_id", flat=True).first()
    if found is None:
        raise Refused("unknown_escalation", _("There is no such escalation."))
    return _locked(escalation_id, found, actor, gate=gate)


def locked_duty(duty_id: int, actor: Actor) -> Duty:
    """Return one duty of an open escalation, ticket, escalation and duty locked in that order.

    A person named by the duty, or called in that place, reaches it whatever tickets they may otherwise see.
    Raises Refused "unknown_duty" and "closed".
    """
    mine = Q(person_id=actor.user_id) | Q(notifications__user_id=actor.user_id) if actor.user_id else Q(pk=None)
    reachable = Duty.objects.filter(mine | Q(escalation__in=Escalation.objects.visible_to(actor)))
    found = reachable.filter(pk=duty_id).values_list("escalation_id", "escalation__ticket_id").first()
    if found is None:
        raise Refused("unknown_duty", _("There is no such contact duty."))
    return duty_under_lock(duty_id, *found)


def duty_under_lock(duty_id: int, escalation_id: int, ticket_id: int) -> Duty:
    """Lock ticket, escalation and duty, and return the duty. Raises Refused("closed") once the escalation is over."""
    escalation = _locked(escalation_id, ticket_id, None, gate=False)
    duty = Duty.objects.select_for_update(no_key=True, of=("self",)).select_related("person").get(pk=duty_id)
    duty.escalation = escalation
    return duty


def _locked(escalation_id: int, ticket_id: int, actor: Actor | None, *, gate: bool) -> Escalation:
    ticket = (
        Ticket.objects.select_for_update(no_key=True, of=("self",)).select_related("organisation").get(pk=ticket_id)
    )
    escalation = Escalation.objects.select_for_update(no_key=True, of=("self",)).get(pk=escalation_id)
    escalation.ticket = ticket
    if escalation.closed_at is not None:
        raise Refused("closed", _("This escalation is closed. Nothing more can be recorded on it."))
    if gate and actor is not None:
        require_verified(ticket, actor)
    return escalation


def require_manager(actor: Actor, escalation: Escalation) -> None:
    """Raise Refused("not_manager") unless a duty manager or supervisor acts, or the one in charge (A-07)."""
    if actor.is_staff and (actor.has_role(*MANAGERS) or actor.user_id == escalation.duty_manager_id):
        return
    raise Refused("not_manager", _("A duty manager or supervisor records this. Ask the one on duty."))
