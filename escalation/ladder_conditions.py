"""Whether conditions of a policy, a rule or a variant can ever hold. Pure: works on a shape."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from escalation.ladder_words import CHOICES, FLAGS, OTHERS, TYPED, choices_of, known_conditions
from escalation.shapes import Shape, value

HOUR = re.compile(r"^([01]\d|2[0-3]):[0-5]\d$")
OF_THE_CLOCK = {"starts_on"}


def condition_problems(shape: Shape) -> Iterator[dict[str, Any]]:
    """Yield conditions on what nobody knows, on values that do not exist, and those that exclude each other."""
    for name, told in _wrong(shape, shape["conditions"]):
        yield {"code": "condition", "rule": "", "field": name, "message": told}
    for rule in shape["rules"]:
        for _name, told in _wrong(shape, value(rule, "when")):
            yield {"code": "condition", "rule": rule["code"], "field": "when", "message": told}
        clash = _excluded(shape["conditions"], value(rule, "when"))
        if clash:
            message = _("The policy never applies where this rule asks for it (%(name)s), so it is never reached.")
            yield {"code": "never", "rule": rule["code"], "field": "when", "message": message % {"name": clash}}
        for variant in value(rule, "variants"):
            for _name, told in _wrong(shape, variant.get("when") or {}):
                yield {"code": "condition", "rule": rule["code"], "field": "variants", "message": told}
            if not isinstance(variant.get("offset_s"), int) or variant["offset_s"] < 0:
                message = _("Give the time of each exception.")
                yield {"code": "offset", "rule": rule["code"], "field": "variants", "message": message}


def _wrong(shape: Shape, conditions: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, wanted in conditions.items():
        if name not in known_conditions(shape["subject"]) | OF_THE_CLOCK:
            yield name, _("Nobody knows “%(name)s” of what this clock runs on, so it never holds.") % {"name": name}
        elif name in FLAGS and not isinstance(wanted, bool):
            yield name, _("%(name)s is yes or no.") % {"name": FLAGS[name]}
        elif name in CHOICES:
            known = list(choices_of(shape["subject"], name))
            strange = [str(one) for one in _listed(wanted) if isinstance(one, bool) or one not in known]
            if strange or not _listed(wanted):
                words = {"value": ", ".join(strange), "name": CHOICES[name][0]}
                yield name, _("“%(value)s” is no value of %(name)s. Choose from the list.") % words
        elif name in TYPED and not all(isinstance(one, str) and one.strip() for one in _listed(wanted) or [""]):
            yield name, _("Name at least one, or leave the condition out.")
        elif name == "local_time" and not _hours(wanted):
            yield name, _("Give both hours as 22:00 and 06:00, and not the same one twice.")
        elif name == "weekday" and (not _listed(wanted) or any(one not in range(7) for one in _listed(wanted))):
            yield name, _("Choose at least one day of the week.")


def _excluded(outer: Mapping[str, Any], inner: Mapping[str, Any]) -> str:
    """Return the first condition under which the rule is asked for and the policy never applies; "" for none."""
    for name in outer.keys() & inner.keys():
        if name == "local_time":
            continue
        if not set(map(str, _listed(outer[name]))) & set(map(str, _listed(inner[name]))):
            return str(CHOICES[name][0] if name in CHOICES else FLAGS.get(name, OTHERS.get(name, name)))
    return ""


def _listed(wanted: Any) -> list[Any]:
    return wanted if isinstance(wanted, list) else [wanted]


def _hours(wanted: Any) -> bool:
    if not isinstance(wanted, dict) or set(wanted) != {"from", "to"}:
        return False
    return all(isinstance(one, str) and HOUR.match(one) for one in wanted.values()) and wanted["from"] != wanted["to"]
