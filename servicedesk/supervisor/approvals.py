"""What the approvals page shows of each request, and why a reader may not decide it."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.translation import gettext as _

from escalation.board_filters import Filters
from ledger.actor import Actor
from servicedesk.supervisor.forms import DecisionForm
from tickets.commands.suspend import ROLE_OF
from tickets.models import Suspension, Ticket


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One request. `off` says why the reader cannot decide, "" if they can. `approve_off` why they can
    only decline. `left`: functions still to decide."""

    suspension: Suspension
    left: list[str]
    off: str
    approve_off: str
    form: DecisionForm | None


def count(actor: Actor, filters: Filters) -> int:
    """Return how many decisions wait on tickets that everybody of the reader's scope may see. 1 query."""
    tickets = Ticket.objects.visible_to(replace(actor, user_id=0)).filter(filters.tickets(), restricted=False)
    return Suspension.objects.filter(ticket__in=tickets, state="requested").count()


def waiting(actor: Actor, at: datetime, *, refused: tuple[int, DecisionForm] | None = None) -> list[Row]:
    """Return the open requests on tickets `actor` may see, the one that ends first on top. 2 queries."""
    rows = Suspension.objects.filter(ticket__in=Ticket.objects.visible_to(actor), state="requested")
    rows = rows.select_related("ticket__organisation", "requested_by", "consent_contact").order_by("until", "pk")
    return [_row(row, actor, refused) for row in rows.prefetch_related("approvals__person")]


def _row(suspension: Suspension, actor: Actor, refused: tuple[int, DecisionForm] | None) -> Row:
    decided = {approval.function for approval in suspension.approvals.all()}
    left = [function for function in suspension.needed if function not in decided]
    off = _off(suspension, actor, left)
    no_consent = "" if suspension.consent else _("The customer has not consented yet.")
    form: DecisionForm | None = None
    if not off:
        mine = [function for function in left if actor.has_role(ROLE_OF.get(function, ""))]
        form = DecisionForm(initial={"function": mine[0]}, auto_id=f"id_{suspension.uuid}_%s")
        known = dict(form.fields["function"].choices)
        form.fields["function"].choices = [(function, known.get(function, function)) for function in mine]
    if refused is not None and refused[0] == suspension.pk:
        form = refused[1]
    return Row(suspension=suspension, left=left, off=off, approve_off=no_consent, form=form)


def _off(suspension: Suspension, actor: Actor, left: list[str]) -> str:
    if suspension.requested_by_id == actor.user_id:
        return _("You asked for it yourself. Another approver must decide.")
    if any(approval.person_id == actor.user_id for approval in suspension.approvals.all()):
        return _("You have decided already. The other function must be decided by another person.")
    if not any(actor.has_role(ROLE_OF.get(function, "")) for function in left):
        return _("You are not an approver for what is left to decide.")
    return ""
