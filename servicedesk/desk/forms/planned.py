"""Shapes of what is sent about planned work; the rules are the commands' own."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from catalogue.models import Service
from ledger.actor import Actor
from servicedesk.web.forms import ConcurrentCommandForm
from servicedesk.web.zoned import MOMENT, ZonedForm
from tickets.commands.maintenance_plan import Plan
from tickets.models import Maintenance

LONG = {"rows": 3, "maxlength": 2000}
_APART = re.compile(r"[\s,;]+")


def _moment(label: Any) -> forms.DateTimeField:
    return forms.DateTimeField(label=label, widget=MOMENT)


def _long(label: Any, *, required: bool = True, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, widget=forms.Textarea(attrs=LONG), required=required, max_length=2000, **more)


class PlanForm(ZonedForm):
    """A draft: what, when, on which services."""

    zoned = ("starts_at", "ends_at")
    version = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)
    title = forms.CharField(label=_("What is planned"), max_length=160, help_text=_("Name no customer"))
    kind = forms.ChoiceField(label=_("Kind"), choices=Maintenance.Kind.choices)
    starts_at = _moment(_("From"))
    ends_at = _moment(_("To"))
    services = forms.CharField(
        label=_("Services worked on"),
        max_length=600,
        help_text=_("Service IDs; what runs over them is found by itself"),
    )
    down_minutes = forms.IntegerField(label=_("Down for up to, minutes"), min_value=0, max_value=2880, initial=0)
    international = forms.BooleanField(label=_("International circuits"), required=False)
    owner = forms.ModelChoiceField(label=_("Owner"), to_field_name="uuid", queryset=User.objects.none())
    words = _long(_("What customers read"), help_text=_("Name no customer"))
    way_back = _long(_("Way back"), required=False)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        customers = Organisation.objects.visible_to(actor).order_by("time_zone")
        zones = customers.values_list("time_zone", flat=True).distinct()
        super().__init__(*args, zones=list(zones), **kwargs)
        self.actor = actor
        self.fields["owner"].queryset = User.objects.filter(kind=User.Kind.STAFF, is_active=True).order_by("name")

    def clean_services(self) -> list[int]:
        """Return the keys of the services typed; says which one nobody knows."""
        typed = [part.upper() for part in _APART.split(self.cleaned_data["services"]) if part]
        known = dict(
            Service.objects.visible_to(self.actor).filter(service_id__in=typed).values_list("service_id", "pk")
        )
        missing = next((part for part in typed if part not in known), None)
        if missing is not None:
            raise forms.ValidationError(_("We do not know %(id)s. Check its ID."), params={"id": missing})
        return list(dict.fromkeys(known.values()))

    def plan(self) -> Plan:
        """Return what the commands take."""
        data = self.cleaned_data
        named = ("title", "kind", "starts_at", "ends_at", "words", "way_back", "down_minutes", "international")
        zone = data.get("zone") or self.fields["zone"].choices[0][0]
        said = {name: data[name] for name in named}
        return Plan(**said, time_zone=zone, service_ids=data["services"], owner_id=data["owner"].pk)


class RequestForm(ConcurrentCommandForm):
    """Ask for approval; the reasons are needed only where the window asks for them."""

    off_peak_reason = _long(_("Why it cannot be off-peak"), required=False)
    lead_reason = _long(_("Why customers are told late"), required=False)


class NoticeForm(ConcurrentCommandForm):
    """Tell the customers."""

    lead_reason = _long(_("Why customers are told late"), required=False)


class PlainForm(ConcurrentCommandForm):
    """Nothing to say."""


class ReasonForm(ConcurrentCommandForm):
    """Why."""

    reason = _long(_("Reason"))


class MoveForm(ReasonForm):
    """Another window, in the reader's time zone."""

    starts_at = _moment(_("From"))
    ends_at = _moment(_("To"))
    field_order = ("starts_at", "ends_at", "reason")


class ExtendForm(ReasonForm):
    """A later end, in the reader's time zone."""

    ends_at = _moment(_("To"))
    field_order = ("ends_at", "reason")


class FinishForm(ConcurrentCommandForm):
    """How it ended."""

    result = forms.ChoiceField(
        label=_("Result"), choices=[("done", _("Done")), ("failed", _("Failed, taken back"))], widget=forms.RadioSelect
    )
    outcome = _long(_("What customers read"), help_text=_("Name no customer"))


class AddForm(ReasonForm):
    """One more service."""

    service = forms.CharField(label=_("Service ID"), max_length=40)
    field_order = ("service", "reason")


class LeaveOutForm(ReasonForm):
    """One service that the work does not reach."""

    impact = forms.UUIDField(label=_("Service"), widget=forms.Select)
    field_order = ("impact", "reason")

    def __init__(self, *args: Any, choices: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["impact"].widget.choices = choices
