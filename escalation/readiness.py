"""Whether a draft may be published: what cannot work, who is missing, what changed, whether its comparison was seen."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from catalogue.models import Calendar
from escalation.coverage import DAYS, Hole, check
from escalation.ladder_checks import Problem, problems, red
from escalation.models import PolicyDraft, PolicyReading, PolicyVersion
from escalation.readings import is_of, last_reading, read_by_another
from escalation.shapes import Change, Shape, difference, fingerprint, shape_of
from ledger.errors import Refused


@dataclass(frozen=True, kw_only=True, slots=True)
class Readiness:
    """What stands between a draft and its publication. `holes` None = coverage was not asked for.

    reading  the last question to a second reader, None = nobody was asked; read: it was read as it now stands, or
             nobody need read it. of_this: the question is about what the draft says now.
    """

    problems: Sequence[Problem]
    holes: Sequence[Hole] | None
    changes: Sequence[Change]
    compared: bool
    outdated: bool
    reading: PolicyReading | None = None
    read: bool = False
    of_this: bool = False

    @property
    def broken(self) -> list[Problem]:
        """What cannot work at all."""
        return red(self.problems)

    @property
    def red_holes(self) -> list[Hole]:
        """Roles and times in which nobody can be told."""
        return [hole for hole in self.holes or () if hole.severity == "red"]

    @property
    def ready(self) -> bool:
        """Whether it may be published by somebody who says what changed."""
        return self.readable and self.read

    @property
    def readable(self) -> bool:
        """Whether nothing but a second reader stands in the way."""
        return bool(self.changes) and self.compared and not self.broken and not self.red_holes


def looked_at(shape: Shape, at: datetime) -> list[Hole]:
    """Return who is missing from `at` on. 9 queries."""
    return check([shape], at=at, days=DAYS)


def readiness(
    draft: PolicyDraft, base: Shape | None, *, at: datetime, coverage: bool = True,
    look: Callable[[Shape, datetime], Sequence[Hole]] = looked_at,
) -> Readiness:  # fmt: skip
    """Judge a draft. base: what the version in force says, None = there is none. look: how coverage is asked for."""
    same = draft.comparison is not None and draft.compared_sha == fingerprint(draft.shape)
    reading = last_reading(draft)
    return Readiness(
        problems=[*problems(draft.shape), *_gone(draft.shape)],
        holes=look(draft.shape, at) if coverage else None,
        changes=difference(base, draft.shape),
        compared=same,
        outdated=draft.comparison is not None and not same,
        reading=reading,
        read=read_by_another(reading, draft),
        of_this=reading is not None and is_of(reading, draft),
    )


def _gone(shape: Shape) -> list[Problem]:
    """Return rules whose calendar there is none of, or one that has no hours to count. At most 1 query."""
    named = {str(rule["calendar"]): rule["code"] for rule in shape["rules"] if rule.get("calendar")}
    if not named:
        return []
    rows = Calendar.objects.filter(round_the_clock=False).values_list("uuid", flat=True)
    known = {str(uuid) for uuid in rows}
    message = _("This calendar is gone, or never closes. Choose another.")
    return [
        Problem(code="calendar", rule=code, field="calendar", message=message)
        for uuid, code in named.items() if uuid not in known
    ]  # fmt: skip


def base_shape(version: PolicyVersion | None) -> Shape | None:
    """Return what the version in force says, None without one. 1 query."""
    return shape_of(version) if version is not None else None


def refuse_broken(judged: Readiness) -> None:
    """Raise Refused("cannot_work") with every reason, unless everything can work."""
    broken = judged.broken
    if broken:
        told = [one.as_dict() for one in broken]
        raise Refused("cannot_work", broken[0].message, field=broken[0].rule or None, problems=told)
