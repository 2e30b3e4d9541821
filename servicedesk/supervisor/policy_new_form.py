"""What a new policy is called and runs on; the rules are the command's own."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from escalation.commands.create_policy import STARTED
from escalation.ladder_words import STARTS_ON
from escalation.models import Policy
from servicedesk.web.forms import CommandForm

SUBJECTS = [("", _("as the policy copied")), *((kind.value, kind.label) for kind in STARTED)]


class NewPolicyForm(CommandForm):
    """A policy to begin: empty, or from another. Conditions and rules come in the editor."""

    name = forms.CharField(label=_("Name"), max_length=80)
    key = forms.CharField(
        label=_("Key"), max_length=40, required=False,
        help_text=_("Small letters, digits, underscores; it never changes. Empty: made of the name."),
    )  # fmt: skip
    copy_of = forms.ChoiceField(label=_("Begin with the rules of"), required=False)
    subject = forms.ChoiceField(label=_("Its clocks run on"), choices=SUBJECTS, required=False)
    starts_on = forms.ChoiceField(
        label=_("A ticket's clock starts when"), choices=[("", "–"), *STARTS_ON.items()], required=False,
        help_text=_("Only for tickets; a copy keeps its own"),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Policy.objects.filter(subject__in=STARTED).order_by("name").values_list("key", "name")
        self.fields["copy_of"].choices = [("", _("none: an empty policy")), *((key, _now(name)) for key, name in rows)]

    def asked(self) -> dict[str, Any]:
        """Return the arguments of `create_policy`."""
        said = self.cleaned_data
        begins = {"starts_on": said["starts_on"]} if said["starts_on"] and not said["copy_of"] else None
        return {name: said[name] for name in ("name", "key", "subject", "copy_of")} | {"conditions": begins}
