"""Ask another to take hours of one's own on a roster."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from escalation.rosters.shapes import Plan
from servicedesk.web.zoned import MOMENT, ZonedForm


class SwapForm(ZonedForm):
    """Hours of one's own that another shall take, and what of theirs one takes in return."""

    zoned = ("from_at", "to_at", "back_from_at", "back_to_at")
    roster = forms.ChoiceField(label=_("Roster"))
    other = forms.ModelChoiceField(label=_("Whom you ask"), to_field_name="uuid", queryset=User.objects.none())
    from_at = forms.DateTimeField(label=_("From"), widget=MOMENT)
    to_at = forms.DateTimeField(label=_("To"), widget=MOMENT)
    back_from_at = forms.DateTimeField(label=_("In return, from"), widget=MOMENT, required=False)
    back_to_at = forms.DateTimeField(label=_("In return, to"), widget=MOMENT, required=False)
    reason = forms.CharField(label=_("Reason"), max_length=200, required=False)

    def __init__(self, *args: Any, rosters: Sequence[Plan], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["roster"].choices = [(plan.uuid, plan.name) for plan in rosters]
        named = {pk for plan in rosters for pk in plan.people()}
        self.fields["other"].queryset = User.objects.filter(
            kind=User.Kind.STAFF, is_active=True, pk__in=named
        ).order_by("name")
