"""What a person writes into a report."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from quality.reports.people import Person


@dataclass(frozen=True, kw_only=True, slots=True)
class Measure:
    """What keeps it from returning. owner: public id of a member of staff; item: of the step an earlier version opened,
    forgotten where the report opened no such step."""

    title: str
    owner: UUID | None = None
    due_on: date | None = None
    item: UUID | None = None

    def as_json(self) -> dict[str, str]:
        """Return it as it is stored."""
        return {"title": self.title} | {
            name: str(value) for name in ("owner", "due_on", "item") if (value := getattr(self, name)) is not None
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class Content:
    """What a person writes. None = leave as it is; empty text empties."""

    title: str | None = None
    summary: str | None = None
    cause: str | None = None
    repair: str | None = None
    prevention: str | None = None
    confirmation: str | None = None
    internal: str | None = None
    effect_name: str | None = None
    effect_value: str | None = None
    began_at: datetime | None = None
    ended_at: datetime | None = None
    people: Sequence[Person] | None = None
    measures: Sequence[Measure] | None = None
