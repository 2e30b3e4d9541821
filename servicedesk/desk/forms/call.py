"""The one form of a call: all of it may be empty while it is typed; what is needed is checked by the act."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catalogue.models import Service
from servicedesk.desk.forms.base import OneKnown, SeveralKnown, choice, line, moment, text
from servicedesk.desk.forms.facts import TriageFields
from servicedesk.desk.forms.gate import REJECT_REASONS
from servicedesk.web.forms import CommandForm
from tickets.models import Interaction

METHODS = [("pin", _("PIN")), ("question", _("Security question")), ("code", _("One-time code")),
           ("callback", _("Call back"))]  # fmt: skip
LENGTHS = [("30", _("30 minutes")), ("60", _("1 hour")), ("90", _("1 hour 30"))]
SECRET = frozenset({"proof", "once"})


class CallForm(TriageFields, CommandForm):
    """Everything a call may fill, in the order a call goes. Secrets are never kept in the draft."""

    find = line(_("Find the caller"), required=False, help_text=_("Name, number, e-mail, account or service ID"))
    contact = forms.UUIDField(required=False, widget=forms.HiddenInput)
    caller_name = line(_("Client name"), required=False, limit=120)
    caller_organisation = line(_("Organisation"), required=False, limit=160)
    caller_email = forms.CharField(
        label=_("E-mail"), required=False, max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    caller_phone = forms.CharField(
        label=_("Phone"),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    )
    account_number = line(_("Account number"), required=False, limit=32)
    method = choice(_("Proof"), METHODS, required=False, radio=True)
    proof = forms.CharField(
        label=_("Answer"), required=False, max_length=160, strip=True,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    callback_number = forms.CharField(
        label=_("Call-back number"), required=False, max_length=20, help_text=_("International format"),
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    )  # fmt: skip
    callback_confirmed = forms.BooleanField(label=_("Read back and confirmed"), required=False)
    prospect = forms.BooleanField(label=_("Not a customer yet"), required=False)
    problem_what = text(_("What happens"), rows=2, required=False)
    problem_impact = text(_("Impact on their business"), rows=2, required=False)
    problem_since = line(_("Since when"), required=False)
    problem_where = line(_("Where"), required=False)
    problem_changed = line(_("What changed"), required=False, limit=400)
    service = OneKnown(
        label=_("Service"), queryset=Service.objects.none(), to_field_name="uuid", required=False,
        empty_label=_("None of their services"),
    )  # fmt: skip
    also = SeveralKnown(
        label=_("Also affected"), queryset=Service.objects.none(), to_field_name="uuid", required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    taken = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    infrastructure = text(_("Current infrastructure"), rows=2, required=False, limit=4000)
    objectives = text(_("Business objectives"), rows=2, required=False, limit=4000)
    requirements = text(_("Technical requirements"), rows=2, required=False, limit=4000)
    timeline = text(_("Timeline"), rows=2, required=False, limit=4000)
    consult_at = moment(_("Technical consultation"), required=False)
    consult_minutes = choice(_("Length"), LENGTHS, required=False)
    consult_place = line(_("Where"), required=False, help_text=_("Address, link, or by phone"))
    summary = text(_("Summary"), rows=2, required=False, limit=2000)
    disposition = choice(
        _("Disposition"), [d for d in Interaction.Disposition.choices if d[0] != "joined"], required=False
    )
    reject_reason = choice(_("Reason"), REJECT_REASONS, required=False)

    def __init__(self, *args: Any, services: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["service"].known = self.fields["also"].known = () if services is None else services
        self.fields["impact"].initial = self.fields["urgency"].initial = "medium"
        self.fields["method"].widget.choices = METHODS

    def typed(self) -> dict[str, Any]:
        """Return what to keep as the draft: as typed, without secrets, files and plumbing."""
        kept = [name for name in self.fields if name not in SECRET and name in self.data]
        many = [name for name in kept if name == "also"]
        return {name: self.data.get(name, "") for name in kept} | {name: self.data.getlist(name) for name in many}
