"""A desk at full volume: a million tickets, five million notes, their texts and chains, a hundred thousand contacts."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from django.db import connection

from bench import volume_sql as sql
from bench import volume_words as words
from bench.rows import AGENTS, Desk, agent_of, dispatched
from ledger import clock
from ledger.actor import SYSTEM

TABLES = (
    "tickets_ticket", "tickets_note", "tickets_interaction", "ledger_entry", "ledger_entrytext", "tickets_ticketwords",
)  # fmt: skip
SESSION = """
SET statement_timeout = 0; SET lock_timeout = 0; SET synchronous_commit = off; SET maintenance_work_mem = '512MB';
SET work_mem = '256MB'; SET jit = off
"""
_KEYS = """
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE conrelid = ANY(%s::regclass[]) AND contype IN ('f', 'u') ORDER BY contype DESC, conname
"""
_INDEXES = """
SELECT i.indrelid::regclass::text, i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i
WHERE i.indrelid = ANY(%s::regclass[]) AND NOT i.indisprimary
  AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = i.indexrelid AND c.contype <> 'f')
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Size:
    """How many rows. A mean of `notes` / `tickets` a ticket; twenty contacts and one account to an organisation."""

    tickets: int = 1_000_000
    notes: int = 5_000_000
    contacts: int = 100_000


def fill(size: Size, *, live: int = 1, say: Callable[[str], None] = lambda text: None) -> Desk:
    """Fill an empty migrated database in sets, 5 % of the tickets open, and make `live` more an agent by commands.

    Indexes and foreign keys are taken off the great tables and put back at the end, which checks every row. The chains
    verify. say  hears each step with its seconds.
    """
    from escalation.seed import seed_policies
    from servicedesk.management.commands.bench_callers import FILL, FIRST, LAST
    from tests.factories.cast import make_cast
    from tickets.seed import seed_configuration

    step = _Steps(say)
    _run([SESSION, (FILL, {"n": size.contacts, "first": FIRST, "last": LAST}), sql.ROOM_FOR_THE_CAST])
    step("contacts")
    cast = make_cast()
    seed_configuration()
    seed_policies(at=clock.now())
    agents = [agent_of(n, cast.l1) for n in range(AGENTS)]
    held = _held(cast, agents, size)
    restore = _strip()
    _run([sql.HELP, (sql.TICKETS, held), (sql.NOTED, held), *_numbers(size.tickets)])
    step("tickets")
    _beside([(sql.TEXTS, held)], [(sql.NOTES, held), sql.CALLS])
    step("notes, texts, calls")
    apart = ("ledger_entrytext", "tickets_ticketwords")
    _beside(_of(restore, apart[:1]), [*_chains(held), *(one for table, one in restore if table not in apart)])
    step("chains, indexes, keys")
    _run(["DROP TABLE bench_noted", "ANALYZE tickets_ticket, tickets_note, ledger_entrytext"])
    half = size.tickets // 2
    _beside([(sql.WORDS, [0, half])], [(sql.WORDS, [half + 1, size.tickets])])
    step("words")
    _run(_of(restore, apart[1:]))
    step("index of words")
    numbers = [[dispatched(cast, n, k) for k in range(live)] for n in range(AGENTS)]
    _run(["VACUUM ANALYZE"])
    step("live tickets, statistics")
    return Desk(cast, agents, numbers)


def _held(cast: Any, agents: Sequence[Any], size: Size) -> dict[str, Any]:
    return {
        "now": clock.now(), "tickets": size.tickets, "per_twenty": size.notes * 20 // size.tickets,
        "orgs": size.contacts // 20, "teams": [cast.l1.pk, cast.l2.pk, cast.l3.pk],
        "owners": [user.pk for user in agents], "owner_refs": [str(user.uuid) for user in agents],
        "system": SYSTEM.kind, "system_ref": SYSTEM.ref, "problems": list(words.PROBLEMS),
        "places": list(words.PLACES), "sentences": list(words.SENTENCES), "rare": list(words.RARE),
    }  # fmt: skip


def _numbers(tickets: int) -> list[tuple[str, list[int]]]:
    """The next ticket's key and number follow those of the bulk."""
    return [("SELECT setval(pg_get_serial_sequence('tickets_ticket', 'id'), %s)", [tickets]),
            ("SELECT setval('ticket_number_seq', %s)", [tickets])]  # fmt: skip


def _chains(held: dict[str, Any]) -> list[Any]:
    """The entries of every ticket, one after the other, each with the hash of the one before."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(k), 0) FROM bench_noted")
        longest = cursor.fetchone()[0]
    steps: list[Any] = [(sql.LOGGED, held), sql.HASHED, sql.ENTRIES]
    for level in range(1, longest + 1):
        steps += [(sql.NEXT, {**held, "level": level}), "DROP TABLE bench_level, bench_hashed",
                  "ALTER TABLE bench_next RENAME TO bench_level", sql.HASHED, sql.ENTRIES]  # fmt: skip
    return [*steps, "DROP TABLE bench_level, bench_hashed"]


def _strip() -> list[tuple[str, str]]:
    """Take foreign keys, unique constraints, indexes and our triggers off; return (table, statement that restores)."""
    restore = []
    with connection.cursor() as cursor:
        cursor.execute(_KEYS, [list(TABLES)])
        for table, name, shape in cursor.fetchall():
            restore.append((table, f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {shape}'))
            cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        cursor.execute(_INDEXES, [list(TABLES)])
        for table, name, shape in cursor.fetchall():
            restore.append((table, shape))
            cursor.execute(f"DROP INDEX {name}")
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            restore.append((table, f"ALTER TABLE {table} ENABLE TRIGGER USER"))
    return sorted(restore, key=lambda one: "ALTER" in one[1])


def _of(restore: Sequence[tuple[str, str]], tables: Sequence[str]) -> list[str]:
    return [one for table, one in restore if table in tables]


def _beside(*lanes: Sequence[Any]) -> None:
    """Run each list of statements in a session of its own, all at once."""
    with ThreadPoolExecutor(len(lanes)) as pool:
        for done in [pool.submit(_lane, lane) for lane in lanes]:
            done.result()


def _lane(statements: Sequence[Any]) -> None:
    try:
        _run([SESSION, sql.HELP, *statements])
    finally:
        connection.close()


def _run(statements: Sequence[Any]) -> None:
    with connection.cursor() as cursor:
        for one in statements:
            cursor.execute(*one) if isinstance(one, tuple) else cursor.execute(one)


class _Steps:
    """Says after each step how long it took."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self.say, self.began = say, time.monotonic()

    def __call__(self, what: str) -> None:
        now = time.monotonic()
        self.say(f"{what}: {now - self.began:.0f} s")
        self.began = now


def found() -> Desk:
    """Return the desk of a bulk that is there already."""
    from accounts.models import User
    from tickets.models import Ticket
    from tickets.words import TIERS

    agents = list(User.objects.filter(email__regex=r"^agent[0-9]+@desk.example$").order_by("pk"))
    cast = SimpleNamespace(cy=User.objects.get(email="cy@desk.example"))
    live = list(Ticket.objects.filter(channel="api", state__in=TIERS).order_by("pk").values_list("number", flat=True))
    return Desk(cast, agents, [live[n :: len(agents)] for n in range(len(agents))])
