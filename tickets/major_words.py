"""What each fact of a major incident says in its log: icon and sentence, filled with names, words and times."""

from collections.abc import Mapping
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ledger.models import Entry
from tickets.models import MajorIncident, MajorRole
from tickets.words import Cause

FACTS: dict[str, tuple[str, Any]] = {
    "major.declared": ("urgent", _("Declared, {who} commands: {customers} customers, {services} services affected")),
    "major.commander_changed": ("user-star", _("{who} takes command from {before}")),
    "major.role_given": ("user-plus", _("{who} joined: {part}")),
    "major.role_ended": ("user", _("{who} left: {part}")),
    "major.impact_added": ("users-plus", _("Affected too: {what}")),
    "major.impact_removed": ("users", _("Not affected any more: {what}")),
    "major.impact_computed": ("route", _("Impact computed again: {customers} customers, {services} services new")),
    "major.ticket_attached": ("link", _("{ticket} attached")),
    "major.ticket_detached": ("link", _("{ticket} detached")),
    "major.children_updated": ("ticket", _("{done} tickets told, {refused} refused")),
    "major.drafted": ("pencil", _("Next news drafted")),
    "major.updated": ("speakerphone", _("News sent to {contacts} contacts of {customers} customers")),
    "major.cadence_changed": ("clock", _("News every {minutes} min instead of every {was} min")),
    "major.noted": ("message", _("Note of the team")),
    "major.protocol_begun": ("list-check", _("Protocol begun: {called}, {steps} steps")),
    "major.step_added": ("list-check", _("To be done: {item}")),
    "major.step_done": ("check", _("Done: {item}")),
    "major.step_skipped": ("x", _("Left out: {item}")),
    "major.restored": ("circle-check", _("Service restored; {done} tickets solved, {refused} refused")),
    "major.review_begun": ("clipboard-check", _("Review begun")),
    "major.review_saved": ("pencil", _("Review written on")),
    "major.reviewed": ("clipboard-check", _("Review done: {cause}")),
    "major.closed": ("circle-check", _("Closed")),
    "timer.fired": ("bell-ringing", _("Time is up: {label}")),
}
QUIET = frozenset({"major.drafted", "major.review_saved"})


class _Said(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "–"


def sentence(entry: Entry, names: Mapping[str, str]) -> tuple[str, str]:
    """Return (icon, sentence) of one fact. names: public id → name."""
    icon, words = FACTS.get(entry.name, ("info-circle", entry.name))
    data = entry.data
    said = _Said({key: names.get(str(value), str(value)) for key, value in data.items() if value is not None})
    said["was"] = said["before"]
    said["what"] = names.get(str(data.get("organisation", "")), "") or str(data.get("service", "–"))
    said["part"] = str(dict(MajorRole.Part.choices).get(data.get("part", ""), "–")).lower()
    said["cause"] = str(dict(Cause.choices).get(data.get("cause_code", ""), "–")).lower()
    said["called"] = gettext(data["called"]) if data.get("called") else "–"
    said["label"] = gettext(data["label"]) if data.get("label") else "–"
    return icon, str(words).format_map(said)


def phase_words(value: str) -> str:
    """Return how far it is, in words."""
    return str(dict(MajorIncident.Phase.choices).get(value, value))


def due_of(entry: Entry) -> Any:
    """Return the instant the next news was promised for in this fact, None for none."""
    return parse_datetime(entry.data["next_due"]) if entry.data.get("next_due") else None
