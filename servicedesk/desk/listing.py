"""The queue at the desk: what its views are called, and what narrows it."""

from typing import Any

from django import forms
from django.core.cache import cache
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, Team
from ledger.actor import Actor
from servicedesk.desk.forms.base import choice, line, one_of
from servicedesk.web.forms import DeskFormMixin
from tickets import words
from tickets.queries import view_counts

KEEP_SECONDS = 10
KEPT = 256
_DRAWN: dict[tuple, SafeString] = {}
VIEWS: dict[str, Any] = {
    "due": _("Due next"),
    "mine": _("Mine"),
    "teams": _("My teams"),
    "unassigned": _("Not signed for"),
    "waiting": _("Waiting for approval"),
    "suspended": _("Suspended"),
    "closure": _("Confirm closure"),
    "all": _("All open"),
}


class FilterForm(DeskFormMixin, forms.Form):
    """What narrows the queue; everything may be empty."""

    q = line(_("Find"), required=False, limit=80)
    state = choice(_("State"), words.State.choices, required=False)
    priority = choice(_("Priority"), words.Priority.choices, required=False)
    kind = choice(_("Kind"), words.Kind.choices, required=False)
    category = choice(_("Category"), words.Category.choices, required=False)
    segment = choice(_("Segment"), Organisation.Segment.choices, required=False)
    region = line(_("Region"), required=False, limit=32)
    team = one_of(_("Team"), Team.objects.filter(active=True), required=False, empty="–")
    organisation = forms.UUIDField(label=_("Customer"), required=False, widget=forms.HiddenInput)

    def chosen(self) -> list[tuple[str, str, str]]:
        """Return (name, label, value in words) of every filter that narrows."""
        found = []
        for name, value in getattr(self, "cleaned_data", {}).items():
            if value and name != "q":
                shown = dict(getattr(self.fields[name], "choices", [])) if isinstance(value, str) else {}
                found.append((name, str(self.fields[name].label), str(shown.get(value, value))))
        return found

    def drawn(self) -> SafeString:
        """Draw every field but `q`, once for the same teams, values and language: selects are dear. 1 query."""
        teams = self.fields["team"]
        teams.choices = [(str(value), str(label)) for value, label in teams.choices]
        values = tuple(self.data.get(name, "") for name in self.fields if name != "q")
        key = (get_language(), values, tuple(teams.choices))
        if key not in _DRAWN:
            if len(_DRAWN) >= KEPT:
                _DRAWN.clear()
            _DRAWN[key] = render_to_string("desk/parts/filters.html", {"form": self})
        return _DRAWN[key]


def counts_of(actor: Actor) -> dict[str, int]:
    """Return how many tickets stand in each view. 1 query, kept ten seconds for the reader."""
    key = f"queue-counts:{actor.ref}"
    found = cache.get(key)
    if found is None:
        found = view_counts(actor)
        cache.set(key, found, KEEP_SECONDS)
    return found
