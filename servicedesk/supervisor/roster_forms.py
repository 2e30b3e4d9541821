"""Shapes of what is sent about rosters; the rules are the commands' own. Times are in the zone that the form names."""

from collections.abc import Sequence
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from catalogue.models import Calendar
from escalation.models import RosterLayer
from escalation.rosters.shapes import Layer
from ledger.actor import Actor
from servicedesk.web.forms import CommandForm, widget_class
from servicedesk.web.zoned import MOMENT, ZonedForm

PLACES, WINDOWS = 6, 2
WEEKDAYS = [(0, _("Mon")), (1, _("Tue")), (2, _("Wed")), (3, _("Thu")), (4, _("Fri")), (5, _("Sat")), (6, _("Sun"))]
CLOCK = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
ON = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def staff() -> Any:
    """Active members of staff, by name."""
    return User.objects.filter(kind=User.Kind.STAFF, is_active=True).order_by("name")


def person(label: Any, *, required: bool = True) -> forms.ModelChoiceField:
    """A choice of one member of staff, by public id."""
    return forms.ModelChoiceField(label=label, to_field_name="uuid", queryset=staff(), required=required)


def scopes(actor: Actor) -> list[tuple[str, Any]]:
    """Return the places a roster can be for: everywhere, each region."""
    rows = Organisation.objects.visible_to(actor).exclude(region="").order_by("region")
    names = rows.values_list("region", flat=True).distinct()
    return [("global", _("Everywhere")), *((f"region:{name}", name.upper()) for name in names)]


class RosterOverrideForm(ZonedForm):
    """One person above every layer."""

    role = forms.ChoiceField(label=_("Role or team"))
    scope = forms.ChoiceField(label=_("Where"))
    user = person(_("Who takes it"))
    from_at = forms.DateTimeField(label=_("From"), widget=MOMENT)
    to_at = forms.DateTimeField(label=_("To"), widget=MOMENT)
    reason = forms.CharField(label=_("Reason"), max_length=200)

    def __init__(self, *args: Any, roles: Sequence[tuple[str, str]], actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = roles
        self.fields["scope"].choices = scopes(actor)
        self.fields["user"].queryset = staff()


class RosterForm(CommandForm):
    """What a roster is called and must cover. Role and place are chosen once, when it begins."""

    name = forms.CharField(label=_("Name"), max_length=80)
    role = forms.ChoiceField(label=_("Role or team"))
    scope = forms.ChoiceField(label=_("Where"))
    time_zone = forms.ChoiceField(label=_("Time zone"))
    calendar = forms.ModelChoiceField(
        label=_("Hours to cover"), to_field_name="uuid", queryset=Calendar.objects.none(), required=False,
        empty_label=_("Around the clock"),
    )  # fmt: skip
    deputy = person(_("Deputy, when nobody on it can"), required=False)
    most_hours = forms.IntegerField(label=_("Warn above, hours in 7 days"), min_value=1, max_value=168, required=False)
    least_rest = forms.IntegerField(label=_("Warn below, hours of rest"), min_value=1, max_value=72, required=False)

    def __init__(self, *args: Any, actor: Actor, roles: Sequence[tuple[str, str]] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["time_zone"].choices = _zones()
        self.fields["calendar"].queryset = Calendar.objects.filter(round_the_clock=False).order_by("name")
        self.fields["deputy"].queryset = staff()
        if roles is None:
            del self.fields["role"], self.fields["scope"]
        else:
            self.fields["role"].choices, self.fields["scope"].choices = roles, scopes(actor)

    def facts(self) -> dict[str, Any]:
        """Return what the command takes."""
        data = {key: value for key, value in self.cleaned_data.items() if key not in {"calendar", "deputy", "once"}}
        calendar, deputy = self.cleaned_data["calendar"], self.cleaned_data["deputy"]
        return data | {"calendar_id": calendar.pk if calendar else None, "deputy_id": deputy.pk if deputy else None}


class LayerForm(CommandForm):
    """One rotation: who in which order, how long, from when, in which hours of the week."""

    name = forms.CharField(label=_("Name of the layer"), max_length=60)
    length = forms.IntegerField(label=_("A turn lasts"), min_value=1, max_value=366, initial=1)
    unit = forms.ChoiceField(label=_("Unit"), choices=RosterLayer.Unit.choices, initial="week")
    starts_on = forms.DateField(label=_("First hand-off on"), widget=ON)
    handoff = forms.TimeField(label=_("at"), widget=CLOCK)
    time_zone = forms.ChoiceField(label=_("Time zone"))
    position = forms.IntegerField(
        label=_("Position"), min_value=0, max_value=366, initial=1,
        help_text=_("A higher one hides lower ones; the same runs side by side."),
    )  # fmt: skip
    base = forms.BooleanField(label=_("Default below every rotation"), required=False)
    entitled_weekend = forms.BooleanField(label=_("Weekends only for customers who bought them"), required=False)
    accept_gap = forms.BooleanField(label=_("Hours may stay empty"), required=False)

    def __init__(self, *args: Any, members: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["time_zone"].choices = _zones()
        for n in range(1, PLACES + 1):
            choice = forms.ModelChoiceField(
                label=_("Person %(n)d") % {"n": n}, to_field_name="uuid", queryset=members, required=n == 1
            )
            self.fields[f"member_{n}"] = choice
        for n in range(1, WINDOWS + 1):
            days = forms.TypedMultipleChoiceField(
                label=_("Days"),
                choices=WEEKDAYS,
                coerce=int,
                required=False,
                widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
            )
            self.fields[f"days_{n}"] = days
            self.fields[f"opens_{n}"] = forms.TimeField(label=_("From"), widget=CLOCK, required=False)
            self.fields[f"closes_{n}"] = forms.TimeField(label=_("To"), widget=CLOCK, required=False)
        for name in self.fields:
            self.fields[name].widget.attrs.setdefault("class", widget_class(self.fields[name].widget))

    @property
    def people(self) -> list[forms.BoundField]:
        """The fields of the members, in their order."""
        return [self[f"member_{n}"] for n in range(1, PLACES + 1)]

    @property
    def hours(self) -> list[tuple[forms.BoundField, ...]]:
        """Days, start and end of each group of hours."""
        return [(self[f"days_{n}"], self[f"opens_{n}"], self[f"closes_{n}"]) for n in range(1, WINDOWS + 1)]

    def clean(self) -> dict[str, Any]:
        """Hours of the week come whole or not at all."""
        data = super().clean() or self.cleaned_data
        for n in range(1, WINDOWS + 1):
            said = [
                bool(data.get(f"days_{n}")),
                data.get(f"opens_{n}") is not None,
                data.get(f"closes_{n}") is not None,
            ]
            if any(said) and not all(said):
                self.add_error(f"opens_{n}", _("Choose days, a start and an end."))
        return data

    def facts(self) -> dict[str, Any]:
        """Return what the command takes."""
        data = self.cleaned_data
        plain = ("name", "length", "unit", "starts_on", "handoff", "time_zone", "position", "base", "accept_gap",
                 "entitled_weekend")  # fmt: skip
        people = [data.get(f"member_{n}") for n in range(1, PLACES + 1)]
        windows = [
            {"weekday": day, "from": f"{data[f'opens_{n}']:%H:%M}", "to": f"{data[f'closes_{n}']:%H:%M}"}
            for n in range(1, WINDOWS + 1)
            for day in data.get(f"days_{n}") or ()
        ]
        return {name: data[name] for name in plain} | {"members": [p.pk for p in people if p], "windows": windows}


def layer_initial(layer: Layer, people: Any) -> dict[str, Any]:
    """Return what the form shows of a layer in force; windows as up to two groups of equal hours."""
    names = ("name", "length", "unit", "starts_on", "handoff", "position", "base", "entitled_weekend")
    found: dict[str, Any] = {name: getattr(layer, name) for name in names} | {"time_zone": layer.zone.key}
    found |= {f"member_{n}": people[pk].uuid for n, pk in enumerate(layer.members[:PLACES], start=1)}
    hours = list(dict.fromkeys((window.opens, window.closes) for window in layer.windows))
    for n, (opens, closes) in enumerate(hours[:WINDOWS], start=1):
        days = [window.weekday for window in layer.windows if (window.opens, window.closes) == (opens, closes)]
        found |= {f"days_{n}": days, f"opens_{n}": opens, f"closes_{n}": closes}
    return found


def _zones() -> list[tuple[str, str]]:
    return [(name, name.replace("_", " ")) for name in sorted(available_timezones()) if "/" in name or name == "UTC"]


class WhyForm(CommandForm):
    """A reason, and whether hours may stay empty."""

    reason = forms.CharField(label=_("Reason"), max_length=200)
    accept_gap = forms.BooleanField(label=_("Hours may stay empty"), required=False)
