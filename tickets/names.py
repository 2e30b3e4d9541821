"""Names for the public ids that facts hold: people, teams, steps, promises, participants; side texts with them."""

from collections.abc import Collection, Iterable, Iterator
from typing import Any
from uuid import UUID

from django.db.models import CharField, F, QuerySet, Value
from django.db.models.functions import Cast, Coalesce, NullIf

from accounts.models import Contact, Team, User
from ledger.models import Entry, EntryText
from tickets.models import Commitment, Participant, WorkItem


def names_of(entries: Iterable[Entry]) -> dict[str, str]:
    """Return public id → name for everything `entries` speak of. 1 query, none when they speak of nothing."""
    return names_and_texts(entries, ())[0]


def names_and_texts(entries: Iterable[Entry], texts: Collection[str]) -> tuple[dict[str, str], dict[str, str]]:
    """Return the names of `names_of`, and the side texts with these ids, by id. 1 query, none when there is nothing."""
    wanted = {found for entry in entries for value in (entry.actor_ref, entry.data) for found in _ids(value)}
    if not wanted and not texts:
        return {}, {}
    part = Coalesce("user__name", "contact__name", "team__name", NullIf("label", Value("")), Value(""))
    rows: QuerySet[Any, Any] = _named(User, F("name"), wanted)
    others = [
        _named(Contact, F("name"), wanted),
        _named(Team, F("name"), wanted),
        _named(WorkItem, F("title"), wanted),
        _named(Commitment, F("text"), wanted),
        _named(Participant, part, wanted),
    ]
    if texts:
        bodies = EntryText.objects.filter(pk__in=texts).order_by()
        others.append(bodies.annotate(said=Cast("body", CharField())).values_list("pk", "said"))
    found = {str(uuid): said for uuid, said in rows.union(*others, all=True)}
    said = {one: found.pop(one) for one in texts if one in found}
    return {uuid: name for uuid, name in found.items() if name}, said


def _named(model: Any, name: Any, wanted: set[UUID]) -> QuerySet[Any, Any]:
    rows = model.objects.filter(uuid__in=wanted).order_by()
    return rows.annotate(said=Cast(name, CharField())).values_list("uuid", "said")


def _ids(value: Any) -> Iterator[UUID]:
    """Every public id in a fact's data; side texts are not looked into."""
    if isinstance(value, dict):
        for key, each in value.items():
            if key != "texts":
                yield from _ids(each)
    elif isinstance(value, list):
        for each in value:
            yield from _ids(each)
    elif isinstance(value, str) and len(value) == 36:
        try:
            yield UUID(value)
        except ValueError:
            return
