"""`record`: the one way a fact is written down."""

import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from ledger.actor import Actor
from ledger.errors import Refused
from ledger.models import Entry, EntryText, OutboxMessage

GENESIS = "0" * 64
# Two statements in one go: the second looks with fresh eyes, after the lock is ours.
_HEAD = """
SELECT pg_advisory_xact_lock(hashtextextended(%s, 7));
SELECT seq, hash FROM ledger_entry WHERE chain = %s ORDER BY seq DESC LIMIT 1
"""
_COLUMNS = ("chain", "seq", "name", "at", "actor_kind", "actor_ref", "prev_hash", "hash")
_INSERT = """
INSERT INTO ledger_entry (chain, seq, name, at, actor_kind, actor_ref, prev_hash, hash, data)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s::jsonb) RETURNING id
"""


def canonical(value: Any) -> str:
    """Return `value` as the JSON text that is hashed: sorted keys, no spaces, instants in ISO 8601."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, cls=DjangoJSONEncoder)


def text_hash(salt: str, body: str) -> str:
    """Return the salted SHA-256 of a side text, hex."""
    return hashlib.sha256(f"{salt}\n{body}".encode()).hexdigest()


def entry_hash(
    *, chain: str, seq: int, name: str, at: datetime, actor_kind: str, actor_ref: str, data: Any, prev: str
) -> str:
    """Return the SHA-256 of one entry over all its columns and the hash before it, hex."""
    instant = at.astimezone(UTC).isoformat(timespec="microseconds")
    body = canonical([chain, seq, name, instant, actor_kind, actor_ref, data, prev])
    return hashlib.sha256(body.encode()).hexdigest()


def keep_text(chain: str, kind: str, body: str) -> EntryText:
    """Store one free text beside the chain and return it. Raises Refused("bad_text") for a NUL character."""
    if "\x00" in body:
        raise Refused("bad_text", _("The text holds a character that cannot be stored. Remove it."), field=kind)
    salt = secrets.token_hex(16)
    return EntryText.objects.create(chain=chain, kind=kind, body=body, salt=salt, sha256=text_hash(salt, body))


def record(
    name: str,
    *,
    chain: str,
    actor: Actor,
    at: datetime,
    texts: Mapping[str, str | EntryText] | None = None,
    about: Any = None,
    **data: Any,
) -> Entry:
    """Append one fact to `chain`, write its outbox rows and run its reactions, all in the caller's transaction.

    name   past tense, dotted ("ticket.logged"); `settings.LEDGER_WIRING` says who hears of it.
    texts  free text or personal data by name; stored beside the chain, hashed with a salt. Empty ones are left out.
    about  the object the fact is about (a Ticket, an Escalation); handed to reactions and hints, not stored.
    data   JSON-able, no floats, no personal data.

    Raises RuntimeError outside a transaction. Cost: 2 queries, one more per text and per outbox batch.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("ledger.record must run inside the transaction it describes")
    held = {}
    for key, value in (texts or {}).items():
        if isinstance(value, EntryText) or value:
            row = value if isinstance(value, EntryText) else keep_text(chain, key, value)
            held[key] = {"id": str(row.pk), "sha256": row.sha256}
    if held:
        data["texts"] = held
    stored = json.loads(canonical(data))
    entry = _append(name, chain, actor, at, stored)
    wiring = import_module(settings.LEDGER_WIRING)
    topics = wiring.DELIVERIES.get(name, ())
    if topics:
        from ledger.clock import real_now

        OutboxMessage.objects.bulk_create(
            OutboxMessage(entry=entry, topic=topic, due_at=real_now()) for topic in topics
        )
    for dotted in wiring.REACTIONS.get(name, ()):
        import_string(dotted)(entry, about=about, actor=actor)
    hint = wiring.hint(entry, about)
    transaction.on_commit(lambda: import_string(wiring.BELL)(hint, bool(topics)), robust=True)
    return entry


@dataclass(frozen=True, kw_only=True, slots=True)
class Fact:
    """One fact for `record_plain`: as the arguments of `record`, with neither texts nor outbox nor reactions."""

    name: str
    chain: str
    at: datetime
    data: dict[str, Any]
    about: Any = None


def record_plain(facts: Sequence[Fact], *, actor: Actor) -> list[Entry]:
    """Append many facts that nobody is written to about, in the given order, and return their entries in that order.

    Chains are locked by name, in one order. Raises RuntimeError outside a transaction, and for a fact that has
    deliveries or reactions (a caller's bug). Cost: 3 queries, however many facts.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("ledger.record_plain must run inside the transaction it describes")
    wiring = import_module(settings.LEDGER_WIRING)
    loud = {fact.name for fact in facts} & (wiring.DELIVERIES.keys() | wiring.REACTIONS.keys())
    if loud:
        raise RuntimeError(f"these facts have hearers, record them one by one: {sorted(loud)}")
    heads = _locked_heads(sorted({fact.chain for fact in facts}))
    entries = []
    for fact in facts:
        entry = _next_entry(
            heads.get(fact.chain), fact.name, fact.chain, actor, fact.at, json.loads(canonical(fact.data))
        )
        heads[fact.chain] = (entry.seq, entry.hash)
        entries.append(entry)
    hints = {fact.chain: wiring.hint(entry, fact.about) for fact, entry in zip(facts, entries, strict=True)}
    bell = import_string(wiring.BELL)
    transaction.on_commit(lambda: [bell(hint, False) for hint in hints.values()], robust=True)
    return Entry.objects.bulk_create(entries)


def _locked_heads(chains: list[str]) -> dict[str, tuple[int, str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(c, 7)) FROM unnest(%s::text[]) WITH ORDINALITY AS w(c, n)"
            " ORDER BY n",
            [chains],
        )
    rows = Entry.objects.filter(chain__in=chains).order_by("chain", "-seq").distinct("chain")
    return {chain: (seq, digest) for chain, seq, digest in rows.values_list("chain", "seq", "hash")}


def _append(name: str, chain: str, actor: Actor, at: datetime, data: Any) -> Entry:
    with connection.cursor() as cursor:
        cursor.execute(_HEAD, [chain, chain])
        entry = _next_entry(cursor.fetchone(), name, chain, actor, at, data)
        values = [getattr(entry, name) for name in _COLUMNS]
        cursor.execute(_INSERT, [*values, json.dumps(entry.data)])
        entry.pk = cursor.fetchone()[0]
    entry._state.adding, entry._state.db = False, connection.alias
    return entry


def _next_entry(head: tuple[int, str] | None, name: str, chain: str, actor: Actor, at: datetime, data: Any) -> Entry:
    seq, prev = (head[0] + 1, head[1]) if head else (1, GENESIS)
    who = {"actor_kind": actor.kind, "actor_ref": actor.ref}
    digest = entry_hash(chain=chain, seq=seq, name=name, at=at, data=data, prev=prev, **who)
    return Entry(chain=chain, seq=seq, name=name, at=at, data=data, prev_hash=prev, hash=digest, **who)
