"""The daily anchor: every chain's head, written outside the database and mailed, so that a cut tail or a deleted
chain shows (decisions 9). The file is gzip: a first line of JSON, then `chain seq hash` for every chain, sorted."""

import gzip
import hashlib
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from ledger.clock import real_now
from ledger.errors import Refused
from ledger.models import Anchor, Entry, OutboxMessage

TOPIC = "mail.anchor"


@dataclass(frozen=True, kw_only=True, slots=True)
class Anchored:
    """An anchor as read from its file. `heads`: chain → (seq, hash)."""

    at: datetime
    chains: int
    entries: int
    hash: str
    heads: dict[str, tuple[int, str]]


def heads_hash(lines: Iterable[str]) -> str:
    """Return the SHA-256 over the sorted head lines, hex."""
    digest = hashlib.sha256()
    for line in lines:
        digest.update(line.encode() + b"\n")
    return digest.hexdigest()


@transaction.atomic
def write_anchor(*, at: datetime) -> Anchor:
    """Anchor all chains: a row, a file under `settings.ANCHOR_DIR`, and an outbox row `mail.anchor` with the figures.

    One anchor for one instant: a repeat returns the row that is there. 3 queries; reads the whole chain index.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('ledger.anchor', 7))")
    if found := Anchor.objects.filter(at=at).first():
        return found
    heads = Entry.objects.order_by("chain", "-seq").distinct("chain").values_list("chain", "seq", "hash")
    rows = [(f"{chain} {seq} {digest}", seq) for chain, seq, digest in heads.iterator(chunk_size=5000)]
    lines = sorted(line for line, _seq in rows)
    figures = {"chains": len(lines), "entries": sum(seq for _line, seq in rows), "hash": heads_hash(lines)}
    anchor = Anchor.objects.create(at=at, **figures)
    path = _write(lines, {"at": at.astimezone(UTC).isoformat(), **figures})
    payload = {"at": at.astimezone(UTC).isoformat(), "file": path.name, **figures}
    OutboxMessage.objects.create(topic=TOPIC, payload=payload, due_at=real_now())
    return anchor


def newest_file() -> Path:
    """Return the newest anchor file. Raises Refused("no_anchor") if there is none."""
    files = sorted(Path(settings.ANCHOR_DIR).glob("anchor-*.gz"))
    if not files:
        raise Refused("no_anchor", _("There is no anchor file. Write one first, or name one."))
    return files[-1]


def read_anchor(path: Path) -> Anchored:
    """Return the anchor in `path`. Raises Refused("bad_anchor") if the file does not agree with itself."""
    try:
        with gzip.open(path, "rt", encoding="utf-8") as file:
            first, *lines = file.read().splitlines()
        figures = json.loads(first)
        heads = {chain: (int(seq), digest) for chain, seq, digest in (line.rsplit(" ", 2) for line in lines)}
        at = datetime.fromisoformat(figures.pop("at"))
        anchored = Anchored(at=at, heads=heads, **figures)
    except (OSError, EOFError, ValueError, TypeError, KeyError) as error:
        raise Refused("bad_anchor", _("This is not an anchor file.")) from error
    if heads_hash(lines) != anchored.hash or len(lines) != anchored.chains:
        raise Refused("bad_anchor", _("The anchor file was changed."))
    return anchored


def _write(lines: list[str], figures: dict[str, object]) -> Path:
    """Write the file under a temporary name, flush it to the disk, then rename it into place."""
    folder = Path(settings.ANCHOR_DIR)
    folder.mkdir(parents=True, exist_ok=True, mode=0o750)
    stamp = datetime.fromisoformat(str(figures["at"])).strftime("%Y%m%dT%H%M%S.%fZ")
    path, draft = folder / f"anchor-{stamp}.gz", folder / f".anchor-{stamp}.part"
    with draft.open("wb") as raw:
        with gzip.open(raw, "wt", encoding="utf-8") as file:
            file.write("\n".join([json.dumps(figures, sort_keys=True), *lines]) + "\n")
        raw.flush()
        os.fsync(raw.fileno())
    draft.rename(path)
    return path
