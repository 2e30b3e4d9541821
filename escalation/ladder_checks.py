"""What cannot work in a policy, each with a sentence, the rule and the field at fault. Pure: works on a shape.

Red refuses the publication, yellow is only said. Who answers for a role is `escalation.coverage`'s to judge.
"""

import dataclasses
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from escalation.ladder_conditions import condition_problems
from escalation.ladder_times import MINUTE_S, order_problems, reach_problems
from escalation.ladder_words import ANCHORS, COMPUTED, ENDS_BY_ITSELF, EVENTS, ROLES, SAME_MOMENT, STARTS_ON, TOLD_BY
from escalation.shapes import Shape, value

CODE = re.compile(r"^[A-Z]{1,3}-[0-9]{1,2}D?$")
ROUND_THE_CLOCK = re.compile(r"^(F|D|M|U|K|H)-|^T-[12]D?$|^E-[13]D?$")
NEVER_SILENT = ("F-2", "T-4", "T-5")
CAPPED = {"F-2": 30 * MINUTE_S}
MEASURED = {"interaction"}
LEAST_REPEAT_S = 60
LONGEST_S = 400 * 86_400
ROUTED = re.compile(r"^team:[0-9a-f-]{36}$")


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class Problem:
    """One thing that cannot work. rule "" = the policy itself; field "" = no single one.

    fix  values that would mend it: {rule code: {field: value}}; empty = there is no one way.
    """

    code: str
    message: str
    rule: str = ""
    field: str = ""
    red: bool = True
    fix: Mapping[str, Mapping[str, Any]] = dataclasses.field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON-able data."""
        return {"code": self.code, "message": str(self.message), "rule": self.rule, "field": self.field,
                "severity": "red" if self.red else "yellow"}  # fmt: skip


def problems(shape: Shape) -> list[Problem]:
    """Return everything that cannot work, the policy's first, then in the order of the rules."""
    rules = shape["rules"]
    if not rules:
        return [Problem(code="no_rules", message=_("A policy without rules calls nobody. Add a rule."))]
    found = [Problem(**told) for told in condition_problems(shape)]
    found += list(_policy(shape))
    codes = [rule["code"] for rule in rules]
    for rule in rules:
        found += [_told(rule, *said) for said in _rule(shape, rule, codes)]
    found += [Problem(**told) for told in (*reach_problems(shape), *order_problems(shape))]
    place = {code: number for number, code in enumerate(codes)}
    return sorted(found, key=lambda one: (place.get(one.rule, -1), not one.red))


def red(found: Iterable[Problem]) -> list[Problem]:
    """Return what refuses the publication."""
    return [one for one in found if one.red]


def round_the_clock(shape: Shape, rule: Mapping[str, Any]) -> bool:
    """Whether no calendar may touch the rule: any hour and date (X-08)."""
    return shape["subject"] == "escalation" or bool(ROUND_THE_CLOCK.match(rule["code"] or ""))


def may_pause(shape: Shape, rule: Mapping[str, Any]) -> bool:
    """Whether the rule may wait while a ticket is suspended: only what aims at the solution of a ticket."""
    return shape["subject"] == "ticket" and not round_the_clock(shape, rule) and value(rule, "unit") == "s"


Said = tuple[str, str, str] | tuple[str, str, str, dict[str, Any]]


def _told(rule: Mapping[str, Any], code: str, where: str, message: str, fix: dict[str, Any] | None = None) -> Problem:
    return Problem(code=code, rule=rule["code"], field=where, message=message, fix={rule["code"]: fix} if fix else {})


def _policy(shape: Shape) -> Iterator[Problem]:
    starts = shape["conditions"].get("starts_on")
    if shape["subject"] == "ticket" and starts not in STARTS_ON:
        yield Problem(code="no_start", field="starts_on", message=_("Say which event starts the clock."))
    calendar = set(shape["on_entitlement_calendar"])
    by_time = next((rule["code"] for rule in shape["rules"] if value(rule, "unit") == "s"), "")
    urgent = calendar & {"P1", "P2"} and by_time
    if calendar and (shape["subject"] != "ticket" or urgent):
        fixed = by_time or shape["rules"][0]["code"]
        yield Problem(
            code="calendar", field="on_entitlement_calendar", rule=fixed,
            message=_("This runs at any hour and date; it cannot wait for business hours. Take the calendar away."),
        )  # fmt: skip


def _rule(shape: Shape, rule: Mapping[str, Any], codes: list[str]) -> Iterator[Said]:
    if not CODE.match(rule["code"] or ""):
        yield "code", "code", _("A code looks like M-3 or T-1D: letters, a hyphen, a number.")
    elif codes.count(rule["code"]) > 1:
        yield "code_twice", "code", _("Two rules have this code. A running clock finds its rule by it; choose another.")
    if not (rule["label"] or "").strip():
        yield "label", "label", _("Give the rule a name that says what must have happened.")
    yield from _anchor(shape, rule, codes)
    yield from _length(rule)
    yield from _repeat(shape, rule)
    yield from _stops(shape, rule)
    yield from _targets(shape, rule)
    yield from _clock(shape, rule)


def _anchor(shape: Shape, rule: Mapping[str, Any], codes: list[str]) -> Iterator[Said]:
    kind, _colon, code = (rule["anchor"] or "").partition(":")
    if kind == "fired":
        if code not in codes:
            yield "no_anchor", "anchor", _("Rule %(code)s does not exist, so this step is never reached.") % {
                "code": code}  # fmt: skip
    elif kind not in ANCHORS.get(shape["subject"], {}) and kind not in EVENTS.get(shape["subject"], {}):
        yield "no_anchor", "anchor", _("Nothing of this kind ever happens here, so this step is never reached.")
    elif kind == "stage_two" and "F-1D" not in codes:
        yield "no_anchor", "anchor", _("Without rule F-1D silence never begins the second stage. Keep F-1D.")
    at_once = SAME_MOMENT.get(kind, set()) & set(rule["stop_on"] or [])
    if kind in {"start", "received"} and shape["conditions"].get("starts_on") in (rule["stop_on"] or []):
        at_once = {shape["conditions"]["starts_on"]}
    if at_once:
        yield "stopped_before", "stop_on", _("What starts this step also stops it, so it never fires.")


def _length(rule: Mapping[str, Any]) -> Iterator[Said]:
    offset = rule["offset_s"]
    if not isinstance(offset, int) or isinstance(offset, bool) or not 0 <= offset <= LONGEST_S:
        yield "offset", "offset_s", _("Give a time between 0 and 400 days.")
    if value(rule, "unit") not in {"s", "work_day"}:
        yield "unit", "unit", _("Count in time on the clock or in working days.")
    elif value(rule, "unit") == "work_day" and (offset or 0) % 86_400:
        yield "offset", "offset_s", _("Working days are whole days.")
    if value(rule, "severity") not in {1, 2, 3}:
        yield "severity", "severity", _("Choose 1, 2 or 3.")
    limit = CAPPED.get(rule["code"])
    latest = value(rule, "latest_s")
    if limit and (latest is None or latest > limit):
        yield "limit", "latest_s", _("Never later than %(min)s min after the request, by contract.") % {
            "min": limit // MINUTE_S}, {"latest_s": limit}  # fmt: skip


def _repeat(shape: Shape, rule: Mapping[str, Any]) -> Iterator[Said]:
    every, most = value(rule, "repeat_s"), value(rule, "max_occurrences")
    known = set(EVENTS.get(shape["subject"], {}))
    if every is not None and every < LEAST_REPEAT_S:
        yield "repeat", "repeat_s", _("Nobody can answer more than once a minute. Repeat less often.")
    stoppable = shape["subject"] in ENDS_BY_ITSELF or known & set(rule["stop_on"] or [])
    if every and not most and not stoppable:
        yield "endless", "stop_on", _("This repeats without end and nothing can stop it. Choose what stops it.")
    if value(rule, "unit") == "work_day" and (every or value(rule, "latest_s") is not None):
        where = "repeat_s" if every else "latest_s"
        yield "work_day", where, _("A rule in working days neither repeats nor has a latest time.")


def _stops(shape: Shape, rule: Mapping[str, Any]) -> Iterator[Said]:
    known = EVENTS.get(shape["subject"], {})
    for where in ("stop_on", "restart_on"):
        strange = [event for event in value(rule, where) or [] if event not in known]
        if strange:
            yield "event", where, _("“%(event)s” never happens here. Choose from the list.") % {"event": strange[0]}


def _targets(shape: Shape, rule: Mapping[str, Any]) -> Iterator[Said]:
    targets = rule["targets"] or []
    if not targets and shape["subject"] not in MEASURED:
        yield "nobody", "targets", _("This rule tells nobody. Choose whom it tells.")
    for word in targets:
        role, _colon, rest = word.partition(":")
        known = word in COMPUTED or ROUTED.match(word) or (role in ROLES and rest in {"", "second"})
        if not known or shape["subject"] not in TOLD_BY.get(word, {shape["subject"]}):
            yield "target", "targets", _("There is no role “%(word)s” to tell. Choose from the list.") % {"word": word}
    others = [one for one in shape["rules"] if set(one["targets"] or []) - {"all_told"}]
    if targets == ["all_told"] and not others:
        yield "nobody", "targets", _("Nobody was told before, so there is nobody to tell. Add a first step.")


def _clock(shape: Shape, rule: Mapping[str, Any]) -> Iterator[Said]:
    fixed = round_the_clock(shape, rule)
    days = value(rule, "unit") == "work_day"
    if fixed and (rule.get("calendar") or days):
        yield "calendar", "unit", _("This rule runs at any hour and date; business hours are refused here."), {
            "unit": "s", "calendar": None}  # fmt: skip
    elif rule.get("calendar") and not days:
        message = _("Only a rule in working days has a calendar of its own. Count it in working days, or leave it out.")
        yield "calendar", "calendar", message, {"calendar": None}
    if value(rule, "end_of_day") and not days:
        yield "end_of_day", "end_of_day", _("Only a rule in working days ends with the day."), {"end_of_day": False}
    if value(rule, "pausable") and not may_pause(shape, rule):
        yield "pause", "pausable", _("This rule does not wait while the ticket is suspended."), {"pausable": False}
    if value(rule, "silenced_by_ack") and rule["code"] in NEVER_SILENT:
        yield "silence", "silenced_by_ack", _("Only the solution stops this rule; an acknowledgement never does."), {
            "silenced_by_ack": False}  # fmt: skip
