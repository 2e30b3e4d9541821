"""Who else has a ticket open, and who writes. A hint for colleagues, kept in Redis for seconds; Redis away = nobody.

Nothing of this is on record: reading a ticket leaves no trace here, and no command asks it.
"""

import json
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache

from ledger.actor import Actor
from ledger.clock import real_now
from servicedesk.web.cache import guarded
from tickets.models import Ticket

GONE_S, WRITES_S, KEEP_S = 25, 8, 60


@dataclass(frozen=True, slots=True)
class Here:
    """One colleague at the ticket."""

    name: str
    writes: bool


def arrive(ticket: Ticket, actor: Actor, *, writes: bool) -> list[Here]:
    """Note that `actor` has `ticket` open and return the others who have, those who write first. 1 round trip."""
    now = real_now().timestamp()
    mine = json.dumps({"name": actor.name, "seen": now, "wrote": now if writes else 0})
    rows = guarded(lambda: _say(_key(ticket), actor.ref, mine), [None, None, {}])[2]
    others = [json.loads(row) for ref, row in rows.items() if ref.decode() != actor.ref]
    near = [Here(row["name"], now - row["wrote"] < WRITES_S) for row in others if now - row["seen"] < GONE_S]
    return sorted(near, key=lambda one: (not one.writes, one.name))


def leave(ticket: Ticket, actor: Actor) -> None:
    """Forget that `actor` was here: the page was closed."""
    guarded(lambda: _redis().hdel(_key(ticket), actor.ref), None)


def _say(key: str, ref: str, mine: str) -> list[Any]:
    pipe = _redis().pipeline(transaction=False)
    return pipe.hset(key, ref, mine).expire(key, KEEP_S).hgetall(key).execute()


def _redis() -> Any:
    return cache._cache.get_client(None, write=True)


def _key(ticket: Ticket) -> str:
    return f"desk:here:{ticket.number}"
