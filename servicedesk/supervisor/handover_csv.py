"""The cases of a handover as rows of CSV; what a spreadsheet would run as a formula is quoted (security.md 1.9)."""

from collections.abc import Iterator
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from escalation.shifts.reading import Sheet
from servicedesk.supervisor import handover_words as words
from servicedesk.supervisor.roster_csv import safe


def rows_of(sheet: Sheet, at: datetime) -> Iterator[list[str]]:
    """Yield a heading, then every line the reader may see, in the order of the sheet. Times in the reader's zone."""
    yield [
        _("Part"), _("Number"), _("Priority"), _("Customer"), _("Title"), _("Due"), _("State"), _("Team"), _("Owner"),
        _("What stands"), _("Note"), _("Gone through"),
    ]  # fmt: skip
    for part, _note, lines in sheet.parts:
        for row in lines:
            facts = {key: str(value or "") for key, value in row.facts.items()}
            cells = [
                facts.get("number", ""), facts.get("priority", ""), facts.get("organisation", ""), words.title(row),
                _when(row.due_at), facts.get("state", ""), facts.get("team", ""), facts.get("owner", ""),
                " ".join(words.sentences(row, at)), row.note, _when(row.spoken_at),
            ]  # fmt: skip
            yield [str(part.label), *(safe(cell) for cell in cells)]


def _when(at: datetime | None) -> str:
    return timezone.localtime(at).isoformat(timespec="minutes") if at else ""
