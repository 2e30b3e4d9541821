"""Asking for a formal management escalation (X-03, A-06)."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import Contact
from escalation.commands.request import request_escalation
from escalation.if_requested import Called, if_requested
from escalation.models import Escalation
from servicedesk.desk.forms.base import TicketForm, choice, line, one_of, text


class EscalateForm(TicketForm):
    slug, title, submit, icon = "escalate", _("Escalate to management"), _("Escalate now"), "stairs-up"
    short = _("Escalate")
    key, additive, step, said = "e", True, "escalate", _("Escalated. Those named are being told.")
    lead = _("Asked for by a person, with a reason. It runs at any hour and ends with the solution.")
    beside = "desk/parts/if_requested.html"
    command = request_escalation

    relation = choice(_("Who asks"), Escalation.Relation.choices)
    contact = one_of(_("Person of the customer"), Contact.objects.none(), required=False, empty=_("–"))
    requester_name = line(_("or a name"), required=False, limit=120)
    reason = text(_("Reason, in their words"))

    def prepare(self) -> None:
        self.fields["contact"].queryset = Contact.objects.filter(organisation=self.ticket.organisation_id, active=True)

    @property
    def then(self) -> list[Called]:
        """What happens if it is requested now."""
        return if_requested(self.ticket, self.at)

    def arguments(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {"relation": data["relation"], "reason": data["reason"], "requester_name": data["requester_name"],
                "requester_contact_id": data["contact"].pk if data["contact"] else None}  # fmt: skip
