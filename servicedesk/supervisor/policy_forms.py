"""Forms of the policy editor: one rule, publication, the end. They check shape; `ladder_checks` what can work."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from escalation.ladder_checks import CAPPED, NEVER_SILENT, may_pause, round_the_clock
from escalation.ladder_words import ANCHORS, COMPUTED, EVENTS, ROLES, TOLD_BY, anchor_words
from escalation.policy_names import NONE, Names
from escalation.shapes import Shape, slim, value
from servicedesk.supervisor.policy_spans import BOX, IN_SECONDS, UNITS, WORK_DAYS, Span, length_of
from servicedesk.web.forms import CommandForm

SPARE_TARGETS = 1
MOST_TARGETS = 8
MOST = 9_999
MOMENT = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
NUMBER = {"inputmode": "numeric"}
PLAIN = ("label", "anchor", "stop_on", "restart_on", "pausable", "breach", "silenced_by_ack", "severity",
         "customer_label")  # fmt: skip


def targets_for(subject: str, names: Names = NONE) -> list[tuple[str, Any]]:
    """Return whom a rule on this subject may tell: (word, words), in groups of their own where there are teams."""
    computed = [(word, said) for word, said in COMPUTED.items() if subject in TOLD_BY.get(word, {subject})]
    second = [(f"{role}:second", _("Next after %(role)s") % {"role": said}) for role, said in ROLES.items()]
    teams = [(word, names.target(word)) for word in names.teams]
    return [("", "–"), *ROLES.items(), *computed, *second, *teams]


class RuleForm(CommandForm):
    """One rule. `code` only of a new one: running clocks find their rule by it. What is off says why."""

    code = forms.CharField(
        label=_("Code"), max_length=12, required=False,
        help_text=_("Like M-3 or T-1D. Running clocks find the rule by it; it never changes."),
    )  # fmt: skip
    label = forms.CharField(label=pgettext_lazy("of a rule", "Name"), max_length=120, required=False)
    length = forms.IntegerField(label=_("Time"), min_value=0, max_value=MOST, widget=forms.TextInput(attrs=NUMBER))
    unit = forms.ChoiceField(label=_("Unit"), choices=[*UNITS, WORK_DAYS])
    anchor = forms.ChoiceField(label=_("Counted"))
    calendar = forms.ChoiceField(label=_("Calendar"), required=False)
    end_of_day = forms.BooleanField(label=_("At the end of that working day"), required=False)
    latest = Span(label=_("Never later than"), help_text=_("after the start of the clock"), least=0)
    repeat = Span(label=_("Repeat every"), least=1)
    times = forms.IntegerField(
        label=_("Times at most"), min_value=1, max_value=999, required=False, widget=forms.TextInput(attrs=NUMBER),
        help_text=_("Empty: until it is stopped"),
    )  # fmt: skip
    stop_on = forms.MultipleChoiceField(
        label=_("Stops when"), required=False, widget=forms.CheckboxSelectMultiple(attrs=BOX)
    )
    restart_on = forms.MultipleChoiceField(
        label=_("Begins anew when"), required=False, widget=forms.CheckboxSelectMultiple(attrs=BOX)
    )
    pausable = forms.BooleanField(label=_("Pause while the ticket is suspended"), required=False)
    silenced_by_ack = forms.BooleanField(label=_("An acknowledgement holds it back"), required=False)
    breach = forms.BooleanField(label=_("Firing means a promise was broken"), required=False)
    severity = forms.TypedChoiceField(
        label=_("Weight"), coerce=int, choices=[(1, _("1, severe")), (2, _("2, serious")), (3, _("3, moderate"))],
        help_text=_("Pages of weight 1 are never bundled"),
    )  # fmt: skip
    customer_label = forms.CharField(
        label=_("Name for customers"), max_length=120, required=False, help_text=_("Empty: customers do not see it")
    )

    def __init__(
        self, *args: Any, shape: Shape, rule: Mapping[str, Any], new: bool = False, names: Names = NONE, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.shape, self.rule, self.new, self.names = shape, rule, new, names
        subject = shape["subject"]
        others = {one["code"]: _(one["label"] or "") for one in shape["rules"] if one["code"] != rule["code"]}
        anchors = [*ANCHORS.get(subject, {}).items()]
        anchors += [(f"fired:{code}", anchor_words(subject, f"fired:{code}", others)) for code in others]
        self.fields["anchor"].choices = _with(anchors, rule["anchor"])
        events = [*EVENTS.get(subject, {}).items()]
        for name in ("stop_on", "restart_on"):
            self.fields[name].choices = _with(events, *value(rule, name))
        self._add_calendar()
        self._add_targets(_with(targets_for(subject, names), *rule["targets"]))
        self._add_variants(value(rule, "variants"), days=value(rule, "unit") == "work_day")
        self._fix()
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
        days = data["unit"] == "work_day"
        known = enumerate(value(self.rule, "variants"))
        variants = [{**one, "offset_s": data[f"variant_{number}"]} for number, one in known]
        return slim({
            **self.rule, **{name: data[name] for name in PLAIN},
            "code": data["code"].strip().upper() if self.new else self.rule["code"],
            "offset_s": data["length"] * IN_SECONDS[data["unit"]], "unit": "work_day" if days else "s",
            "end_of_day": bool(days and data["end_of_day"]), "calendar": data["calendar"] or None,
            "latest_s": data["latest"], "repeat_s": data["repeat"], "max_occurrences": data["times"],
            "variants": variants,
            "targets": [data[name] for name in self.fields if name.startswith("target_") and data[name]],
        })  # fmt: skip

    def _add_calendar(self) -> None:
        said = self.rule.get("calendar")
        known = [("", _("the clock's own")), *self.names.calendars.items()]
        gone = [(said, self.names.calendar(said))] if said and said not in self.names.calendars else []
        self.fields["calendar"].choices = [*known, *gone]
        own = _("The entitlement's where the policy says so, else Monday to Friday")
        other = _("Only for working days; other units count on the clock")
        self.fields["calendar"].help_text = own if value(self.rule, "unit") == "work_day" else other

    def _add_targets(self, choices: list[tuple[str, Any]]) -> None:
        for number in range(self._slots()):
            word = self.rule["targets"][number] if number < len(self.rule["targets"]) else ""
            field = forms.ChoiceField(required=False, choices=choices, initial=word)
            field.label = _("Target %(n)s") % {"n": number + 1}
            field.widget.attrs["class"] = "form-select"
            self.fields[f"target_{number}"] = field

    def _add_variants(self, variants: list[dict[str, Any]], *, days: bool) -> None:
        for number, variant in enumerate(variants):
            then = int(variant.get("offset_s") or 0)
            field = Span(label=_("Then"), days=days, least=0, required=True, initial=then)
            self.fields[f"variant_{number}"] = field

    def _fix(self) -> None:
        """Turn off what the rule can never have, with the reason; what it has wrongly can still be taken away."""
        shape, rule, code = self.shape, self.rule, self.rule["code"]
        if round_the_clock(shape, rule) and not (rule.get("calendar") or value(rule, "unit") == "work_day"):
            self.fields["unit"].choices = [*UNITS]
            self._off("calendar", _("At any hour and date; business hours are refused here"), _("24×7"))
            del self.fields["end_of_day"]
        if not value(rule, "pausable") and not may_pause(shape, {**rule, "unit": "s"}):
            why = _("It goes on while the ticket is suspended")
            self._off("pausable", why if shape["subject"] == "ticket" else _("Only clocks of tickets are suspended"))
        if code in NEVER_SILENT and not value(rule, "silenced_by_ack"):
            self._off("silenced_by_ack", _("Only the solution stops this rule; an acknowledgement never does"))
        if code in CAPPED:
            most = _("after the start, %(min)s min at most by contract") % {"min": CAPPED[code] // 60}
            self.fields["latest"].help_text = most

    def _off(self, name: str, why: Any, only: Any = None) -> None:
        field = self.fields[name]
        field.disabled, field.help_text = True, why
        if only is not None:
            field.choices = [("", only)]

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
    plain = {name: value(rule, name) for name in ("code", "end_of_day", *PLAIN)}
    return plain | {
        "length": length, "unit": unit, "latest": value(rule, "latest_s"), "repeat": value(rule, "repeat_s"),
        "times": value(rule, "max_occurrences"), "calendar": rule.get("calendar") or "",
    }  # fmt: skip


def _with(choices: list[tuple[str, Any]], *present: str) -> list[tuple[str, Any]]:
    """Return the choices and whatever is chosen already, so that nothing is lost by being unknown."""
    known = {key for key, _words in choices}
    return [*choices, *((one, one) for one in present if one and one not in known)]
