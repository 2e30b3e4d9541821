"""A replay's own process and database while it plays: what only readers need is left out, and made again at the end."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from escalation.next_due import refresh_all
from ledger.unwatched import unwatched

# Tables that grow or change with every firing or command. No command finds anything by their other indexes.
TABLES = ("tickets_ticket", "ledger_entry", "esc_notification", "esc_firing", "esc_sealed")
KEPT = ("notification_esc", "notification_duty", "firing_clock")
_FOR_READERS = """
SELECT c.relname, pg_get_indexdef(i.indexrelid) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
WHERE i.indrelid = ANY(%s::regclass[]) AND NOT i.indisunique AND c.relname <> ALL(%s)
"""
GARBAGE = (100_000, 20, 20)


@contextmanager
def lean() -> Iterator[None]:
    """Run the block unwatched, without the indexes that only lists use, and with a lazier collector of garbage.

    A failure leaves the database without them; the replay drops it then. Call it on a database set apart only.
    """
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(*GARBAGE)
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off; SET jit = off")
        cursor.execute(_FOR_READERS, [list(TABLES), list(KEPT)])
        indexes = cursor.fetchall()
        for name, _definition in indexes:
            cursor.execute(f"DROP INDEX {connection.ops.quote_name(name)}")
    try:
        with unwatched():
            yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
    refresh_all()
    with connection.cursor() as cursor:
        for _name, definition in indexes:
            cursor.execute(definition)
