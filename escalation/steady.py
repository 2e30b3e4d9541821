"""Who is on call, kept between batches where nobody's duty ever changes: a replay in a database of its own."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from escalation.models import RosterSlot
from escalation.oncall import OnCall

_kept: ContextVar[dict[frozenset[int], OnCall] | None] = ContextVar("kept", default=None)


def on_call(at: datetime, organisation_ids: Iterable[int | None]) -> OnCall:
    """Return who is on call at `at`: read now (4 queries), or as read before within `steady`."""
    kept = _kept.get()
    wanted = frozenset(pk for pk in organisation_ids if pk)
    if kept is None:
        return OnCall(at, wanted)
    if wanted not in kept:
        kept[wanted] = OnCall(at, wanted)
    return kept[wanted]


@contextmanager
def steady() -> Iterator[None]:
    """Read who is on call once for all instants. Without effect where there is a roster: that has its hours."""
    token = _kept.set(None if RosterSlot.objects.exists() else {})
    try:
        yield
    finally:
        _kept.reset(token)
