"""Pausing the clocks: request, consent, decision, end (C-22)."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import Contact
from servicedesk.desk.forms.base import TicketForm, choice, hidden_id, line, moment, one_of, text
from tickets import approving, words
from tickets.commands.suspend import decide_suspension, record_consent, request_suspension, resume, withdraw_suspension
from tickets.models import Suspension

YES_NO = [("yes", _("Yes")), ("no", _("No"))]
FUNCTIONS = list(approving.FUNCTIONS.items())


class OnSuspension(TicketForm):
    """A form about the one open suspension of its ticket."""

    item, on_ticket = "suspension", False
    suspension = hidden_id()

    def clean_suspension(self) -> Suspension | None:
        found = Suspension.objects.filter(ticket=self.ticket, uuid=self.cleaned_data["suspension"]).first()
        if found is None:
            self.add_error(None, _("This request is no longer there. Load the page again."))
        return found


class SuspendForm(TicketForm):
    slug, title, submit, icon = "suspend", _("Ask for a pause"), _("Ask the customer"), "player-pause"
    short = _("Suspend")
    step, said = "request_suspension", _("Asked. Clocks run until the customer consents and others approve.")
    lead = _("The customer must consent, then two other people approve. Nothing pauses before.")
    command = request_suspension

    reason_code = choice(_("Reason"), words.SuspensionReason.choices)
    reason = text(_("In words, as the customer reads it"), rows=2)
    until = moment(_("Until"))


class ConsentForm(OnSuspension):
    slug, title, submit, icon = "consent", _("Record the customer's answer"), _("Record answer"), "phone-check"
    short = _("Record answer")
    step, said = "record_consent", _("Answer recorded")
    command = record_consent

    given = choice(_("May we pause?"), YES_NO, radio=True)
    contact = one_of(_("Who answered"), Contact.objects.none())
    how = choice(_("How"), [("call", _("By phone")), ("email", _("By e-mail"))])

    def prepare(self) -> None:
        self.fields["contact"].queryset = Contact.objects.visible_to(self.actor).filter(
            organisation_id=self.ticket.organisation_id, active=True
        )

    def arguments(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {"suspension_id": data["suspension"].pk, "given": data["given"] == "yes",
                "contact_id": data["contact"].pk, "how": data["how"]}  # fmt: skip


class DecideForm(OnSuspension):
    slug, title, submit, icon = "decide", _("Approve or decline the pause"), _("Decide"), "signature"
    short = _("Decide")
    step, said = "decide_suspension", _("Decision recorded")
    command = decide_suspension

    function = choice(_("For"), FUNCTIONS)
    approved = choice(_("Decision"), [("yes", _("Approve")), ("no", _("Decline"))], radio=True)
    reason = line(_("Reason"), required=False)

    def arguments(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {"suspension_id": data["suspension"].pk, "function": data["function"],
                "approved": data["approved"] == "yes", "reason": data["reason"]}  # fmt: skip


class WithdrawForm(TicketForm):
    slug, title, submit, icon = "withdraw", _("Withdraw the request"), _("Withdraw"), "x"
    step, said = "withdraw_suspension", _("Withdrawn")
    command = withdraw_suspension


class ResumeForm(TicketForm):
    slug, title, submit, icon = "resume", _("Go on now"), _("Go on"), "player-play"
    step, said = "resume", _("Clocks go on")
    command = resume

    reason = line(_("Reason"))
