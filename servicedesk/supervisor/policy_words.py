"""Differences of two shapes in words a person reads before publishing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from escalation.board_policies import conditions
from escalation.ladder_words import anchor_words, event_words
from escalation.policy_names import NONE, Names
from escalation.shapes import Change, Shape, difference, rule_of
from ledger.errors import Refused
from servicedesk.web import times

FIELDS = {
    "label": pgettext_lazy("of a rule", "Name"), "customer_label": gettext_lazy("Name for customers"),
    "anchor": gettext_lazy("Counted"), "offset_s": gettext_lazy("Time"), "targets": gettext_lazy("Tells"),
    "stop_on": gettext_lazy("Stops when"), "unit": gettext_lazy("Unit"),
    "end_of_day": gettext_lazy("At the end of that working day"), "latest_s": gettext_lazy("Never later than"),
    "repeat_s": gettext_lazy("Repeat"), "max_occurrences": gettext_lazy("At most, times"),
    "pausable": gettext_lazy("Pause while the ticket is suspended"), "restart_on": gettext_lazy("Begins anew when"),
    "silenced_by_ack": gettext_lazy("An acknowledgement holds it back"), "variants": gettext_lazy("Exceptions"),
    "when": gettext_lazy("Only when"), "breach": gettext_lazy("Firing means a promise was broken"),
    "severity": gettext_lazy("Weight"), "calendar": gettext_lazy("Calendar"),
    "conditions": gettext_lazy("Applies when"), "order": gettext_lazy("Order"),
    "on_entitlement_calendar": gettext_lazy("Counted on the entitlement's calendar"),
    "ack_silence_s": gettext_lazy("An acknowledgement holds back for"),
}  # fmt: skip
SPANS = {"offset_s", "latest_s", "repeat_s", "ack_silence_s"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """One difference. kind: added, removed, changed; `code` "" = of the whole policy."""

    kind: str
    code: str
    title: str
    before: str
    after: str


def told(changes: Iterable[Change], shape: Shape, before: Shape | None, names: Names = NONE) -> list[Told]:
    """Return the differences in words, in their order. names: of calendars and teams the rules name by id."""
    labels = {rule["code"]: _(rule["label"] or "") for rule in [*(before or shape)["rules"], *shape["rules"]]}
    return [_told(change, shape["subject"], labels, names) for change in changes]


def _told(change: Change, subject: str, labels: dict[str, str], names: Names) -> Told:
    name = f"{change.code} {labels.get(change.code, '')}".strip()
    if change.added or change.removed:
        kind = "added" if change.added else "removed"
        return Told(kind=kind, code=change.code, title=name, before="", after="")
    field = str(FIELDS.get(change.field, change.field))
    title = f"{name}: {field}" if name else field
    before, after = (words(change.field, said, subject, names) for said in (change.before, change.after))
    return Told(kind="changed", code=change.code, title=title, before=before, after=after)


def words(field: str, said: Any, subject: str, names: Names = NONE) -> str:
    """Return one value of a field in words."""
    if said is None or said == "" or said == [] or said == {}:
        return times.DASH
    if isinstance(said, bool):
        return _("yes") if said else _("no")
    if field in SPANS and isinstance(said, int):
        return times.span(timedelta(seconds=said))
    if field == "anchor":
        return anchor_words(subject, said)
    if field == "targets":
        return ", ".join(names.target(word) for word in said)
    if field == "calendar":
        return names.calendar(said)
    if field in {"stop_on", "restart_on"}:
        return ", ".join(event_words(subject, event) for event in said)
    if field in {"when", "conditions"}:
        return "; ".join(f"{name}: {wanted}" for name, wanted in conditions(said))
    if field == "variants":
        return "; ".join(f"{times.span(timedelta(seconds=one['offset_s']))}, {words('when', one['when'], subject)}"
                         for one in said)  # fmt: skip
    return ", ".join(map(str, said)) if isinstance(said, list) else str(said)


def both(refusal: Refused, mine: Shape | None, code: str) -> dict[str, Any]:
    """Return a rule as typed and as somebody saved it meanwhile: fields that differ, in words."""
    theirs = refusal.details.get("shape") or {"rules": []}
    pair = [rule_of(shape, code) if shape else None for shape in (mine, theirs)]
    rows = []
    if mine and pair[0] and pair[1]:
        found = difference({**mine, "rules": [pair[0]]}, {**mine, "rules": [pair[1]]})
        rows = [(FIELDS.get(one.field, one.field), words(one.field, one.before, mine["subject"]),
                 words(one.field, one.after, mine["subject"])) for one in found]  # fmt: skip
    return {"who": refusal.details.get("saved_by", ""), "mine": pair[0], "theirs": pair[1], "rows": rows}
