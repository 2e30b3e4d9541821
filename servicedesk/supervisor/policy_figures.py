"""A stored comparison of two versions as figures side by side, and the tickets in which they differ."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _

from escalation.ladder_words import target_words
from ledger.actor import Actor
from servicedesk.web import times
from tickets.models import Ticket

SHOWN = 20


@dataclass(frozen=True, kw_only=True, slots=True)
class Compared:
    """rows: (label, before, after, differs). nights: (role, hour, before, after). cases: tickets that differ and that
    the reader may see; `others`: how many more differ."""

    cases_run: int
    days: int
    simulated: bool
    rows: Sequence[tuple[str, str, str, bool]]
    nights: Sequence[tuple[str, str, int, int]]
    cases: Sequence[dict[str, Any]]
    others: int
    added: int
    removed: int
    moved: int


def compared(said: Mapping[str, Any] | None, actor: Actor) -> Compared | None:
    """Return the stored comparison for a reader, None where there is none. 1 query."""
    if not said or "old" not in said:
        return None
    old, new = said["old"], said["new"]
    listed = [{**one, "number": one["case"].partition(" ")[0]} for one in said["differences"]]
    visible = Ticket.objects.visible_to(actor).filter(number__in=[one["number"] for one in listed])
    numbers = set(visible.values_list("number", flat=True))
    shown = [one for one in listed if one["number"] in numbers][:SHOWN]
    return Compared(
        cases_run=said["cases"], days=said.get("days", 90), simulated=said.get("simulated", True),
        rows=[(label, before, after, before != after) for label, before, after in _rows(old, new)],
        nights=_nights(old, new), cases=shown, others=said["differing"] - len(shown), added=said["added"],
        removed=said["removed"], moved=said["moved"],
    )  # fmt: skip


def _rows(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    plain = [(_("People told"), "pages"), (_("People woken at night"), "woken"), (_("Told at night"), "night_pages"),
             (_("Calls to the top"), "top"), (_("Nobody to tell"), "nobody")]  # fmt: skip
    rows = [(label, str(old[name]), str(new[name])) for label, name in plain]
    rows += [
        (_("%(rule)s breached") % {"rule": code}, str(old["breaches"].get(code, 0)), str(new["breaches"].get(code, 0)))
        for code in sorted({*old["breaches"], *new["breaches"]})
    ]
    waits = [(_("To the first human, middle"), "median"), (_("To the first human, nine of ten"), "p90")]
    return rows + [(label, _wait(old, name), _wait(new, name)) for label, name in waits]


def _wait(figures: Mapping[str, Any], name: str) -> str:
    found = figures["to_first_s"]
    return times.span(timedelta(seconds=found[name])) if found else times.DASH


def _nights(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[tuple[str, str, int, int]]:
    before, after = ({(role, hour): n for role, hour, n in one["night"]} for one in (old, new))
    keys = sorted({*before, *after}, key=lambda key: (key[0], (key[1] - 22) % 24))
    return [
        (target_words(role), f"{hour:02d}:00", before.get((role, hour), 0), after.get((role, hour), 0))
        for role, hour in keys
    ]
