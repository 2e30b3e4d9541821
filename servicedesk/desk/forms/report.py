"""The form of a fault report: what a person writes, who took part, what keeps it from returning."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from quality.reports.checks import MOST_MEASURES, MOST_PEOPLE
from quality.reports.content import Content, Measure
from quality.reports.models import Edition
from quality.reports.people import KINDS, Person, from_json, names
from servicedesk.desk.forms.base import choice, line, moment, text
from servicedesk.web.forms import CommandForm, ConcurrentCommandForm, DeskFormMixin
from tickets.models import Participant

WORDS = ("title", "summary", "cause", "repair", "prevention", "confirmation", "internal", "effect_name",
         "effect_value", "began_at", "ended_at")  # fmt: skip


DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class ReportForm(ConcurrentCommandForm):
    """What is typed. Nothing is required to save; filing asks for the rest."""

    title = line(_("Title"), required=False, help_text=_("What it was, in one line a customer understands."))
    summary = text(_("Summary"), required=False, help_text=_("When, where, whom it hit, and what still worked."))
    began_at = moment(_("Began"), required=False)
    ended_at = moment(_("Ended at"), required=False)
    effect_name = line(_("One more figure: name"), required=False, limit=40, help_text=_("Such as: Callers refused"))
    effect_value = line(_("Its value"), required=False, limit=20)
    cause = text(_("Cause"), required=False, rows=4, help_text=_("Why it happened, not only what broke."))
    repair = text(_("Repair"), required=False, rows=3)
    prevention = text(_("Prevention"), required=False, rows=3, help_text=_("What changes so that it does not return."))
    confirmation = text(_("How it was confirmed"), required=False, rows=2)
    internal = text(_("Internal, never shown to the customer"), required=False, rows=2)
    people_confirmed = forms.BooleanField(label=_("I looked through the people; the list is complete"), required=False)

    def content(self, people: list[Person], measures: list[Measure]) -> Content:
        """Return what was typed, for the command."""
        return Content(people=people, measures=measures, **{name: self.cleaned_data[name] for name in WORDS})


class AmendForm(CommandForm):
    """Why a filed report gets a new version."""

    reason = text(_("Why a new version"), rows=3, limit=400)


class PersonForm(DeskFormMixin, forms.Form):
    """One person. `who` is kind and public id of somebody on record, "" for a typed name."""

    part = choice(_("Part"), Participant.Part.choices)
    who = forms.CharField(max_length=60, required=False, widget=forms.HiddenInput)
    name = line(_("Name"), required=False, limit=120)
    note = line(_("What they did"), required=False, limit=120)
    off = forms.BooleanField(label=_("Take off"), required=False)

    def clean_who(self) -> str:
        """Refuse anything but kind:uuid."""
        value: str = self.cleaned_data["who"]
        kind, _colon, uuid = value.partition(":")
        try:
            known = not value or (kind in KINDS and str(UUID(uuid)) == uuid)
        except ValueError:
            known = False
        if not known:
            raise forms.ValidationError(_("Choose from the list."))
        return value

    @property
    def person(self) -> Person | None:
        """Return the line, None for one taken off or left empty."""
        data = self.cleaned_data
        kind, _colon, uuid = data.get("who", "").partition(":")
        if data.get("off") or not (uuid or data.get("name")):
            return None
        whom = {kind: uuid} if uuid else {"label": data["name"].strip()}
        return Person(part=data["part"], note=data["note"].strip(), **whom)


class MeasureForm(DeskFormMixin, forms.Form):
    """One measure with its owner and day."""

    title = line(_("Measure"), required=False)
    owner = forms.ChoiceField(label=_("Owner"), required=False)
    due_on = forms.DateField(
        label=_("By"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    item = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, owners: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].choices = owners

    @property
    def measure(self) -> Measure | None:
        """Return the line, None for an empty one."""
        data = self.cleaned_data
        if not data.get("title"):
            return None
        owner = UUID(data["owner"]) if data["owner"] else None
        return Measure(title=data["title"], owner=owner, due_on=data["due_on"], item=data["item"])


PeopleForms = forms.formset_factory(PersonForm, extra=2, max_num=MOST_PEOPLE, absolute_max=MOST_PEOPLE + 20)
MeasureForms = forms.formset_factory(MeasureForm, extra=2, max_num=MOST_MEASURES, absolute_max=MOST_MEASURES + 10)


def owners() -> list[tuple[str, str]]:
    """Return who can own a measure: everybody of ours, by name. 1 query."""
    rows = User.objects.filter(kind="staff", is_active=True).order_by("name").values_list("uuid", "name")
    return [("", "–"), *((str(uuid), name) for uuid, name in rows)]


def initial(edition: Edition) -> dict[str, Any]:
    """Return what the form begins with."""
    return {name: getattr(edition, name) for name in WORDS} | {"version": edition.version}


def people_initial(rows: Iterable[dict[str, str]]) -> list[dict[str, str]]:
    """Return the lines of people as the form shows them; somebody on record stands by name and cannot be renamed."""
    listed = from_json(rows)
    known = names(listed)
    made = []
    for person in listed:
        kind = next((k for k in KINDS if getattr(person, k)), "")
        uuid = getattr(person, kind) if kind else ""
        made.append({"part": person.part, "who": f"{kind}:{uuid}" if kind else "", "note": person.note,
                     "name": known.get(uuid, "") if kind else person.label})  # fmt: skip
    return made
