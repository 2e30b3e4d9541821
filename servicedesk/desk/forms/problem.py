"""Shapes of what is sent about problems; the rules are the commands' own."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from servicedesk.web.forms import CommandForm, ConcurrentCommandForm
from tickets.models import ProblemTicket

LONG = {"rows": 3, "maxlength": 4000}


def _long(label: Any, *, required: bool = True, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, widget=forms.Textarea(attrs=LONG), required=required, max_length=4000, **more)


class OpenForm(CommandForm):
    """A problem opened by hand."""

    service = forms.CharField(label=_("Service ID"), max_length=40)
    title = forms.CharField(label=_("What fails again and again"), max_length=200)


class DescribeForm(ConcurrentCommandForm):
    """What is known of the cause."""

    root_cause = _long(_("Cause"), required=False)
    known_error = _long(_("Known error"), required=False, help_text=_("Agents see it on every ticket of the service"))
    workaround = _long(_("Workaround"), required=False)


class SolveForm(ConcurrentCommandForm):
    """The cause is gone."""

    solution = _long(_("What removed the cause"))
    tell_customers = forms.BooleanField(
        label=_("Write it to the customer, on open linked tickets, in its language"), required=False
    )


class TicketForm(ConcurrentCommandForm):
    """One ticket by its number."""

    ticket = forms.CharField(label=_("Ticket number"), max_length=16)


class UnlinkForm(TicketForm):
    """One ticket that has another cause."""

    reason = _long(_("Reason"))


class HelpedForm(TicketForm):
    """Whether the workaround helped."""

    helped = forms.ChoiceField(
        label=_("The workaround"), choices=[c for c in ProblemTicket.Held.choices if c[0]], widget=forms.RadioSelect
    )


class OwnerForm(ConcurrentCommandForm):
    """Who looks for the cause."""

    owner = forms.ModelChoiceField(label=_("Owner"), to_field_name="uuid", queryset=User.objects.none())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = User.objects.filter(kind=User.Kind.STAFF, is_active=True).order_by("name")


class PlainForm(ConcurrentCommandForm):
    """Nothing to say."""
