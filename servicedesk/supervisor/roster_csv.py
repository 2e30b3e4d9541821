"""The turns of rosters as rows of CSV; what a spreadsheet would run as a formula is quoted (security.md 1.9)."""

from collections.abc import Iterator

from django.utils import timezone
from django.utils.translation import gettext as _

from escalation.board_rosters import Rosters
from escalation.oncall import explain
from escalation.rosters.fill import AHEAD
from escalation.rosters.gaps import WARN
from escalation.rosters.schedule import turns
from escalation.rosters.shapes import OVERRIDE

RANKS = {0: "base", 1: "rotation", 2: "override"}
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def rows_of(told: Rosters) -> Iterator[list[str]]:
    """Yield a heading, every turn of sixty days, and every gap of fourteen."""
    yield [_("Roster"), _("Where"), _("Person"), _("From"), _("To"), _("How"), _("Layer")]
    for plan in told.plans:
        for turn in turns(plan, told.at, told.at + AHEAD):
            place = told.places[plan.scope] or _("everywhere")
            how = _("Swap") if turn.swap and turn.rank == OVERRIDE else explain(RANKS[turn.rank])
            times = [_when(turn.from_at), _when(turn.to_at)]
            yield [safe(plan.name), place, safe(told.people[turn.user_id].name), *times, how, safe(turn.layer)]
    for gap in told.gaps:
        if gap.from_at < told.at + WARN:
            yield [
                safe(gap.plan.name),
                told.places[gap.plan.scope] or _("everywhere"),
                _("nobody"),
                _when(gap.from_at),
                _when(gap.to_at),
                _("Gap"),
                "",
            ]


def _when(at) -> str:
    return timezone.localtime(at).isoformat(timespec="minutes")


def safe(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA) else text
