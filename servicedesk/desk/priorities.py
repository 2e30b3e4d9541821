"""The priority a call is offered, with its reason."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from tickets import words


@dataclass(frozen=True, slots=True)
class Proposed:
    """What the matrix says, and why."""

    value: str
    reason: str


def proposed_priority(data: Any, matrix: Callable[[], Mapping[tuple[str, str], str]]) -> Proposed | None:
    """Return the proposal for the impact and urgency typed so far, None while one is missing or unknown.

    matrix  asked for only where both are known.
    """
    if data.get("critical"):
        return Proposed("P1", _("critical"))
    impact, urgency = data.get("impact", ""), data.get("urgency", "")
    if impact not in words.Level.values or urgency not in words.Level.values:
        return None
    levels = dict(words.Level.choices)
    reason = _("impact %(impact)s, urgency %(urgency)s") % {
        "impact": str(levels[impact]).lower(), "urgency": str(levels[urgency]).lower(),
    }  # fmt: skip
    return Proposed(matrix()[impact, urgency], reason)
