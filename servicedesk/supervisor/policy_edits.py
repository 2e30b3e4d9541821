"""Edits of a draft's shape, each a pure function: a rule set, added, removed, moved, copied. Unknown codes change
nothing."""

from typing import Any

from escalation.ladder_checks import problems
from escalation.shapes import Shape, rule_of


def set_rule(shape: Shape, code: str, rule: dict[str, Any]) -> Shape:
    """Return the shape with the rule of that code replaced; a new one (code "+") comes last."""
    if code == "+":
        return {**shape, "rules": [*shape["rules"], rule]}
    return {**shape, "rules": [rule if one["code"] == code else one for one in shape["rules"]]}


def remove(shape: Shape, code: str) -> Shape:
    """Return the shape without that rule."""
    return {**shape, "rules": [one for one in shape["rules"] if one["code"] != code]}


def shifted(shape: Shape, code: str, by: int) -> Shape:
    """Return the shape with the rule one place up (-1) or down (1)."""
    rules = list(shape["rules"])
    here = next((number for number, one in enumerate(rules) if one["code"] == code), None)
    if here is None or not 0 <= here + by < len(rules):
        return shape
    rules[here], rules[here + by] = rules[here + by], rules[here]
    return {**shape, "rules": rules}


def copied(shape: Shape, code: str) -> tuple[Shape, str]:
    """Return the shape with a copy after the rule, and the copy's code: the next number that is free."""
    rule = rule_of(shape, code)
    if rule is None:
        return shape, code
    letters, _hyphen, number = code.rstrip("D").partition("-")
    start = int(number) if number.isdigit() else 0
    taken = {one["code"] for one in shape["rules"]}
    fresh = next(f"{letters}-{n}" for n in range(start + 1, start + 2 + len(taken)) if f"{letters}-{n}" not in taken)
    place = shape["rules"].index(rule) + 1
    return {**shape, "rules": [*shape["rules"][:place], {**rule, "code": fresh}, *shape["rules"][place:]]}, fresh


def without_variant(shape: Shape, code: str, number: int) -> Shape:
    """Return the shape without one exception of the rule."""
    rule = rule_of(shape, code)
    if rule is None or not 0 <= number < len(rule.get("variants") or []):
        return shape
    left = [one for place, one in enumerate(rule["variants"]) if place != number]
    return set_rule(shape, code, {**rule, "variants": left})


def mended(shape: Shape, code: str) -> Shape:
    """Return the shape with every mend that is known for the rule's problems."""
    made = shape
    for problem in problems(shape):
        if problem.rule == code:
            for of, fields in problem.fix.items():
                rule = rule_of(made, of)
                made = set_rule(made, of, {**rule, **fields}) if rule else made
    return made
