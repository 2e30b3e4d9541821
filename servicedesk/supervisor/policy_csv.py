"""The rules of a version as rows of a CSV file."""

from typing import Any

from escalation.shapes import RULE_FIELDS, Shape, value

COLUMNS = (*RULE_FIELDS, "calendar")

FORMULA = ("=", "+", "-", "@", "\t", "\r")


def rows_of(shape: Shape) -> list[list[str]]:
    """Return the header and one row for each rule; lists by semicolons, no cell a spreadsheet would run."""
    rows = [[cell(value(rule, name)) for name in COLUMNS] for rule in shape["rules"]]
    return [["policy", *COLUMNS], *([cell(shape["key"]), *row] for row in rows)]


def cell(said: Any) -> str:
    """Return one value as text."""
    if said is None:
        return ""
    if isinstance(said, bool):
        return "yes" if said else "no"
    text = "; ".join(map(str, said)) if isinstance(said, list) else str(said or "") if said != 0 else "0"
    return f"'{text}" if text.startswith(FORMULA) else text
