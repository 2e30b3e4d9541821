"""Search: tickets by the words of their texts and notes, newest first, only what the asker may read.

The words of a ticket stand in one index entry under the slice of its number (ten thousand tickets). A search looks at
the newest slice, at the one before, then at three, at twelve, then at the rest, and stops as soon as a page is full: a
word that is everywhere fills the page at once, one that is rare costs little however far it looks. Keys are read first,
tickets only for the newest of them. docs/search.md has the figures.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import QuerySet

from ledger.actor import Actor
from tickets.models import Note, Ticket
from tickets.search_filters import condition
from tickets.searching import Asked, parse

SLICE = 10_000
STEPS = (2, 1, 3, 12)
PAGE = 25
FEW = 2_000
KEYS, GROWTH, MOST_KEY = 400, 5, 2**62
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
    if not asked.words:
        by = ("-received_at", "-pk") if any(one.name == "received" for one in asked.filters) else ("-pk",)
        found = list(rows.order_by(*by)[: limit + 1]) if asked.filters else []
    else:
        found = _by_words(rows, asked, actor, after=after if last else "", before=last, limit=limit + 1)
    page = found[:limit]
    return FoundPage(_shown(page, asked, actor, excerpts), page[-1].number if len(found) > limit else "", asked)


def _by_words(
    rows: QuerySet[Ticket], asked: Asked, actor: Actor, *, after: str, before: int | None, limit: int
) -> list[Ticket]:
    typed = [" ".join(word for word, is_whole in asked.words if is_whole is kind) for kind in (False, True)]
    with connection.cursor() as cursor:
        cursor.execute(_LOOK, typed)
        begun, whole, newest = cursor.fetchone()
    wanted = [(token, True) for token in _apart(begun)] + [(token, False) for token in _apart(whole)]
    if not wanted or newest is None:
        return []
    inside = reads_internal(actor)
    few = _few(rows, asked)
    if few is not None:
        return list(rows.filter(pk__in=_among(few, wanted, inside=inside, limit=limit)).order_by("-pk"))
    found: list[Ticket] = []
    windows = [_query(wanted, slices, inside=inside) for slices in _windows(slice_of(after or newest))]
    for keys in _holding(windows, before or MOST_KEY, KEYS if asked.filters else limit * 2):
        found += rows.filter(pk__in=keys).order_by("-pk")[: limit - len(found)]
        if len(found) >= limit:
            break
    return found


def _holding(windows: Iterable[str], before: int, many: int) -> Iterator[list[int]]:
    """Yield the keys of tickets that hold the words, newest first: `many`, then ever more at once.

    The query stands apart from the planner's sight: it takes each beginning of a word for half a percent of the table,
    adds them up, and reads the table or walks the tickets backwards. Not knowing the query it takes the index.
    """
    kept: list[int] = []
    for query in windows:
        place = before
        while True:
            with connection.cursor() as cursor:
                cursor.execute(_HOLDING, [query, place, many])
                found = [key for (key,) in cursor.fetchall()]
            kept += found
            full = len(found) == many
            if len(kept) >= many:
                yield kept
                kept, many = [], many * GROWTH
            if not full:
                break
            place = found[-1]
    if kept:
        yield kept


def _few(rows: QuerySet[Ticket], asked: Asked) -> list[tuple[int, str]] | None:
    """Return keys and numbers of all that fits the filters, where these leave few; None where they do not. 1 query."""
    if not any(one.name in NARROW and not one.out for one in asked.filters):
        return None
    found = list(rows.order_by().values_list("pk", "number")[: FEW + 1])
    return found if len(found) <= FEW else None


def _among(
    few: Sequence[tuple[int, str]], wanted: Sequence[tuple[str, bool]], *, inside: bool, limit: int
) -> list[int]:
    """Return the newest of `few` that hold the words: each looked at by its own key. 1 query."""
    slices = {slice_of(number) for _key, number in few}
    queries = {one: _query(wanted, range(one, one + 1), inside=inside) for one in slices}
    with connection.cursor() as cursor:
        cursor.execute(_AMONG, [[key for key, _n in few], [queries[slice_of(n)] for _key, n in few], limit])
        return [key for (key,) in cursor.fetchall()]


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
