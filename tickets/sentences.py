"""A fact as a sentence for a person: no codes, no fact names, no ISO instants. Pure: names come in resolved."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from ledger.models import Entry
from tickets.fact_words import FIELDS, word
from tickets.facts import FACTS

TIMES = frozenset({"due_at", "until", "before", "follow_up_at", "starts_at"})
SAID = {"escalation.requested": "requester", "escalation.joined": "requester", "ticket.tagged": "tags"}
Data = Mapping[str, Any]


def sentence(entry: Entry, names: Mapping[str, str], said: Mapping[str, str], *, inside: bool) -> str:
    """Return what `entry` says.

    names   public id → name of people, teams, steps, promises. said  the entry's own texts by name, may be empty.
    inside  False = the plain sentence, for customers.
    """
    data = {**entry.data, **{key: said[key] for key in said if key == SAID.get(entry.name)}}
    fuller = FULLER.get(entry.name) if inside else None
    words = (fuller(data) if fuller else None) or FACTS[entry.name][1]
    told = _Told(entry, data, names)
    return str(words).format_map(told)


def moment(at: datetime, seen: datetime) -> str:
    """Return "14:36" on the day of `seen`, "Wed 17 June, 09:12" on any other; in the reader's zone."""
    local, then = timezone.localtime(at), timezone.localtime(seen)
    hour = date_format(local, "H:i")
    if local.date() == then.date():
        return hour
    with_year = local.year != then.year
    shape = pgettext("date format, with year", "D j F Y") if with_year else pgettext("date format", "D j F")
    return f"{date_format(local, shape)}, {hour}"


class _Told(dict):
    """The values of one fact in words, looked up as the sentence asks for them; a missing one is an en dash."""

    def __init__(self, entry: Entry, data: Data, names: Mapping[str, str]) -> None:
        super().__init__()
        self.entry, self.facts, self.names = entry, data, names

    def __missing__(self, key: str) -> str:
        value = self.facts.get(key)
        if key == "changes" and isinstance(value, dict):
            return ", ".join(self._change(*item) for item in sorted(value.items()))
        if isinstance(value, list):
            return self._list(key, value)
        return self._one(key, value) or "–"

    def _one(self, key: str, value: Any) -> str:
        if value is None or value == "":
            return ""
        if not isinstance(value, str):
            return str(value)
        found = self.names.get(value) or word(self.entry.name, key, value)
        if found is not None:
            return found
        at = parse_datetime(value) if key in TIMES else None
        if at is not None:
            return moment(at, self.entry.at)
        return gettext(value) if key == "label" else value

    def _list(self, key: str, value: list[Any]) -> str:
        if key == "fields":
            return ", ".join(str(FIELDS.get(name, "")) for name in value)
        if key == "items":
            return str(len(value))
        return ", ".join(self._one(key, each) for each in value) or "–"

    def _change(self, field: str, pair: list[Any]) -> str:
        name = str(FIELDS.get(field, field))
        before, after = (self._one(field, each) or "–" for each in pair)
        if before == after:
            return name
        return gettext("%(field)s from %(before)s to %(after)s") % {"field": name, "before": before, "after": after}


def _verified(data: Data) -> Any:
    if data.get("method") in {"internal", "monitoring", "token", "prospect"}:
        return _("Opened for work: {method}")
    return None


def _fired(data: Data) -> Any:
    outcome, told = data.get("outcome"), bool(data.get("people"))
    if "label" not in data:
        return _("A time limit ran out, {people} told") if told else _("A time limit ran out")
    if outcome == "moot":
        return _("{label}: not needed any more")
    if outcome == "no_recipient":
        return _("{label}: nobody to tell was found")
    if outcome == "collapsed":
        return _("{label}: fell due while nothing was sent, told with the next")
    if data.get("breach"):
        return _("{label}: time is up, {people} told") if told else _("{label}: time is up")
    return _("{label}: {people} told") if told else None


def _confirmed(data: Data) -> Any:
    if not data.get("deputy"):
        return None
    if data.get("person"):
        return _("{by} confirmed {how} for {person}, {role}")
    return _("{by} confirmed {how} as deputy: {role}")


def _step(data: Data) -> Any:
    return _("Low rating, improvement opened: {item}") if data.get("rating") else None


def _when(field: str, words: Any) -> Callable[[Data], Any]:
    """A fuller sentence where the fact has `field`."""
    return lambda data: words if data.get(field) else None


FULLER: dict[str, Callable[[Data], Any]] = {
    "ticket.logged": _when("born_of", _("Opened out of {born_of}")),
    "ticket.verified": _verified,
    "verification.failed": _when("contact", _("{contact} not verified: what was said did not match ({proof})")),
    "ticket.assigned": lambda data: (
        _("Put back into the team's queue") if not data.get("owner")
        else _("Assigned to {owner}, before {before}") if data.get("before") else None
    ),
    "ticket.transferred": _when("before", _("Transferred from {before} to {team}")),
    "ticket.signed_for": _when("specialists", _("{owner} signed for the ticket, engaged: {specialists}")),
    "ticket.suspended": _when("function", _("Suspended until {until}: {function} was the last to approve")),
    "ticket.resumed": _when("automatic", _("The agreed time has come: work goes on")),
    "ticket.resolved": _when("code", _("Resolved: {code}. Cause: {cause_code}")),
    "ticket.closed": _when("follow_up_at", _("Closed, follow-up planned for {follow_up_at}")),
    "ticket.cancelled": lambda data: _("Withdrawn by the customer") if data.get("reason") == "by_customer" else None,
    "interaction.ended": _when("disposition", _("Contact ended: {disposition}")),
    "work_item.added": _step,
    "escalation.requested": _when("requester", _("Formal escalation requested by {requester}")),
    "escalation.joined": _when("requester", _("{requester} joined the formal escalation")),
    "escalation.confirmed": _confirmed,
    "escalation.attempted": _when("person", _("{person}, {role}, called and not reached")),
    "escalation.team_engaged": _when("person", _("{team} engaged, {person} called")),
    "escalation.stage_two": lambda data: (
        _("Second stage began: everybody asked has confirmed") if data.get("why") == "confirmed" else None
    ),
    "escalation.closed": _when("reason", _("Formal escalation closed: {reason}")),
    "timer.fired": _fired,
}  # fmt: skip
