"""Forms check shape; commands check rules. `add_refusal` is the one place where a refusal becomes a form error."""

from typing import Any

from django import forms
from django.forms.utils import ErrorList
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from ledger.errors import Refused

_FORM_CONTROL = "form-control"


def widget_class(widget: forms.Widget) -> str:
    """The stylesheet's class for a widget; "" for those it leaves alone (hidden, radio groups)."""
    if isinstance(widget, forms.CheckboxInput):
        return "form-check-input"
    if isinstance(widget, (forms.RadioSelect, forms.CheckboxSelectMultiple)) or widget.is_hidden:
        return ""
    if isinstance(widget, forms.Select) and not isinstance(widget, forms.SelectMultiple):
        return "form-select"
    return _FORM_CONTROL


class ManyFiles(forms.FileInput):
    """A file control that takes several, with its words in the reader's language (browsers use the system's)."""

    allow_multiple_selected = True

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        """Return the input with a button and the chosen names drawn over it."""
        control = super().render(name, value, {**(attrs or {}), "title": _("Choose files")}, renderer)
        return render_to_string("components/_files.html", {"control": control})


class FilesField(forms.FileField):
    """Any number of files, none as well; cleaned to a list. Number, size and content are judged by the command.

    small  draw the control low, under a text.
    """

    def __init__(self, *, small: bool = False, **kwargs: Any) -> None:
        attrs = {"multiple": True} | ({"class": "form-control-sm"} if small else {})
        super().__init__(required=False, allow_empty_file=True, widget=ManyFiles(attrs=attrs), **kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Return the uploads; an empty list for none."""
        rows = data if isinstance(data, (list, tuple)) else [data]
        return [super(FilesField, self).clean(row) for row in rows if row]


class DeskErrorList(ErrorList):
    """Errors without markup of their own: the `field` component draws them."""

    template_name = "components/_errors.html"


class DeskFormMixin:
    """Give every widget its class from the stylesheet and mark the wrong ones; use with any Django form."""

    use_required_attribute = True

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("error_class", DeskErrorList)
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            css = widget_class(field.widget)
            if css:
                own = field.widget.attrs.get("class", "")
                field.widget.attrs["class"] = f"{css} {own}".strip()

    def add_refusal(self, refusal: Refused) -> None:
        """Show what a command refused: beside its field where the form has it, above the form else.

        The code goes with it, so that a template can offer the way out. The form is invalid afterwards;
        what was typed stays.
        """
        field = refusal.field if refusal.field in self.fields else None
        self.add_error(field, forms.ValidationError(refusal.message, code=refusal.code))


class CommandForm(DeskFormMixin, forms.Form):
    """The form of one command. Its view calls `is_valid`, then the command, then `add_refusal` if it refused.

    `once` is a random key made with the page; a view passes it to `ledger.idempotency`, so a double click
    is one command.
    """

    once = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)


class ConcurrentCommandForm(CommandForm):
    """A command form that changes fields or state: it carries the version the reader saw."""

    version = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)
