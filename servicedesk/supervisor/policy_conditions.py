"""The form of conditions: of a whole policy, of one rule, of one exception. Nothing chosen = any."""

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from escalation.ladder_words import (
    CHOICES,
    CUSTOMERS,
    DAYS,
    FLAGS,
    OTHERS,
    STARTS_ON,
    TYPED,
    choices_of,
    known_conditions,
)
from servicedesk.supervisor.policy_spans import BOX, Span
from servicedesk.web.forms import CommandForm
from tickets.words import Priority

YES_NO = (("", _("any")), ("yes", _("yes")), ("no", _("no")))
HOUR = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
OF_TIME = ("hours_from", "hours_to", "weekday")
OF_POLICY = ("starts_on", "on_entitlement_calendar", "ack")


class ConditionsForm(CommandForm):
    """Conditions a subject may be asked about. Unknown ones that stand in the draft already are kept as they are."""

    def __init__(self, *args: Any, subject: str, said: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.subject, self.said = subject, said
        known = known_conditions(subject)
        for name, (label, _words) in CHOICES.items():
            if name in known:
                choices = [*choices_of(subject, name).items()]
                choices += [(one, one) for one in _list(said.get(name)) if one not in dict(choices)]
                self._add(name, _many(label, choices), _list(said.get(name)))
        for name, label in FLAGS.items():
            if name in known:
                chosen = {True: "yes", False: "no"}.get(said.get(name), "")
                self._add(name, forms.ChoiceField(label=label, choices=YES_NO, required=False), chosen)
        for name, label in TYPED.items():
            if name in known:
                words = forms.CharField(label=label, max_length=200, required=False)
                words.help_text = _("Several with commas")
                self._add(name, words, ", ".join(map(str, _list(said.get(name)))))
        hours = said.get("local_time") or {}
        for name, label in (("from", _("From, at the customer")), ("to", _("Until, at the customer"))):
            field = forms.TimeField(label=label, widget=HOUR, required=False, input_formats=["%H:%M", "%H:%M:%S"])
            self._add(f"hours_{name}", field, hours.get(name))
        self.fields["hours_to"].help_text = _("Earlier than the first: past midnight")
        self._add("weekday", _many(OTHERS["weekday"], list(enumerate(DAYS))), _list(said.get("weekday")))

    @property
    def refusal_id(self) -> str:
        """The id of where its refusal stands: several of these forms share a page."""
        return f"{str(self.auto_id).removesuffix('%s')}refusal"

    @property
    def groups(self) -> Iterator[tuple[Any, list[Any]]]:
        """The fields by what they ask about, each group with its title; the form's own fields come first."""
        apart = {*OF_POLICY, *CUSTOMERS, *OF_TIME, "then", "once"}
        rest = [name for name in self.fields if name not in apart]
        named = (
            ("", [name for name in (*OF_POLICY, "then") if name in self.fields]), (_("What it is"), rest),
            (_("Whose it is"), [name for name in self.fields if name in CUSTOMERS]), (_("When it begins"), OF_TIME),
        )  # fmt: skip
        return ((title, [self[name] for name in names]) for title, names in named if names)

    def to_conditions(self) -> dict[str, Any]:
        """Return the conditions as typed."""
        data = self.cleaned_data
        shown = {*CHOICES, *FLAGS, *OTHERS}
        made = {name: wanted for name, wanted in self.said.items() if name not in shown or (
            name not in self.fields and name != "local_time")}  # fmt: skip
        for name in (name for name in CHOICES if data.get(name)):
            values = {str(value): value for value, _said in self.fields[name].choices}
            made[name] = [values[one] for one in data[name]]
        made |= {name: data[name] == "yes" for name in FLAGS if data.get(name)}
        for name in TYPED:
            typed = [one.strip() for one in data.get(name, "").split(",") if one.strip()]
            made |= {name: typed} if typed else {}
        made |= {"weekday": [int(one) for one in data["weekday"]]} if data["weekday"] else {}
        start, end = data["hours_from"], data["hours_to"]
        if start or end:
            made["local_time"] = {"from": f"{start:%H:%M}" if start else "", "to": f"{end:%H:%M}" if end else ""}
        return made

    def _add(self, name: str, field: forms.Field, initial: Any) -> None:
        css = {"select": "form-select", "text": "form-control", "time": "form-control"}
        kind = getattr(field.widget, "input_type", "")
        if kind in css:
            field.widget.attrs["class"] = css[kind]
        self.fields[name] = field
        field.initial = initial


class PolicyForm(ConditionsForm):
    """Whom a policy applies to, and what its clock counts on."""

    def __init__(self, *args: Any, shape: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, subject=shape["subject"], said=shape["conditions"], **kwargs)
        if shape["subject"] == "ticket":
            starts = forms.ChoiceField(label=_("Starts when"), choices=list(STARTS_ON.items()))
            self._add("starts_on", starts, shape["conditions"].get("starts_on"))
        if shape["subject"] == "ticket" or shape["on_entitlement_calendar"]:
            calendar = _many(_("Counted on the entitlement's calendar"), list(Priority.choices))
            calendar.help_text = _("Every other priority counts at any hour")
            self._add("on_entitlement_calendar", calendar, shape["on_entitlement_calendar"])
        held = Span(label=_("An acknowledgement holds back for"))
        self._add("ack", held, shape.get("ack_silence_s"))

    def to_policy(self) -> dict[str, Any]:
        """Return what replaces these fields of the shape."""
        conditions = self.to_conditions()
        if self.cleaned_data.get("starts_on"):
            conditions["starts_on"] = self.cleaned_data["starts_on"]
        made = {"conditions": conditions, "ack_silence_s": self.cleaned_data["ack"]}
        if "on_entitlement_calendar" in self.fields:
            made["on_entitlement_calendar"] = self.cleaned_data["on_entitlement_calendar"]
        return made


class VariantForm(ConditionsForm):
    """An exception: another time where its conditions hold. days: of a rule that counts working days.

    number  its place in the rule, None = a new one; several of these forms share a page.
    """

    number: int | None = None
    open = False

    def __init__(self, *args: Any, days: bool = False, then: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._add("then", Span(label=_("Then"), days=days, least=0, required=True), then)
        self.order_fields(["then"])


def _many(label: Any, choices: list[tuple[Any, Any]]) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, choices=choices, required=False, widget=forms.CheckboxSelectMultiple(attrs=BOX)
    )


def _list(wanted: Any) -> list[Any]:
    return [] if wanted is None else wanted if isinstance(wanted, list) else [wanted]
