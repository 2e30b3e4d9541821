"""A ticket that becomes critical requests its escalation by itself, whatever hour or date (X-08)."""

from django.utils.translation import gettext as _

from escalation.commands.request import request_escalation
from escalation.models import Escalation
from ledger.actor import SYSTEM, Actor
from ledger.models import Entry
from tickets.models import Ticket


def on_critical(entry: Entry, *, about: Ticket, actor: Actor) -> None:
    """Reaction to ticket.became_critical, in that command's transaction; an open escalation is joined."""
    relation = Escalation.Relation.AGENT if actor.is_staff else Escalation.Relation.MONITORING
    request_escalation(
        ticket_id=about.pk,
        reason=_("The ticket became critical."),
        relation=relation,
        requester_name=actor.name,
        actor=SYSTEM,
        at=entry.at,
    )
