"""Forms of a handover: a note on a line or part, a remark, what was spoken through, the search of past ones."""

from django import forms
from django.utils.translation import gettext_lazy as _

from escalation.models import Handover, Part
from servicedesk.web.forms import CommandForm, ConcurrentCommandForm, DeskFormMixin

NOTE = forms.Textarea(attrs={"rows": 2})


class NoteForm(CommandForm):
    """The giver's words on one line; empty takes them away."""

    line = forms.UUIDField(widget=forms.HiddenInput)
    text = forms.CharField(label=_("Your note"), max_length=2000, required=False, widget=NOTE)


class PartNoteForm(CommandForm):
    """The giver's words on one of the four parts."""

    part = forms.ChoiceField(choices=Part.choices, widget=forms.HiddenInput)
    text = forms.CharField(label=_("Note on this part"), max_length=2000, required=False, widget=NOTE)


class SpokenForm(CommandForm):
    """A line that was gone through; none = all of them."""

    line = forms.UUIDField(required=False, widget=forms.HiddenInput)


class RemarkForm(CommandForm):
    """What is to be known beside a sheet that stands."""

    text = forms.CharField(label=_("Question or remark"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))


class SignForm(ConcurrentCommandForm):
    """A signature on the version that was read."""


class OpenForm(CommandForm):
    """Which change of shift a sheet is drafted for."""

    shift = forms.UUIDField(widget=forms.HiddenInput)
    starts_at = forms.DateTimeField(widget=forms.HiddenInput)


class PastForm(DeskFormMixin, forms.Form):
    """What past handovers are narrowed to."""

    q = forms.CharField(label=_("Words or number"), max_length=80, required=False)
    shift = forms.ChoiceField(label=_("Shift"), required=False)
    state = forms.ChoiceField(label=_("State"), choices=[("", _("Any")), *Handover.State.choices], required=False)
    person = forms.ChoiceField(label=_("Signed by"), required=False)
    since = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("To"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args, shifts: list[tuple[str, str]], people: list[tuple[str, str]], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["shift"].choices = [("", _("Any")), *shifts]
        self.fields["person"].choices = [("", _("Anybody")), *people]
