"""The form of conditions: of a whole policy, of one rule, of one exception. Nothing chosen = any."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from escalation.ladder_words import CHOICES, DAYS, FLAGS, OTHERS, STARTS_ON, known_conditions
from servicedesk.supervisor.policy_forms import BOX, Minutes
from servicedesk.web.forms import CommandForm
from tickets.words import Priority

YES_NO = (("", _("any")), ("yes", _("yes")), ("no", _("no")))
HOUR = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class ConditionsForm(CommandForm):
    """Conditions a subject may be asked about. Unknown ones that stand in the draft already are kept as they are."""

    def __init__(self, *args: Any, subject: str, said: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.subject, self.said = subject, said
        known = known_conditions(subject)
        for name, (label, words) in CHOICES.items():
            if name in known:
                self._add(name, _many(label, list(words.items())), _list(said.get(name)))
        for name, label in FLAGS.items():
            if name in known:
                chosen = {True: "yes", False: "no"}.get(said.get(name), "")
                self._add(name, forms.ChoiceField(label=label, choices=YES_NO, required=False), chosen)
        self._add("region", forms.CharField(label=OTHERS["region"], max_length=200, required=False,
                                            help_text=_("Several with commas")),
                  ", ".join(map(str, _list(said.get("region")))))  # fmt: skip
        hours = said.get("local_time") or {}
        for name, label in (("from", _("From, at the customer")), ("to", _("Until, at the customer"))):
            field = forms.TimeField(label=label, widget=HOUR, required=False, input_formats=["%H:%M", "%H:%M:%S"])
            self._add(f"hours_{name}", field, hours.get(name))
        self._add(
            "weekday", _many(OTHERS["weekday"], list(enumerate(DAYS))), list(map(str, _list(said.get("weekday"))))
        )

    @property
    def refusal_id(self) -> str:
        """The id of where its refusal stands: several of these forms share a page."""
        return f"{str(self.auto_id).removesuffix('%s')}refusal"

    def to_conditions(self) -> dict[str, Any]:
        """Return the conditions as typed."""
        data = self.cleaned_data
        shown = {*CHOICES, *FLAGS, *OTHERS}
        made = {name: wanted for name, wanted in self.said.items() if name not in shown or (
            name not in self.fields and name != "local_time")}  # fmt: skip
        made |= {name: data[name] for name in CHOICES if data.get(name)}
        made |= {name: data[name] == "yes" for name in FLAGS if data.get(name)}
        regions = [one.strip() for one in data["region"].split(",") if one.strip()]
        made |= {"region": regions} if regions else {}
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
        if shape["subject"] not in {"escalation", "handover", "interaction"}:
            calendar = _many(_("Counted on the entitlement's calendar"), list(Priority.choices))
            calendar.help_text = _("Every other priority counts at any hour")
            self._add("on_entitlement_calendar", calendar, shape["on_entitlement_calendar"])
        held = Minutes(label=_("An acknowledgement holds back for, minutes"))
        self._add("ack", held, (shape.get("ack_silence_s") or 0) // 60 or None)

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
    """An exception: another time where its conditions hold."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        then = Minutes(label=_("Then, minutes"))
        then.required = True
        self._add("then", then, None)
        self.order_fields(["then"])


def _many(label: Any, choices: list[tuple[Any, Any]]) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, choices=choices, required=False, widget=forms.CheckboxSelectMultiple(attrs=BOX)
    )


def _list(wanted: Any) -> list[Any]:
    return [] if wanted is None else wanted if isinstance(wanted, list) else [wanted]
