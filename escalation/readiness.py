"""Whether a draft may be published: what cannot work, who is missing, what changed, whether its comparison was seen."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from escalation.ladder_checks import Problem, problems, red
from escalation.models import PolicyDraft, PolicyVersion
from escalation.oncall import OnCall, Scope
from escalation.shapes import Change, Shape, difference, fingerprint, shape_of

DAYS = 400


@dataclass(frozen=True, kw_only=True, slots=True)
class Readiness:
    """What stands between a draft and its publication. `holes` None = coverage was not asked for."""

    problems: Sequence[Problem]
    holes: Sequence[Any] | None
    changes: Sequence[Change]
    compared: bool
    outdated: bool

    @property
    def broken(self) -> list[Problem]:
        """What cannot work at all."""
        return red(self.problems)

    @property
    def red_holes(self) -> list[Any]:
        """Roles and times in which nobody can be told."""
        return [hole for hole in self.holes or () if hole.severity == "red"]

    @property
    def ready(self) -> bool:
        """Whether it may be published by somebody who says what changed."""
        return bool(self.changes) and self.compared and not self.broken and not self.red_holes


def readiness(draft: PolicyDraft, base: Shape | None, *, at: datetime, coverage: bool = True) -> Readiness:
    """Judge a draft. base: what the version in force says, None = there is none. Coverage costs a few queries."""
    same = draft.comparison is not None and draft.compared_sha == fingerprint(draft.shape)
    return Readiness(
        problems=problems(draft.shape),
        holes=covered(draft.shape, at=at) if coverage else None,
        changes=difference(base, draft.shape),
        compared=same,
        outdated=draft.comparison is not None and not same,
    )


def base_shape(version: PolicyVersion | None) -> Shape | None:
    """Return what the version in force says, None without one. 1 query."""
    return shape_of(version) if version is not None else None


@dataclass(frozen=True, kw_only=True, slots=True)
class Hole:
    """A role of a rule that nobody can answer for."""

    kind: str
    severity: str
    role: str
    scope: str
    from_at: datetime | None
    to_at: datetime | None
    rule: str
    sentence: str


def covered(shape: Shape, *, at: datetime) -> list[Any]:
    """Return the holes in who answers for this shape from `at` on, worst first."""
    from django.utils.translation import gettext as _

    from escalation.ladder_words import COMPUTED, target_words

    on_call = OnCall(at, [])
    found = []
    for rule in shape["rules"]:
        for word in rule["targets"]:
            role = word.partition(":")[0]
            if word in COMPUTED or role in COMPUTED:
                continue
            if on_call.who(role, Scope(organisation_id=None)).why in {"nobody", "break_glass"}:
                sentence = _("Nobody answers for %(role)s: neither roster nor account team names anyone.")
                found.append(Hole(
                    kind="hole", severity="red", role=role, scope="global", from_at=at, to_at=None,
                    rule=rule["code"], sentence=sentence % {"role": target_words(role)},
                ))  # fmt: skip
    return found
