"""Shapes of what a customer sends. Each form knows its address part; the command's refusal lands in it."""

import secrets
from typing import Any

from django import forms
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from catalogue.models import Service, Site
from ledger.actor import Actor
from servicedesk.portal import words
from servicedesk.web.forms import CommandForm, FilesField

PICKED = _("%(most)s files at most, 25 MB each.")


def fresh_key() -> str:
    """Return a key for one submission; made on the server, so that it is there without script."""
    return secrets.token_urlsafe(18)


class ByUuid(forms.ModelChoiceField):
    """A choice among visible rows by public id; anything else is one sentence, never a parser's."""

    default_error_messages = {"invalid_choice": _("Choose from the list.")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(to_field_name="uuid", required=False, **kwargs)

    def to_python(self, value: Any) -> Any:
        """Return the row, None for nothing chosen."""
        try:
            return super().to_python(value)
        except forms.ValidationError:
            raise forms.ValidationError(self.error_messages["invalid_choice"], code="invalid_choice") from None


class PortalForm(CommandForm):
    """A form of a portal page: own ids by slug, a key of its own."""

    slug = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", f"{self.slug}-%s")
        kwargs.setdefault("initial", {}).setdefault("once", fresh_key())
        super().__init__(*args, **kwargs)


class ReplyForm(PortalForm):
    """Words and files for the team."""

    slug = "reply"
    body = forms.CharField(
        label=_("Write to us"),
        max_length=50_000,
        widget=forms.Textarea(attrs={"rows": 3, "placeholder": _("Write to the team working on this")}),
        error_messages={"required": _("Write something first.")},
    )
    attachments = FilesField(label=_("Attach files"), small=True)


class ConsentForm(PortalForm):
    """Yes or no to a pause. `suspension` is the one that was shown, so that no other is answered."""

    slug = "consent"
    suspension = forms.UUIDField(widget=forms.HiddenInput)
    given = forms.ChoiceField(choices=(("yes", _("Consent to the pause")), ("no", _("No, keep working"))))


class ConfirmForm(PortalForm):
    """It is solved."""

    slug = "confirm"


class DisputeForm(PortalForm):
    """It is not solved, and what still happens."""

    slug = "dispute"
    reason = forms.CharField(
        label=_("What still happens"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 2, "placeholder": _("For example: calls after 18:00 still ring")}),
        error_messages={"required": _("Say what still happens.")},
    )


class EscalateForm(PortalForm):
    """Why management is needed (A-06)."""

    slug = "escalate"
    reason = forms.CharField(
        label=_("Why it needs management now"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say why it needs management now.")},
    )


class WithdrawForm(PortalForm):
    """It is no longer needed, and why."""

    slug = "withdraw"
    reason = forms.CharField(
        label=_("Why it is no longer needed"), max_length=4000, widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Say why it is no longer needed.")},
    )  # fmt: skip


class StepForm(PortalForm):
    """An own step of the plan is done."""

    slug = "step"
    item = forms.UUIDField(widget=forms.HiddenInput)
    evidence = forms.CharField(
        label=_("What was done"), max_length=2000, error_messages={"required": _("Say what was done.")}
    )


class RateForm(PortalForm):
    """How well we did (C-05, C-12)."""

    slug = "rate"
    SCALE = [(str(n), str(n)) for n in range(1, 6)]
    rating = forms.ChoiceField(
        label=_("How satisfied are you?"), choices=SCALE, widget=forms.RadioSelect,
        error_messages={"required": _("Choose from 1 to 5.")},
    )  # fmt: skip
    response_rating = forms.ChoiceField(
        label=_("How was our response time?"), choices=SCALE, widget=forms.RadioSelect, required=False
    )
    comment = forms.CharField(
        label=_("Comment"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


class RaiseForm(PortalForm):
    """A new ticket: kind, service, site, the statement of five fields, urgency, number, files."""

    slug = "raise"
    kind = forms.ChoiceField(label=_("What is it"), choices=words.KINDS, widget=forms.RadioSelect, initial="fault")
    service = ByUuid(queryset=Service.objects.none(), label=_("Service"), empty_label=_("Not sure, or none of these"))
    site = ByUuid(queryset=Site.objects.none(), label=_("Site"), empty_label=_("No site"))
    what = forms.CharField(
        label=_("What happens"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say what happens.")},
    )  # fmt: skip
    since = forms.CharField(label=_("Since when"), max_length=200, required=False)
    changed = forms.CharField(label=_("What changed"), max_length=400, required=False)
    where = forms.CharField(label=_("Where exactly"), max_length=200, required=False)
    impact = forms.CharField(label=_("What does it stop you from doing"), max_length=4000, required=False)
    urgency = forms.ChoiceField(
        label=_("How urgent"), choices=words.URGENCIES, widget=forms.RadioSelect, initial="medium"
    )
    callback = forms.CharField(
        label=_("Call back on"), max_length=40, widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
        error_messages={"required": _("Give a number we can call you back on.")},
    )  # fmt: skip
    reference = forms.CharField(label=_("Your reference"), max_length=60, required=False)
    attachments = FilesField(label=_("Attach files or photos"))

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        visible = {"service": Service.objects.visible_to(actor), "site": Site.objects.visible_to(actor)}
        beside = {
            "hx-get": reverse("portal:raise-open"), "hx-target": "#similar", "hx-swap": "outerHTML",
            "hx-trigger": "change", "hx-include": "[name='service'], [name='site']",
        }  # fmt: skip
        for name, rows in visible.items():
            field: Any = self.fields[name]
            field.queryset = rows
            field.widget.attrs.update(beside)
        self.fields["attachments"].help_text = PICKED % {"most": settings.ATTACHMENT_MAX_FILES}
