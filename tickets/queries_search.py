"""Search: tickets by the words of their texts and notes, newest first, only what the asker may read.

The words of a ticket stand in one index entry under the slice of its number (ten thousand tickets). A search looks at
the newest slice, at the one before, then at twelve, then at the rest, and stops as soon as a page is full: a
word that is everywhere fills the page at once, one that is rare costs little however far it looks. Keys are read first,
tickets only for the newest of them. docs/search.md has the figures.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from ledger.actor import Actor
from tickets.models import Note, Ticket
from tickets.search_filters import condition
from tickets.searching import Asked, parse

SLICE = 10_000
STEPS = (2, 1, 12)
PAGE = 25
FEW = 2_000
KEYS, GROWTH, LOOKED, MOST_KEY = 400, 3, 5_000, 2**62
NARROW = frozenset({"org", "service", "tag", "owner", "is"})
NOTES_READ = 400
CONTEXT = 70
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_HOLDING = """
SELECT ticket_id FROM tickets_ticketwords WHERE words @@ (SELECT %s::tsquery) AND ticket_id + 0 < %s
ORDER BY ticket_id + 0 DESC LIMIT %s
"""
_AMONG = """
SELECT w.ticket_id FROM unnest(%s::bigint[], %s::text[]) AS few (id, query)
JOIN tickets_ticketwords w ON w.ticket_id = few.id WHERE w.words @@ few.query::tsquery ORDER BY few.id DESC LIMIT %s
"""
_RAREST = """
SELECT query, (SELECT count(*) FROM tickets_ticketwords WHERE words @@ query::tsquery) FROM unnest(%s::text[]) query
"""
_RARE = """
SELECT w.ticket_id, t.number FROM tickets_ticketwords w JOIN tickets_ticket t ON t.id = w.ticket_id
WHERE w.words @@ (SELECT %s::tsquery) AND w.ticket_id + 0 < %s LIMIT %s
"""
_LOOK = """
SELECT desk_tokens(%s), desk_tokens(%s), (SELECT number FROM tickets_ticket ORDER BY id DESC LIMIT 1)
"""


@dataclass(frozen=True, slots=True)
class Piece:
    """Some characters of an excerpt; `hit` = they are what was looked for."""

    text: str
    hit: bool


@dataclass(frozen=True, slots=True)
class Found:
    """One ticket. where  "" = by its title or by filters alone, "ticket" = by its own texts, public, internal = a note.

    title and excerpt are plain text in pieces, never markup.
    """

    ticket: Ticket
    title: tuple[Piece, ...]
    excerpt: tuple[Piece, ...]
    where: str


@dataclass(frozen=True, slots=True)
class FoundPage:
    """What was found, newest first. after  the number to go on after, "" = that was all."""

    rows: tuple[Found, ...]
    after: str
    asked: Asked


def search_tickets(
    typed: str, actor: Actor, at: datetime, *, after: str = "", limit: int = PAGE, excerpts: bool = True
) -> FoundPage:
    """Return a page of the tickets that hold every word of `typed` and fit its filters, newest first.

    Words may stand in different notes of a ticket; the beginning of a word is enough, but in quotation marks. Internal
    notes count only for those who read them; `excerpts` shows where. Raises Refused (field q) for a filter nobody can
    mean. 2 to 9 queries, a word that is everywhere and fits no filter aside.
    """
    asked = parse(typed.replace("\x00", ""))
    rows = Ticket.objects.visible_to(actor).select_related("organisation", "service", "owner")
    for one in asked.filters:
        rows = rows.filter(condition(one, actor, at))
    last = Ticket.objects.visible_to(actor).filter(number=after).values_list("pk", flat=True).first() if after else None
    if last is not None:
        rows = rows.filter(pk__lt=last)
    seen: int | None = None
    if not asked.words:
        by = ("-received_at", "-pk") if any(one.name == "received" for one in asked.filters) else ("-pk",)
        found = list(rows.order_by(*by)[: limit + 1]) if asked.filters else []
    else:
        found, seen = _by_words(rows, asked, actor, after=after if last else "", before=last, limit=limit + 1)
    page = found[:limit]
    on = page[-1].number if len(found) > limit else _last_looked_at(seen, actor)
    return FoundPage(_shown(page, asked, actor, excerpts), on, asked)


def _last_looked_at(seen: int | None, actor: Actor) -> str:
    """Return the number of the ticket a search stopped at, "" where it looked at all. At most 1 query."""
    rows = Ticket.objects.visible_to(actor).filter(pk__gte=seen or 0).order_by("pk")
    return rows.values_list("number", flat=True).first() or "" if seen else ""


def _by_words(
    rows: QuerySet[Ticket], asked: Asked, actor: Actor, *, after: str, before: int | None, limit: int
) -> tuple[list[Ticket], int | None]:
    """Return the newest that hold the words, and where the search stopped short, None where it did not."""
    typed = [" ".join(word for word, is_whole in asked.words if is_whole is kind) for kind in (False, True)]
    with connection.cursor() as cursor:
        cursor.execute(_LOOK, typed)
        begun, whole, newest = cursor.fetchone()
    wanted = [(token, True) for token in _apart(begun)] + [(token, False) for token in _apart(whole)]
    if not wanted or newest is None:
        return [], None
    question = _Question(wanted, reads_internal(actor), before or MOST_KEY)
    few = _few(rows, asked)
    if few is not None:
        return list(rows.filter(pk__in=question.among(few, limit)).order_by("-pk")), None
    found: list[Ticket] = []
    looked = 0
    for keys in question.holding(list(_windows(slice_of(after or newest))), KEYS if asked.filters else limit):
        found += rows.filter(pk__in=keys).order_by("-pk")[: limit - len(found)]
        looked += len(keys)
        if len(found) >= limit:
            break
        if looked >= LOOKED:
            return found, keys[-1]
    return found, None


@dataclass(frozen=True, slots=True)
class _Question:
    """What is looked for in the index of words: each word as (token, its beginning is enough), `inside` with internal
    texts, in tickets whose key is below `before`.

    The query stands apart from the planner's sight: it takes each beginning of a word for half a percent of the table,
    adds them up, and reads the table or walks the tickets backwards. Not knowing the query it takes the index.
    """

    wanted: Sequence[tuple[str, bool]]
    inside: bool
    before: int

    def query(self, slices: range) -> str:
        """The words as a tsquery for these slices."""
        return _query(self.wanted, slices, inside=self.inside)

    def holding(self, windows: Sequence[range], enough: int) -> Iterator[list[int]]:
        """Yield the keys that hold the words, newest first: at least `enough` at once, then ever more."""
        kept: list[int] = []
        for slices in windows:
            place, wide = self.before, len(slices) > STEPS[-1]
            if wide and len(self.wanted) > 1 and (rare := self._by_the_rarest(slices, windows[1])) is not None:
                kept += self.among(rare, FEW)
                break
            while True:
                found = [key for (key,) in _read(_HOLDING, [self.query(slices), place, 2 * enough])]
                kept += found
                if len(kept) >= enough:
                    full = len(found) == 2 * enough
                    yield kept
                    kept, enough = [], enough * GROWTH
                    if full:
                        place = found[-1]
                        continue
                break
        if kept:
            yield kept

    def _by_the_rarest(self, slices: range, sample: range) -> list[tuple[int, str]] | None:
        """Return what holds the word that is rarest in `sample`, None for more than FEW. 2 queries.

        The index joins the beginnings of a word that stands everywhere before it asks for the next: over all slices a
        tenth of a second, for a word that adds nothing.
        """
        alone = {_query([one], sample, inside=self.inside): one for one in self.wanted}
        counted = dict(_read(_RAREST, [list(alone)]))
        rarest = alone[min(counted, key=lambda query: counted[query])]
        found = _read(_RARE, [_query([rarest], slices, inside=self.inside), self.before, FEW + 1])
        return found if len(found) <= FEW else None

    def among(self, few: Sequence[tuple[int, str]], limit: int) -> list[int]:
        """Return the newest of `few`, keys and numbers, that hold the words: each by its own key. 1 query."""
        queries = {one: self.query(range(one, one + 1)) for one in {slice_of(number) for _key, number in few}}
        said = [[key for key, _number in few], [queries[slice_of(number)] for _key, number in few], limit]
        return [key for (key,) in _read(_AMONG, said)]


def _read(statement: str, values: list[Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


def _few(rows: QuerySet[Ticket], asked: Asked) -> list[tuple[int, str]] | None:
    """Return keys and numbers of all that fits the filters, where these leave few; None where they do not. 1 query."""
    if not any(one.name in NARROW and not one.out for one in asked.filters):
        return None
    found = list(rows.order_by().values_list("pk", "number")[: FEW + 1])
    return found if len(found) <= FEW else None


def reads_internal(actor: Actor) -> bool:
    """Whether the actor reads internal notes: as `Note.objects.visible_to` decides."""
    return actor.is_staff or actor.kind == "system" or "notes:internal" in actor.scopes


def slice_of(number: str) -> int:
    """Return the slice of a ticket's number, as desk_slice() does."""
    digits = re.search(r"-([0-9]{1,18})$", number)
    return int(digits[1]) // SLICE if digits else 0


def _windows(newest: int) -> Iterable[range]:
    """Yield the slices to look at, newest first; numbers are given out before tickets are saved, hence one more."""
    end = newest + 2
    for step in STEPS:
        if end <= 0:
            return
        begin = max(end - step, 0)
        yield range(begin, end)
        end = begin
    if end > 0:
        yield range(end)


def _apart(tokens: Sequence[str]) -> list[str]:
    """Leave out the single Chinese characters that stand in a pair already."""
    pairs = [token for token in tokens if len(token) == 2 and _CJK.search(token)]
    single = [token for token in tokens if len(token) == 1 and _CJK.search(token)]
    return [t for t in tokens if t not in single or not any(t in pair for pair in pairs)]


def _query(wanted: Sequence[tuple[str, bool]], slices: range, *, inside: bool) -> str:
    """Return the tsquery: every word, in any of the slices, in a text the asker reads."""
    reaches = ("~", "!") if inside else ("~",)
    parts = []
    for token, begins in wanted:
        word = token[:60].replace("\\", "\\\\").replace("'", "''")
        star = ":*" if begins and (len(token) > 1 or _CJK.search(token)) else ""
        parts.append(" | ".join(f"'{n}{reach}{word}'{star}" for n in slices for reach in reaches))
    return " & ".join(f"({part})" for part in parts)


def _shown(tickets: Sequence[Ticket], asked: Asked, actor: Actor, excerpts: bool) -> tuple[Found, ...]:
    """Give each ticket the words around what its title does not say: in its own texts, else in its newest such note."""
    words = patterns_of(asked)
    if not words:
        return tuple(Found(ticket, (Piece(ticket.title, False),), (), "") for ticket in tickets)
    hits = any_of(words)
    wanted = {t.pk: any_of([word for word in words if not word.search(t.title)]) for t in tickets}
    own = {ticket.pk: _own(ticket, wanted[ticket.pk]) for ticket in tickets}
    asking = {pk: lacking for pk, lacking in wanted.items() if lacking and not own[pk]}
    notes = _notes(asking, actor) if asking and excerpts else {}
    shown = []
    for ticket in tickets:
        text, where = (own[ticket.pk], "ticket") if own[ticket.pk] else notes.get(ticket.pk, ("", ""))
        shown.append(Found(ticket, pieces(ticket.title, hits), around(text, wanted[ticket.pk], hits), where))
    return tuple(shown)


def _own(ticket: Ticket, lacking: re.Pattern[str] | None) -> str:
    """Return the first text of the ticket that holds what its title lacks, "" for none."""
    texts = (ticket.description, ticket.problem_what, ticket.problem_where, ticket.problem_impact, ticket.resolution,
             ticket.problem_changed)  # fmt: skip
    return next((one for one in texts if lacking and lacking.search(one)), "")


def _notes(asking: Mapping[int, re.Pattern[str]], actor: Actor) -> dict[int, tuple[str, str]]:
    """Return for each ticket the newest note that holds what is asked, as (text, public or internal). 1 query."""
    rows = Note.objects.visible_to(actor).filter(ticket_id__in=asking, retracted_at=None).select_related("text")
    found: dict[int, tuple[str, str]] = {}
    for note in rows.order_by("-at", "-pk")[:NOTES_READ]:
        if note.ticket_id not in found and asking[note.ticket_id].search(note.body):
            found[note.ticket_id] = (note.body, "public" if note.public else "internal")
    return found


def patterns_of(asked: Asked) -> list[re.Pattern[str]]:
    """Return for each word of a question what marks it in a text."""
    words = {part for word, _whole in asked.words for part in re.split(r"[\W_]+", word) if part}
    made = (re.escape(word) if _CJK.search(word) else rf"(?<![^\W_]){re.escape(word)}" for word in words)
    return [re.compile(one, re.IGNORECASE) for one in sorted(made, key=lambda one: (-len(one), one))]


def any_of(words: Sequence[re.Pattern[str]]) -> re.Pattern[str] | None:
    """Return what marks any of them, None for none."""
    return re.compile("|".join(word.pattern for word in words), re.IGNORECASE) if words else None


def pieces(text: str, hits: re.Pattern[str] | None) -> tuple[Piece, ...]:
    """Return `text` cut where what was looked for begins and ends."""
    if hits is None:
        return (Piece(text, False),)
    made, begin = [], 0
    for found in hits.finditer(text):
        if found.start() > begin:
            made.append(Piece(text[begin : found.start()], False))
        made.append(Piece(found[0], True))
        begin = found.end()
    return (*made, Piece(text[begin:], False)) if begin < len(text) else tuple(made)


def around(text: str, first: re.Pattern[str] | None, hits: re.Pattern[str] | None) -> tuple[Piece, ...]:
    """Return the pieces of one line around the place where `first` is found, () for none; all `hits` in it marked."""
    line = " ".join(text.split())
    found = first.search(line) if first else None
    if found is None:
        return ()
    begin = max(found.start() - CONTEXT, 0)
    end = min(found.end() + 2 * CONTEXT, len(line))
    begin = line.rfind(" ", 0, begin) + 1 if begin else 0
    return pieces(f"{'… ' if begin else ''}{line[begin:end]}{' …' if end < len(line) else ''}", hits)
