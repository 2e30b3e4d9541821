"""From the rungs of an escalation to what the ladder component draws: places, times and words."""

from collections.abc import Sequence
from datetime import datetime

from escalation.board_ladder import Step
from servicedesk.web import times
from servicedesk.web.ladder import Rung


def drawn(steps: Sequence[Step], start: datetime, at: datetime) -> list[Rung]:
    """Return the rungs of the diagram; what lies before the request stands at its left end."""
    return [
        Rung(
            offset_minutes=max(int((step.at - start).total_seconds() // 60), 0),
            when=f"{step.rule} · {times.moment(step.at, at)}",
            clock=times.hm(step.at),
            title=step.title,
            who=" · ".join(filter(None, [*(_person(name, seen) for name, seen in step.people), step.note])),
            state=step.state,
        )
        for step in steps
    ]


def _person(name: str, confirmed: datetime | None) -> str:
    return f"{name} {times.hm(confirmed)}" if confirmed else name
