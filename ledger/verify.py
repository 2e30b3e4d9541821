"""Does the ledger still say what was written? Streams every chain once; finds a flipped byte, a missing row, a
changed text and a redaction nobody recorded; with an anchor also a cut tail and a chain that is gone (decisions 9)."""

from dataclasses import dataclass, field
from datetime import datetime
from importlib import import_module

from django.conf import settings
from django.db.models import QuerySet
from django.utils.module_loading import import_string

from ledger.anchor import Anchored
from ledger.models import Anchor, Entry, EntryText
from ledger.record import GENESIS, entry_hash, text_hash

CHUNK = 2000


@dataclass(frozen=True, kw_only=True, slots=True)
class Broken:
    """One place where the ledger does not hold. `seq` None where it is not about one entry."""

    chain: str
    seq: int | None
    problem: str

    def __str__(self) -> str:
        return f"{self.chain}{'' if self.seq is None else f'#{self.seq}'}: {self.problem}"


@dataclass(kw_only=True, slots=True)
class Report:
    """What was checked and what is broken, in the order found. `broken` empty = the ledger holds."""

    chains: int = 0
    entries: int = 0
    texts: int = 0
    broken: list[Broken] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Whether nothing is broken."""
        return not self.broken


@dataclass(slots=True)
class _Run:
    """One pass: what is left of the anchor's heads; side texts named so far; ids said to be redacted."""

    report: Report
    limit: int
    heads: dict[str, tuple[int, str]]
    named: dict[str, tuple[str, str, int]] = field(default_factory=dict)
    redacted: set[str] = field(default_factory=set)

    @property
    def full(self) -> bool:
        return len(self.report.broken) >= self.limit

    def say(self, chain: str, seq: int | None, problem: str) -> None:
        if problem and not self.full:
            self.report.broken.append(Broken(chain=chain, seq=seq, problem=problem))


def verify(*, at: datetime, chain: str | None = None, anchor: Anchored | None = None, limit: int = 20) -> Report:
    """Check one chain or all, stop after `limit` findings, return the report. Reads only; streams entries and texts.

    anchor  heads read from the file outside the database (`ledger.anchor.read_anchor`); None = not asked.
    A whole run also asks the wiring's CHECKS: dotted functions `(at) -> Iterable[str]`, one sentence for a finding.
    """
    run = _Run(report=Report(), limit=limit, heads=dict(anchor.heads) if anchor and chain is None else {})
    entries, texts = Entry.objects.all(), EntryText.objects.all()
    if chain is not None:
        entries, texts = entries.filter(chain=chain), texts.filter(chain=chain)
    _walk(entries, run)
    if not run.full:
        _check_texts(texts, run)
    if chain is None:
        for name, (seq, _hash) in run.heads.items():
            run.say(name, seq, "the anchor knows this entry, and it is gone")
        if anchor is not None and not Anchor.objects.filter(at=anchor.at, hash=anchor.hash).exists():
            run.say(f"anchor {anchor.at:%Y-%m-%d %H:%M}", None, "its row is gone")
        for dotted in getattr(import_module(settings.LEDGER_WIRING), "CHECKS", ()):
            for finding in import_string(dotted)(at):
                run.say(dotted, None, finding)
    return run.report


def _walk(rows: QuerySet[Entry], run: _Run) -> None:
    """Check each entry against the one before it and against the anchor; collect what it says about texts."""
    chain, seq, prev = "", 0, GENESIS
    for entry in rows.order_by("chain", "seq").iterator(chunk_size=CHUNK):
        if entry.chain != chain:
            chain, seq, prev = entry.chain, 0, GENESIS
            run.report.chains += 1
        run.report.entries += 1
        run.say(chain, entry.seq, _problem(entry, seq, prev))
        if run.heads.get(chain, (0, ""))[0] == entry.seq and run.heads.pop(chain)[1] != entry.hash:
            run.say(chain, entry.seq, "the anchor holds another hash for it")
        if run.full:
            return
        seq, prev = entry.seq, entry.hash
        for held in entry.data.get("texts", {}).values():
            run.named.setdefault(held["id"], (held["sha256"], chain, seq))
        run.redacted.update(entry.data.get("redacted", ()))


def _problem(entry: Entry, seq: int, prev: str) -> str:
    """Return what is wrong with one entry after entry `seq` with hash `prev`; empty if nothing."""
    if entry.seq != seq + 1:
        return f"entries {seq + 1} to {entry.seq - 1} are missing"
    if entry.prev_hash != prev:
        return "it does not continue the entry before it"
    digest = entry_hash(
        chain=entry.chain,
        seq=entry.seq,
        name=entry.name,
        at=entry.at,
        actor_kind=entry.actor_kind,
        actor_ref=entry.actor_ref,
        data=entry.data,
        prev=entry.prev_hash,
    )
    return "" if digest == entry.hash else "its content was changed after it was written"


def _check_texts(rows: QuerySet[EntryText], run: _Run) -> None:
    """Check every side text against the hash its entry holds, and every blank one against a recorded redaction."""
    for text in rows.order_by("pk").iterator(chunk_size=CHUNK):
        run.report.texts += 1
        ident = str(text.pk)
        digest, chain, seq = run.named.pop(ident, (text.sha256, text.chain, None))
        if digest != text.sha256:
            run.say(chain, seq, f"text {ident} has another hash than its entry")
        elif text.redacted_at is not None:
            run.say(chain, seq, "" if _told(ident, run) else f"text {ident} was blanked without a recorded redaction")
        elif text_hash(text.salt, text.body) != text.sha256:
            run.say(chain, seq, f"text {ident} was changed")
        if run.full:
            return
    for ident, (_hash, chain, seq) in run.named.items():
        run.say(chain, seq, f"text {ident} is missing")


def _told(ident: str, run: _Run) -> bool:
    """Whether some entry tells of this redaction; asks again, as it may have come after the entries were read."""
    return ident in run.redacted or Entry.objects.filter(data__redacted__contains=[ident]).exists()
