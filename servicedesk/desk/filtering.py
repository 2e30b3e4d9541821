"""What narrows the queue, as a form: every dimension work is seen by (A-01), several values of each."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from ledger.actor import Actor
from servicedesk.desk import choices
from servicedesk.desk.forms.base import choice, line
from servicedesk.web import parameters
from servicedesk.web.forms import DeskFormMixin
from tickets import words
from tickets.queue_filters import ME, NOBODY

DUE = [("overdue", _("Overdue")), ("soon", _("Within 15 minutes")), ("today", _("Later today")), ("later", _("Later")),
       ("none", _("No due time"))]  # fmt: skip
MARKS = [
    ("critical", _("Critical")), ("urgent", _("Urgent")), ("escalated", _("Escalated")),
    ("unsigned", _("Not signed for")), ("production", _("Production customer")), ("restricted", _("Restricted")),
    ("watched", _("Watched by me")), ("reopened", _("Reopened")), ("prospect", _("Prospect")),
]  # fmt: skip
QUIET = [("15", _("15 minutes")), ("30", _("30 minutes")), ("60", _("1 hour")), ("240", _("4 hours")),
         ("1440", _("One day"))]  # fmt: skip
Shape = Callable[[str], bool]


class Several(forms.MultipleChoiceField):
    """Any of several. `shape` judges a value whose list may have changed since the address was written."""

    def __init__(self, label: Any, options: Any, *, shape: Shape | None = None, long: bool = False) -> None:
        widget = forms.SelectMultiple(attrs={"size": 6}) if long else forms.CheckboxSelectMultiple()
        super().__init__(label=label, choices=options, required=False, widget=widget)
        self.shape = shape

    def to_python(self, value: Any) -> list[str]:
        """Return the values given, empty ones left out: forms send their empty fields."""
        return [each for each in super().to_python(value) if each]

    def valid_value(self, value: str) -> bool:
        """Whether the value is of the list, or of the right shape."""
        return self.shape(value) if self.shape else super().valid_value(value)


def _named(*also: str) -> Shape:
    return lambda value: value in also or parameters.PUBLIC_ID(value)


class FilterForm(DeskFormMixin, forms.Form):
    """What narrows the queue; everything may be empty. reader: for whom it is put into words, None = nobody yet."""

    reader: Actor | None = None

    q = line(_("Find"), required=False, limit=80)
    team = Several(_("Team"), choices.teams, shape=_named(NOBODY), long=True)
    owner = Several(_("Owner"), choices.people, shape=_named(ME, NOBODY), long=True)
    state = Several(_("State"), words.State.choices)
    priority = Several(_("Priority"), words.Priority.choices)
    due = Several(_("Next due"), DUE)
    mark = Several(_("Only"), MARKS)
    kind = Several(_("Kind"), words.Kind.choices)
    category = Several(_("Category"), words.Category.choices)
    channel = Several(_("Channel"), words.Channel.choices)
    segment = Several(_("Segment"), Organisation.Segment.choices)
    service_category = Several(_("Service category"), Organisation.Category.choices)
    region = Several(_("Region"), choices.regions, shape=parameters.text(32))
    language = Several(_("Language"), choices.languages, shape=parameters.text(16))
    shift = Several(_("Shift"), choices.shifts, shape=parameters.PUBLIC_ID)
    impact = Several(_("Impact"), words.Level.choices)
    urgency = Several(_("Urgency"), words.Level.choices)
    scope = Several(_("Scope"), words.Scope.choices)
    quiet = choice(_("No news to the customer for"), QUIET, required=False)
    service = line(_("Service ID"), required=False, limit=40)
    tag = line(_("Tags"), required=False, limit=200, help_text=_("Any of them, with commas between"))
    received_from = forms.DateField(label=_("Received from"), required=False, widget=forms.DateInput({"type": "date"}))
    received_to = forms.DateField(label=_("Received until"), required=False, widget=forms.DateInput({"type": "date"}))
    organisation = forms.UUIDField(label=_("Customer"), required=False, widget=forms.HiddenInput)

    def conditions(self) -> dict[str, Any]:
        """Return the valid values as `tickets.queries.narrowed` takes them."""
        found = {name: value for name, value in getattr(self, "cleaned_data", {}).items() if value}
        if "tag" in found:
            found["tag"] = [tag.strip().lower() for tag in found["tag"].split(",") if tag.strip()]
        if "shift" in found:
            found["shift"] = choices.hours_of(found["shift"])
        if "received_from" in found:
            found["received_from"] = _midnight(found["received_from"])
        if "received_to" in found:
            found["received_before"] = _midnight(found.pop("received_to") + timedelta(days=1))
        return found

    def said(self) -> dict[str, list[str]]:
        """Return the valid values as an address says them; empty ones left out."""
        found = {}
        for name, value in getattr(self, "cleaned_data", {}).items():
            given = value if isinstance(value, list) else [value]
            if kept := [str(each) for each in given if each]:
                found[name] = kept
        return found

    def chips(self) -> Iterator[tuple[str, str, str]]:
        """Yield (name, label, values in words) of every filter that narrows, what is typed into the bar aside."""
        for name, values in self.said().items():
            if name != "q":
                yield name, str(self.fields[name].label), ", ".join(self._worded(name, values))

    def _worded(self, name: str, values: list[str]) -> list[str]:
        if name == "organisation":
            return [choices.customer(values[0], self.reader) or values[0]]
        if name in ("received_from", "received_to"):
            return [str(self.data.get(name))]
        known = {str(value): str(label) for value, label in getattr(self.fields[name], "choices", [])}
        return [known.get(value, value) for value in values]


def _midnight(day: Any) -> datetime:
    """The beginning of a day in the reader's zone; the far ends of the calendar are held back."""
    kept = min(max(day, datetime(1970, 1, 1).date()), datetime(2999, 1, 1).date())
    return timezone.make_aware(datetime.combine(kept, time()))


def bound(said: Mapping[str, Any]) -> FilterForm:
    """Return the form for values as an address or a saved view says them (name → value or values)."""
    lists = {name: value if isinstance(value, list) else [value] for name, value in said.items()}
    return FilterForm(MultiValueDict({name: [str(v) for v in values] for name, values in lists.items()}))


def _shape(field: forms.Field) -> Shape:
    if isinstance(field, Several) and field.shape is not None:
        return parameters.Several(field.shape, most=40)
    if isinstance(field, Several):
        return parameters.Several(parameters.one_of(["", *(str(value) for value, _label in field.choices)]), most=40)
    if isinstance(field, forms.DateField):
        return parameters.matching(r"([0-9]{4}-[0-9]{2}-[0-9]{2})?")
    return parameters.PUBLIC_ID if isinstance(field, forms.UUIDField) else parameters.text()


PARAMETERS: dict[str, Shape] = {name: _shape(field) for name, field in FilterForm.base_fields.items()}
