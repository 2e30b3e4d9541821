"""What differs between a sheet and the signed one before it: lines new, changed and gone. Pure but for `states_of`."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from escalation.models import HandoverLine
from escalation.shifts.live import Found
from tickets.models import Ticket

WATCHED = ("priority", "state", "tier", "owner", "team")
Change = dict[str, Any]


def change_of(line: Found, before: Mapping[str, HandoverLine]) -> tuple[str, Change | None]:
    """Return "new", "changed" or "", and what of it changed: {"key", "number", "title", "what", "fields"}."""
    old = before.get(line.key)
    told = {
        "key": line.key,
        "number": line.facts.get("number", ""),
        "title": line.title,
        "kind": line.facts.get("kind", ""),
    }
    if old is None:
        return "new", {**told, "what": "new", "fields": {}}
    fields = {
        name: [old.facts.get(name), line.facts.get(name)]
        for name in WATCHED
        if name in line.facts and old.facts.get(name) != line.facts.get(name)
    }
    stages = [(facts.get("escalation") or {}).get("stage") for facts in (old.facts, line.facts)]
    if stages[0] != stages[1]:
        fields["stage"] = stages
    return ("changed", {**told, "what": "changed", "fields": fields}) if fields else ("", None)


def gone(before: Iterable[HandoverLine], now: Sequence[Found], states: Mapping[int, str]) -> list[Change]:
    """Return the tickets that stood on the sheet before and do not now, with the state they are in."""
    numbers = {line.ticket.pk for line in now if line.ticket}
    told: dict[int, Change] = {}
    for line in before:
        if line.ticket_id and line.ticket_id not in numbers:
            told[line.ticket_id] = {
                "key": line.key, "number": line.facts.get("number", ""), "title": line.title, "kind": "",
                "what": "gone", "fields": {"state": [line.facts.get("state"), states.get(line.ticket_id)]},
            }  # fmt: skip
    return list(told.values())


def states_of(before: Iterable[HandoverLine]) -> dict[int, str]:
    """Return the present state of the tickets of a sheet. 1 query."""
    keys = {line.ticket_id for line in before if line.ticket_id}
    return dict(Ticket.objects.filter(pk__in=keys).values_list("pk", "state"))
