"""Opening a ticket that came in without a verified caller, or refusing it (P-02)."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Verification
from servicedesk.desk.forms.base import TicketForm, choice, line
from tickets.commands.log import begin_verification, update_intake
from tickets.commands.verify import reject, verify, verify_prospect, verify_without_caller

REJECT_REASONS = [
    ("failed", _("The caller could not be verified")),
    ("locked", _("Verification is locked")),
    ("spam", _("Spam")),
    ("out_of_remit", _("Not ours to do")),
]


class BeginForm(TicketForm):
    slug, title, submit, icon = "begin", _("Begin verification"), _("Begin verification"), "shield"
    step, said = "begin_verification", _("Verify the caller now")
    command = begin_verification


class IntakeForm(TicketForm):
    slug, title, submit, icon = "intake", _("Complete the intake"), _("Save"), "pencil"
    step, said = "update_intake", _("Saved")
    command = update_intake

    caller_name = line(_("Client name"), limit=120)
    caller_organisation = line(_("Organisation"), limit=160)
    caller_email = forms.EmailField(label=_("E-mail"), max_length=254)
    caller_phone = line(_("Phone"), limit=20)
    problem_what = forms.CharField(label=_("What happens"), widget=forms.Textarea(attrs={"rows": 3}))

    def prepare(self) -> None:
        for name in self.fields:
            if hasattr(self.ticket, name) and name != "version":
                self.fields[name].initial = getattr(self.ticket, name)


class VerifyForm(TicketForm):
    slug, title, submit, icon = "verify", _("Open the ticket"), _("Open the ticket"), "shield-check"
    step, said = "verify", _("Verified. Triage comes next.")
    lead = _("The caller was verified in a call or by a proof. Read the call-back number back first.")
    command = verify

    verification = forms.ModelChoiceField(
        label=_("Verification"), queryset=Verification.objects.none(), to_field_name="uuid", empty_label=None
    )
    callback_number = line(_("Call-back number"), limit=20, help_text=_("International format"))
    callback_confirmed = forms.BooleanField(label=_("Read back and confirmed"), required=False)

    def prepare(self) -> None:
        passed = Verification.objects.filter(outcome="passed", contact__isnull=False)
        self.fields["verification"].queryset = (
            passed.filter(interaction__ticket=self.ticket) | passed.filter(ticket=self.ticket)
        ).select_related("contact")
        self.fields["verification"].label_from_instance = lambda row: f"{row.contact} · {row.get_proof_display()}"
        self.fields["callback_number"].initial = self.ticket.callback_number or self.ticket.caller_phone

    def arguments(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {"verification_id": data["verification"].pk, "callback_number": data["callback_number"],
                "callback_confirmed": data["callback_confirmed"]}  # fmt: skip


class ProspectForm(TicketForm):
    slug, title, submit, icon = "prospect", _("Go on as a prospect"), _("Go on as a prospect"), "user-question"
    step, said = "verify", _("Open as an inquiry without account data")
    lead = _("For somebody who is not a customer yet. The ticket never shows account data.")
    command = verify_prospect

    callback_number = line(_("Call-back number"), limit=20, help_text=_("International format"))
    callback_confirmed = forms.BooleanField(label=_("Read back and confirmed"), required=False)

    def prepare(self) -> None:
        self.fields["callback_number"].initial = self.ticket.callback_number or self.ticket.caller_phone


class WithoutCallerForm(TicketForm):
    slug, title, submit, icon = "no-caller", _("Nobody called"), _("Open the ticket"), "shield-check"
    step, said = "verify", _("Open. Triage comes next.")
    command = verify_without_caller

    method = choice(_("Why there is no caller"), [("internal", _("Work of ours")), ("monitoring", _("Monitoring"))])


class RejectForm(TicketForm):
    slug, title, submit, icon = "reject", _("Reject"), _("Reject"), "ban"
    step, danger, said = "reject", True, _("Rejected")
    lead = _("The ticket ends here and nothing is done for the caller.")
    command = reject

    reason = choice(_("Reason"), REJECT_REASONS)
