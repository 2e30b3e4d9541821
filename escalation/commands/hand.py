"""Hand a contact duty to the deputy by the one-tap link: the deputy is told and confirms in the own name."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from escalation.commands.confirm import holder, spend, take_link
from escalation.commands.stages import deputy_of
from escalation.models import Duty, Notification
from ledger.clock import real_now
from ledger.errors import Refused
from ledger.ids import uuid7
from ledger.record import record


@transaction.atomic
def hand_to_deputy(*, token: str, ip: str | None, user_agent: str, at: datetime) -> tuple[Duty, str]:
    """Send the duty on to the deputy and spend the link. The duty stays unconfirmed until the deputy confirms.

    Returns (duty, deputy's name). Raises Refused as `confirm_by_link` does, and "no_deputy" (the link stays good).
    """
    link = take_link(token, at)
    duty = link.duty
    deputy = deputy_of(duty)
    if deputy is None or deputy.pk == link.person_id:
        raise Refused("no_deputy", _("No deputy is named for you. Confirm yourself, or call the duty manager."))
    escalation = duty.escalation
    Notification.objects.create(
        escalation=escalation, ticket=escalation.ticket, duty=duty, role=duty.role, user=deputy, idem_key=uuid7(),
        why="handed", channel=Notification.Channel.EMAIL, kind="page", severity=1,
        created_at=at, next_at=real_now(),
    )  # fmt: skip
    record(
        "escalation.handed",
        chain=escalation.ticket.chain,
        actor=holder(link),
        at=at,
        about=escalation,
        escalation=str(escalation.uuid),
        duty=str(duty.uuid),
        role=duty.role,
        to=str(deputy.uuid),
    )
    spend(link, ip, user_agent, at)
    return duty, deputy.name
