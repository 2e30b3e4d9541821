"""Shapes of a decision and of handing one on."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from ledger.actor import Actor
from servicedesk.supervisor.forms import MOMENT
from servicedesk.web.forms import CommandForm
from tickets.commands.delegate import approvers

WORDS = {"rows": 2, "maxlength": 1000}


class DecisionForm(CommandForm):
    """A decision for one function, with its reason."""

    function = forms.ChoiceField(label=_("You decide for"))
    approved = forms.ChoiceField(choices=[("yes", _("Approve")), ("no", _("Decline"))], required=True)
    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs=WORDS), required=False)

    def __init__(self, *args: Any, asked: Any, kind: Any, functions: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, auto_id=f"id_{asked.uuid}_%s", **kwargs)
        named = functions or asked.needed
        self.fields["function"].choices = [(name, kind.functions.get(name, name)) for name in named]
        self.fields["function"].initial = named[0] if named else ""
        self.fields["reason"].required = kind.reason_always
        self.fields["reason"].error_messages["required"] = _("Say why, for or against.")


class HandForm(CommandForm):
    """A decision handed to another approver of the same function until a time, in the reader's zone."""

    function = forms.ChoiceField(label=_("Decision for"))
    taker = forms.ModelChoiceField(label=_("Who decides"), to_field_name="uuid", queryset=User.objects.none())
    until = forms.DateTimeField(label=_("Until"), widget=MOMENT)
    reason = forms.CharField(label=_("Why"), max_length=1000)

    def __init__(
        self, *args: Any, asked: Any, kind: Any, actor: Actor, functions: Sequence[str] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, auto_id=f"id_{asked.uuid}_hand_%s", **kwargs)
        named = functions or asked.needed
        self.fields["function"].choices = [(name, kind.functions.get(name, name)) for name in named]
        taken = {*asked.taken, *(person for _function, person, _name in asked.decided)}
        found = User.objects.none()
        for name in named:
            found = found | approvers(name, but=taken)
        self.fields["taker"].queryset = found.distinct()
