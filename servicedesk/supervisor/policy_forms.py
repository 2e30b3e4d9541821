"""Forms of the policy editor: one rule, conditions, publication. They check shape; `ladder_checks` what can work."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from escalation.ladder_words import ANCHORS, COMPUTED, EVENTS, ROLES, TOLD_BY, anchor_words
from escalation.shapes import Shape, slim, value
from servicedesk.web.forms import CommandForm

UNITS = (("s", _("seconds")), ("min", _("minutes")), ("h", _("hours")), ("day", _("days")))
WORK_DAYS = ("work_day", _("working days"))
IN_SECONDS = {"s": 1, "min": 60, "h": 3600, "day": 86_400, "work_day": 86_400}
SPARE_TARGETS = 1
BOX = {"class": "form-check-input"}
MOST_TARGETS = 8
MOST = 9_999
MOMENT = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


def length_of(seconds: int | None, unit: str = "s") -> tuple[int | None, str]:
    """Return seconds as a number of the largest unit that divides them: 1200 → (20, "min")."""
    if seconds is None:
        return None, "min"
    if unit == "work_day":
        return seconds // IN_SECONDS["day"], "work_day"
    if not seconds:
        return 0, "min"
    fits = [name for name in ("h", "min", "s") if seconds % IN_SECONDS[name] == 0]
    fits = ["min", *fits] if seconds % 60 == 0 and seconds <= 7200 else fits
    return seconds // IN_SECONDS[fits[0]], fits[0]


def targets_for(subject: str) -> list[tuple[str, Any]]:
    """Return whom a rule on this subject may tell: (word, words)."""
    computed = [(word, said) for word, said in COMPUTED.items() if subject in TOLD_BY.get(word, {subject})]
    second = [(f"{role}:second", _("Next after %(role)s") % {"role": said}) for role, said in ROLES.items()]
    return [("", "–"), *ROLES.items(), *computed, *second]


class Minutes(forms.IntegerField):
    """A number of minutes, kept as seconds; empty = none."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"inputmode": "numeric"}
        super().__init__(min_value=1, max_value=600_000, required=False, widget=forms.TextInput(attrs=attrs), **kwargs)

    def clean(self, given: Any) -> int | None:
        """Return seconds."""
        minutes = super().clean(given)
        return None if minutes is None else minutes * 60


class RuleForm(CommandForm):
    """One rule. `code` only of a new one: running clocks find their rule by it."""

    code = forms.CharField(label=_("Code"), max_length=12, required=False)
    label = forms.CharField(label=pgettext_lazy("of a rule", "Name"), max_length=120, required=False)
    length = forms.IntegerField(
        label=_("Time"), min_value=0, max_value=MOST, widget=forms.TextInput(attrs={"inputmode": "numeric"})
    )
    unit = forms.ChoiceField(label=_("Unit"), choices=[*UNITS[:3], WORK_DAYS])
    anchor = forms.ChoiceField(label=_("Counted"))
    latest = Minutes(label=_("Never later, min"))
    repeat = Minutes(label=_("Repeat every, min"))
    times = forms.IntegerField(
        label=_("Times at most"), min_value=1, max_value=999, required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )  # fmt: skip
    stop_on = forms.MultipleChoiceField(
        label=_("Stops when"), required=False, widget=forms.CheckboxSelectMultiple(attrs=BOX)
    )
    restart_on = forms.MultipleChoiceField(
        label=_("Begins anew when"), required=False, widget=forms.CheckboxSelectMultiple(attrs=BOX)
    )
    pausable = forms.BooleanField(label=_("Pause while the ticket is suspended"), required=False)
    silenced_by_ack = forms.BooleanField(label=_("An acknowledgement holds it back"), required=False)
    end_of_day = forms.BooleanField(label=_("At the end of that working day"), required=False)
    breach = forms.BooleanField(label=_("Firing means a promise was broken"), required=False)
    severity = forms.TypedChoiceField(
        label=_("Weight"), coerce=int, choices=[(1, _("1, severe")), (2, _("2, serious")), (3, _("3, moderate"))]
    )
    customer_label = forms.CharField(label=_("Name for customers"), max_length=120, required=False)

    def __init__(self, *args: Any, shape: Shape, rule: Mapping[str, Any], new: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.shape, self.rule, self.new = shape, rule, new
        subject = shape["subject"]
        others = {one["code"]: _(one["label"] or "") for one in shape["rules"] if one["code"] != rule["code"]}
        anchors = [*ANCHORS.get(subject, {}).items()]
        anchors += [(f"fired:{code}", anchor_words(subject, f"fired:{code}", others)) for code in others]
        self.fields["anchor"].choices = _with(anchors, rule["anchor"])
        events = [*EVENTS.get(subject, {}).items()]
        for name in ("stop_on", "restart_on"):
            self.fields[name].choices = _with(events, *value(rule, name))
        for number in range(self._slots()):
            word = rule["targets"][number] if number < len(rule["targets"]) else ""
            field = forms.ChoiceField(required=False, choices=_with(targets_for(subject), word), initial=word)
            field.label = _("Target %(n)s") % {"n": number + 1}
            field.widget.attrs["class"] = "form-select"
            self.fields[f"target_{number}"] = field
        for number, variant in enumerate(value(rule, "variants")):
            name = f"variant_{number}"
            self.fields[name] = Minutes(label=_("Then, minutes"))
            self.fields[name].widget.attrs["class"] = "form-control"
            self.fields[name].initial = int(variant.get("offset_s") or 0) // 60
        if not new:
            del self.fields["code"]
        self.initial = {**_initial(rule), **self.initial}

    @property
    def targets(self) -> list[Any]:
        """The fields of whom the rule tells, in order."""
        return [self[name] for name in self.fields if name.startswith("target_")]

    @property
    def variants(self) -> list[Any]:
        """The fields of the exceptions' times, in order."""
        return [self[name] for name in self.fields if name.startswith("variant_")]

    def to_rule(self) -> dict[str, Any]:
        """Return the rule as typed, with what this form does not show left as it is."""
        data = self.cleaned_data
        plain = {name: data[name] for name in ("label", "anchor", "stop_on", "restart_on", "pausable", "breach",
                                               "silenced_by_ack", "severity", "customer_label")}  # fmt: skip
        days = data["unit"] == "work_day"
        variants = [
            {**one, "offset_s": data[f"variant_{number}"]}
            for number, one in enumerate(value(self.rule, "variants"))
            if data[f"variant_{number}"] is not None
        ]
        return slim({
            **self.rule, **plain, "code": data["code"].strip().upper() if self.new else self.rule["code"],
            "offset_s": data["length"] * IN_SECONDS[data["unit"]], "unit": "work_day" if days else "s",
            "end_of_day": bool(days and data["end_of_day"]), "latest_s": data["latest"], "repeat_s": data["repeat"],
            "max_occurrences": data["times"], "variants": variants,
            "targets": [data[name] for name in self.fields if name.startswith("target_") and data[name]],
        })  # fmt: skip

    def _slots(self) -> int:
        sent = sum(1 for name in self.data if name.startswith("target_")) if self.is_bound else 0
        return min(max(len(self.rule["targets"]) + SPARE_TARGETS, sent), MOST_TARGETS)


class PublishForm(CommandForm):
    """What changed, and from when on it counts."""

    note = forms.CharField(label=_("What changed"), widget=forms.Textarea(attrs={"rows": 2, "maxlength": 400}))
    enforce_from = forms.DateTimeField(
        label=_("In force from"), widget=MOMENT, required=False, help_text=_("Empty: at once. Never backwards.")
    )


class RetireForm(CommandForm):
    """Why a policy is taken out of force."""

    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 2, "maxlength": 400}))


def _initial(rule: Mapping[str, Any]) -> dict[str, Any]:
    length, unit = length_of(rule["offset_s"], value(rule, "unit"))
    plain = {name: value(rule, name) for name in ("code", "label", "anchor", "stop_on", "restart_on", "pausable",
                                                  "breach", "silenced_by_ack", "severity", "customer_label",
                                                  "end_of_day")}  # fmt: skip
    return plain | {
        "length": length, "unit": unit,
        "latest": _minutes(value(rule, "latest_s")), "repeat": _minutes(value(rule, "repeat_s")),
        "times": value(rule, "max_occurrences"),
    }  # fmt: skip


def _minutes(seconds: int | None) -> int | None:
    return None if seconds is None else max(seconds // 60, 1)


def _with(choices: list[tuple[str, Any]], *present: str) -> list[tuple[str, Any]]:
    """Return the choices and whatever is chosen already, so that nothing is lost by being unknown."""
    known = {key for key, _words in choices}
    return [*choices, *((one, one) for one in present if one and one not in known)]
