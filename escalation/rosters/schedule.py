"""What follows from a roster: its turns in a stretch of time, and who is on at an instant. Pure.

Overrides hide rotations, rotations hide the base. Among layers of one kind the highest position that has somebody
on wins; layers of one position run side by side, and who began first answers first (overlap of two shifts). Whoever
is away hides nobody: their hours fall to the one beneath.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import groupby

from escalation.rosters.shapes import BASE, OVERRIDE, ROTATION, Layer, Plan, Turn
from escalation.rosters.spans import Span, clip, subtract, union
from escalation.rosters.turns import by_weekend, member_turns

INSTANT = timedelta(microseconds=1)


def turns(plan: Plan, begin: datetime, end: datetime) -> list[Turn]:
    """Return every turn in [begin, end), cut to it, by start: overrides, rotations and base, each kind on its own.

    Turns of one kind overlap only with different `slot`. O(turns log turns).
    """
    begin, end = max(begin, plan.from_at), min(end, plan.to_at or end)
    if begin >= end:
        return []
    away = _away(plan)
    over = [
        Turn(user_id=o.user_id, from_at=o.from_at, to_at=o.to_at, rank=OVERRIDE, key=o.key, swap=o.swap)
        for o in plan.overrides
        if o.from_at < end and o.to_at > begin
    ]
    found = _here(over, away)
    for rank in (ROTATION, BASE):
        found.extend(_of_kind([layer for layer in plan.layers if layer.rank == rank], begin, end, away))
    cut = (replace(turn, from_at=max(turn.from_at, begin), to_at=min(turn.to_at, end)) for turn in found)
    shown = [turn for turn in cut if turn.from_at < turn.to_at]
    return sorted(shown, key=lambda turn: (turn.from_at, -turn.rank, turn.slot))


def on_at(plan: Plan, at: datetime) -> list[Turn]:
    """Return who is on at `at`, in the order they answer; these turns last an instant."""
    return sorted(turns(plan, at, at + INSTANT), key=_first)


def final(plan: Plan, begin: datetime, end: datetime) -> list[Turn]:
    """Return who answers first in [begin, end): turns that do not overlap, joined where one person goes on."""
    shown: list[Turn] = []
    taken: list[Span] = []
    ordered = sorted(turns(plan, begin, end), key=_first)
    for _kind, group in groupby(ordered, key=_first):
        beside = sorted(group, key=lambda turn: turn.from_at)
        free = subtract([(begin, end)], taken)
        shown.extend(_within(beside, free))
        taken = union([*taken, *_spans(beside)])
    return joined(shown)


def of_person(plan: Plan, user_id: int, begin: datetime, end: datetime) -> list[Turn]:
    """Return when a person is on in [begin, end), first or beside another, by start; one shift is one turn."""
    every = [*final(plan, begin, end), *(turn for turn in turns(plan, begin, end) if turn.slot > 1)]
    made: list[Turn] = []
    for turn in sorted((t for t in every if t.user_id == user_id), key=lambda t: (t.from_at, t.to_at)):
        last = made[-1] if made else None
        if last and turn.from_at <= last.to_at and _how(last) == _how(turn):
            made[-1] = replace(last, to_at=max(last.to_at, turn.to_at), slot=min(last.slot, turn.slot))
        else:
            made.append(turn)
    return made


def joined(shown: Iterable[Turn]) -> list[Turn]:
    """Return turns by start, neighbours of one person, kind and layer as one."""
    made: list[Turn] = []
    for turn in sorted(shown, key=lambda turn: (turn.from_at, -turn.rank, turn.slot)):
        last = made[-1] if made else None
        if last and last.to_at == turn.from_at and _who(last) == _who(turn):
            made[-1] = replace(last, to_at=turn.to_at)
        else:
            made.append(turn)
    return made


def covered(plan: Plan, begin: datetime, end: datetime, gone: frozenset[int] = frozenset()) -> list[Span]:
    """Return the time of [begin, end) in which somebody is on who is not in `gone`."""
    return union(_spans(turn for turn in turns(plan, begin, end) if turn.user_id not in gone))


def _away(plan: Plan) -> Mapping[int, list[Span]]:
    """Every absence, past ones too: who came back during a turn began then, whatever stretch is asked."""
    spans: dict[int, list[Span]] = defaultdict(list)
    for absence in plan.absences:
        spans[absence.user_id].append((absence.from_at, absence.to_at))
    return {user: union(some) for user, some in spans.items()}


def _here(some: list[Turn], away: Mapping[int, list[Span]]) -> list[Turn]:
    """Cut turns to when their people are not away."""
    if not away:
        return some
    return [
        replace(turn, from_at=a, to_at=b)
        for turn in some
        for a, b in subtract([(turn.from_at, turn.to_at)], away.get(turn.user_id, []))
    ]


def _first(turn: Turn) -> tuple[int, int]:
    return -turn.rank, turn.slot


def _how(turn: Turn) -> tuple[object, ...]:
    return turn.rank, turn.layer, turn.swap


def _who(turn: Turn) -> tuple[object, ...]:
    return turn.user_id, turn.rank, turn.slot, turn.layer, turn.swap, turn.entitled


def _spans(some: Iterable[Turn]) -> list[Span]:
    return [(turn.from_at, turn.to_at) for turn in some]


def _of_kind(layers: list[Layer], begin: datetime, end: datetime, away: Mapping[int, list[Span]]) -> list[Turn]:
    by_position: dict[int, list[Layer]] = defaultdict(list)
    for layer in layers:
        by_position[layer.position].append(layer)
    entitled = {layer.key: layer for layer in layers if layer.entitled_weekend}
    found: list[Turn] = []
    taken: list[Span] = []
    for position in sorted(by_position, reverse=True):
        beside = _here([turn for layer in by_position[position] for turn in _layer_turns(layer, begin, end)], away)
        free = subtract([(begin, end)], taken)
        found.extend(_within(_side_by_side(beside), free))
        taken = union([*taken, *_spans(beside)])
    return [piece for turn in found for piece in _entitled(turn, entitled.get(turn.key))]


def _layer_turns(layer: Layer, begin: datetime, end: datetime) -> list[Turn]:
    return [
        Turn(user_id=user, from_at=a, to_at=b, rank=layer.rank, key=layer.key, layer=layer.name)
        for user, (a, b) in member_turns(layer, begin, end)
    ]


def _within(ordered: Sequence[Turn], free: list[Span]) -> list[Turn]:
    """Cut turns (by start) to what is free."""
    if not free:
        return []
    return [replace(t, from_at=a, to_at=b) for t in ordered for a, b in clip(free, t.from_at, t.to_at)]


def _side_by_side(beside: list[Turn]) -> list[Turn]:
    """Return the turns with those that run at once cut where another begins or ends, and numbered by their start."""
    ordered = sorted(beside, key=lambda turn: (turn.from_at, turn.layer))
    if all(one.to_at <= two.from_at for one, two in zip(ordered, ordered[1:], strict=False)):
        return ordered
    cuts = sorted({edge for turn in beside for edge in (turn.from_at, turn.to_at)})
    made: list[Turn] = []
    running: list[Turn] = []
    waiting = ordered[::-1]
    for begin, end in zip(cuts, cuts[1:], strict=False):
        running = [turn for turn in running if turn.to_at > begin]
        while waiting and waiting[-1].from_at <= begin:
            running.append(waiting.pop())
        made.extend(replace(turn, from_at=begin, to_at=end, slot=n) for n, turn in enumerate(running, start=1))
    return joined_by_slot(made)


def joined_by_slot(pieces: Iterable[Turn]) -> list[Turn]:
    """Join neighbours slot by slot: side by side, they alternate in the order of their starts."""
    by_slot: dict[int, list[Turn]] = defaultdict(list)
    for piece in pieces:
        by_slot[piece.slot].append(piece)
    return sorted((turn for some in by_slot.values() for turn in joined(some)), key=lambda turn: turn.from_at)


def _entitled(turn: Turn, layer: Layer | None) -> list[Turn]:
    if layer is None:
        return [turn]
    pieces = by_weekend(layer, turn.from_at, turn.to_at)
    return [replace(turn, from_at=a, to_at=b, entitled=weekend) for (a, b), weekend in pieces]
