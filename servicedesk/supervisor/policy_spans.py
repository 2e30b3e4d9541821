"""A stretch of time as a number and its unit, kept in seconds; nothing is rounded."""

from typing import Any

from django import forms
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

UNITS = (("s", _("seconds")), ("min", _("minutes")), ("h", _("hours")))
WORK_DAYS = ("work_day", _("working days"))
IN_SECONDS = {"s": 1, "min": 60, "h": 3600, "day": 86_400, "work_day": 86_400}
BOX = {"class": "form-check-input"}
MOST_S = 400 * 86_400


def length_of(seconds: int | None, unit: str = "s") -> tuple[int | None, str]:
    """Return seconds as a number of the largest unit that divides them: 1200 → (20, "min")."""
    if unit == "work_day":
        return None if seconds is None else seconds // IN_SECONDS["day"], "work_day"
    if not seconds:
        return seconds, "min"
    fits = [name for name in ("h", "min", "s") if seconds % IN_SECONDS[name] == 0]
    fits = ["min", *fits] if seconds % 60 == 0 and seconds <= 7200 else fits
    return seconds // IN_SECONDS[fits[0]], fits[0]


class SpanInput(forms.MultiWidget):
    """A number beside its unit."""

    def __init__(self, *, days: bool = False) -> None:
        self.days = days
        number = forms.TextInput(attrs={"inputmode": "numeric"})
        super().__init__([number, forms.Select(choices=[WORK_DAYS] if days else UNITS)])

    def decompress(self, value: int | None) -> list[Any]:
        """Return number and unit of seconds."""
        return list(length_of(value, "work_day" if self.days else "s"))

    def id_for_label(self, id_: str) -> str:
        """The label is the number's."""
        return f"{id_}_0"

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        """Return both controls in one frame; only the number is told of help and errors."""
        attrs = attrs or {}
        number, unit = value if isinstance(value, list) else self.decompress(value)
        off = {"disabled": True} if attrs.get("disabled") else {}
        chosen = {"id": f"{attrs.get('id')}_1", "class": "form-select", "aria-label": _("Unit"), **off}
        controls = [
            self.widgets[0].render(f"{name}_0", number, {**attrs, "id": f"{attrs.get('id')}_0"}, renderer),
            self.widgets[1].render(f"{name}_1", unit, chosen, renderer),
        ]
        return render_to_string("components/_span.html", {"controls": controls})


class Span(forms.Field):
    """A stretch of time, kept as seconds; empty = none.

    days   of a rule that counts working days. least: fewest seconds, below it is refused.
    """

    default_error_messages = {
        "number": _("Write a whole number."),
        "range": _("Choose a time between %(least)s seconds and 400 days."),
    }

    def __init__(self, *, days: bool = False, least: int = 1, required: bool = False, **kwargs: Any) -> None:
        self.least = least
        super().__init__(required=required, widget=SpanInput(days=days), **kwargs)

    def to_python(self, value: Any) -> int | None:
        """Return seconds, None for nothing typed."""
        if value is None or isinstance(value, int):
            return value
        number, unit = (str(part or "").strip() for part in value)
        if not number:
            return None
        if not (number.isascii() and number.isdigit() and len(number) < 9) or unit not in IN_SECONDS:
            raise forms.ValidationError(self.error_messages["number"], code="number")
        seconds = int(number) * IN_SECONDS[unit]
        if not self.least <= seconds <= MOST_S:
            raise forms.ValidationError(self.error_messages["range"] % {"least": self.least}, code="range")
        return seconds
