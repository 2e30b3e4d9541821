"""What a version of a policy says, as plain data: taken from its rows, brought to one form, compared. Pure but for
`shape_of`.

A shape is {"key", "name", "subject", "conditions", "on_entitlement_calendar", "ack_silence_s", "rules": [rule, …]} as
the shipped policies are written in (`escalation.shipped`); a rule carries only what differs from the defaults.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from escalation.models import Policy, PolicyVersion, Rule
from ledger.record import canonical

Shape = dict[str, Any]
ALWAYS = ("code", "label", "anchor", "offset_s", "targets", "stop_on")
DEFAULTS: dict[str, Any] = {
    "customer_label": "", "unit": "s", "end_of_day": False, "latest_s": None, "repeat_s": None,
    "max_occurrences": None, "pausable": False, "restart_on": [], "silenced_by_ack": False, "variants": [],
    "when": {}, "breach": True, "severity": 2,
}  # fmt: skip
POLICY_FIELDS = ("conditions", "on_entitlement_calendar", "ack_silence_s")
RULE_FIELDS = (*ALWAYS, *DEFAULTS)


@dataclass(frozen=True, slots=True)
class Change:
    """One difference of two shapes. `code` "" = of the policy itself; `field` "" = the whole rule came or went."""

    code: str
    field: str
    before: Any
    after: Any

    @property
    def added(self) -> bool:
        """Whether the rule is new."""
        return not self.field and self.before is None

    @property
    def removed(self) -> bool:
        """Whether the rule is gone."""
        return not self.field and self.after is None


def shape_of(version: PolicyVersion, policy: Policy | None = None) -> Shape:
    """Return what a published version says. 1 query for its rules."""
    policy = policy or version.policy
    return normal({
        "key": policy.key, "name": policy.name, "subject": policy.subject,
        "conditions": version.conditions, "on_entitlement_calendar": version.on_entitlement_calendar,
        "ack_silence_s": version.ack_silence_s,
        "rules": [rule_shape(rule) for rule in version.rules.select_related("calendar").order_by("position", "code")],
    })  # fmt: skip


def rule_shape(rule: Rule) -> dict[str, Any]:
    """Return one row as data."""
    return slim(
        {name: getattr(rule, name) for name in RULE_FIELDS}
        | {"calendar": str(rule.calendar.uuid) if rule.calendar else None}
    )


def normal(shape: Mapping[str, Any]) -> Shape:
    """Return the shape with nothing but what it may hold, and with rules without their defaults."""
    made = {name: shape.get(name) for name in ("key", "name", "subject")}
    made["conditions"] = dict(shape.get("conditions") or {})
    made["on_entitlement_calendar"] = sorted(shape.get("on_entitlement_calendar") or [])
    if shape.get("ack_silence_s"):
        made["ack_silence_s"] = shape["ack_silence_s"]
    made["rules"] = [slim(rule) for rule in shape.get("rules") or []]
    return made


def slim(rule: Mapping[str, Any]) -> dict[str, Any]:
    """Return a rule without what equals the default."""
    made: dict[str, Any] = {name: rule.get(name) for name in ALWAYS}
    made |= {name: rule[name] for name in DEFAULTS if name in rule and rule[name] != DEFAULTS[name]}
    if made.get("variants"):
        made["variants"] = [
            {"when": one.get("when") or {}, "offset_s": one.get("offset_s")} for one in made["variants"]
        ]
    if rule.get("calendar"):
        made["calendar"] = rule["calendar"]
    return made


def value(rule: Mapping[str, Any], name: str) -> Any:
    """Return a field of a rule, its default where the rule does not say."""
    return rule.get(name, DEFAULTS.get(name))


def fingerprint(shape: Mapping[str, Any]) -> str:
    """Return the SHA-256 of what a shape says, hex."""
    return hashlib.sha256(canonical(normal(shape)).encode()).hexdigest()


def rule_of(shape: Mapping[str, Any], code: str) -> dict[str, Any] | None:
    """Return the rule of that code, None if there is none."""
    return next((rule for rule in shape["rules"] if rule["code"] == code), None)


def difference(before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> list[Change]:
    """Return what changed from `before` (None = there was nothing) to `after`: of the policy, then rule by rule."""
    old = normal(before or {})
    new = normal(after)
    found = [
        Change("", name, old.get(name), new.get(name))
        for name in POLICY_FIELDS
        if (old.get(name) or None) != (new.get(name) or None)
    ]
    was, now = ({rule["code"]: rule for rule in shape["rules"]} for shape in (old, new))
    found += [Change(code, "", None, rule) for code, rule in now.items() if code not in was]
    found += [Change(code, "", rule, None) for code, rule in was.items() if code not in now]
    for code in (code for code in now if code in was):
        fields = [name for name in (*RULE_FIELDS, "calendar") if value(was[code], name) != value(now[code], name)]
        found += [Change(code, name, value(was[code], name), value(now[code], name)) for name in fields]
    kept = [code for code in was if code in now]
    if kept != [code for code in now if code in was]:
        found.append(Change("", "order", list(was), list(now)))
    return found
