"""Shapes of what is sent about our people."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from servicedesk.web.forms import CommandForm


class LeavingForm(CommandForm):
    """Who takes over what a leaver holds, and why they leave."""

    successor = forms.ModelChoiceField(
        label=_("Who takes over"), to_field_name="uuid", queryset=User.objects.none(), required=False
    )
    reason = forms.CharField(label=_("Reason"), max_length=200)

    def __init__(self, *args: Any, leaver: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        staff = User.objects.filter(kind=User.Kind.STAFF, is_active=True).exclude(pk=leaver.pk)
        self.fields["successor"].queryset = staff.order_by("name")
