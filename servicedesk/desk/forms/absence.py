"""When a member of staff is away."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from servicedesk.web.zoned import MOMENT, ZonedForm


class AbsenceForm(ZonedForm):
    """From when until when, and why. Leads choose the person; everybody else enters their own."""

    user = forms.ModelChoiceField(label=_("Who"), to_field_name="uuid", queryset=User.objects.none())
    from_at = forms.DateTimeField(label=_("From"), widget=MOMENT)
    to_at = forms.DateTimeField(label=_("To"), widget=MOMENT)
    reason = forms.CharField(
        label=_("Reason"), max_length=200, help_text=_("Read by the person and those who keep rosters.")
    )
    accept_turns = forms.BooleanField(label=_("Their turns may be left for now"), required=False)

    def __init__(self, *args: Any, people: Sequence[int] | None, **kwargs: Any) -> None:
        """people: keys of those who may be chosen; None = every active member of staff."""
        super().__init__(*args, **kwargs)
        rows = User.objects.filter(kind=User.Kind.STAFF, is_active=True).order_by("name")
        self.fields["user"].queryset = rows if people is None else rows.filter(pk__in=people)
