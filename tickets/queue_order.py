"""In which order a list of tickets stands, and from where it goes on: keyset pages, the same cost wherever one is.

A page is read from at most three ranges of the order, each of which an index can enter at its beginning.
"""

import base64
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Case, CharField, F, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from ledger.errors import Refused
from tickets import words
from tickets.models import Ticket


@dataclass(frozen=True, slots=True)
class Order:
    """field: the instant that orders. down: newest first. nullable: rows without it stand last."""

    field: str
    down: bool = False
    nullable: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """The row a page goes on from: its group, its instant (None where it has none) and its key."""

    group: Any
    at: datetime | None
    key: int


ORDERS: Final = {
    "due": Order("next_due_at", nullable=True),
    "newest": Order("received_at", down=True),
    "oldest": Order("received_at"),
    "quiet": Order("heard_at"),
}
_TEXT: Final = CharField()
GROUPS: Final[dict[str, Any]] = {
    "priority": F("priority"),
    "state": Case(
        *(When(state=state, then=Value(n)) for n, state in enumerate(words.State)), output_field=IntegerField()
    ),
    "kind": F("kind"),
    "category": F("category"),
    "channel": F("channel"),
    "team": Coalesce("team__name", Value(""), output_field=_TEXT),
    "owner": Coalesce("owner__name", Value(""), output_field=_TEXT),
    "customer": Coalesce("organisation__name", F("caller_organisation"), output_field=_TEXT),
    "segment": Coalesce("organisation__segment", Value(""), output_field=_TEXT),
    "region": Coalesce("organisation__region", Value(""), output_field=_TEXT),
    "service_category": Coalesce("organisation__service_category", Value(""), output_field=_TEXT),
    "language": Coalesce("organisation__language", Value(""), output_field=_TEXT),
}


@dataclass(frozen=True, slots=True)
class Sort:
    """An order, with the group that stands before it ("" = none)."""

    order: str = "due"
    group: str = ""

    def arranged(self, rows: QuerySet[Ticket], *, back: bool = False) -> QuerySet[Ticket]:
        """Return the rows in this order; `back` = the very reverse."""
        order = ORDERS[self.order]
        if order.field == "heard_at":
            rows = rows.alias(heard_at=Coalesce("last_public_at", "received_at"))
        if self.group:
            rows = rows.alias(grouped=GROUPS[self.group])
        sign = "-" if order.down is not back else ""
        head = [("-" if back else "") + "grouped"] if self.group else []
        return rows.order_by(*head, f"{sign}{order.field}", f"{sign}pk")

    def ranges(self, place: Place | None, *, back: bool = False) -> list[Q]:
        """Return the ranges that follow `place` (precede it with `back`), in the order they are to be read."""
        if place is None:
            return [Q()]
        field = ORDERS[self.order].field
        same = Q(grouped=place.group) if self.group else Q()
        nothing = Q(**{f"{field}__isnull": True})
        beyond = "lt" if ORDERS[self.order].down is not back else "gt"
        if place.at is None:
            found = [same & nothing & Q(**{f"pk__{beyond}": place.key})]
            found += [same & ~nothing] if back else []
        else:
            tie = Q(**{f"{field}__{beyond}": place.at}) | Q(**{field: place.at, f"pk__{beyond}": place.key})
            found = [same & Q(**{f"{field}__{beyond}e": place.at}) & tie]
            found += [same & nothing] if ORDERS[self.order].nullable and not back else []
        return [*found, Q(**{f"grouped__{'lt' if back else 'gt'}": place.group})] if self.group else found

    def columns(self) -> dict[str, Any]:
        """Return what a row must be read with, so that it can be written as a place: `_group` and `_at`."""
        field = ORDERS[self.order].field
        at = Coalesce("last_public_at", "received_at") if field == "heard_at" else F(field)
        return {"_group": GROUPS[self.group] if self.group else Value(""), "_at": at}

    def write(self, group: Any, at: datetime | None, number: str) -> str:
        """Return a row's place as a word for an address; it names the row by number, never by its key."""
        said = [self.order, self.group, group, at.isoformat() if at else "", number]
        return base64.urlsafe_b64encode(json.dumps(said).encode()).decode().rstrip("=")

    def read(self, cursor: str) -> Place | None:
        """Return the place a cursor names, None for "". 1 query. Raises Refused("bad_cursor") for any other's."""
        if not cursor:
            return None
        try:
            padded = cursor + "=" * (-len(cursor) % 4)
            order, group, value, at, number = json.loads(base64.urlsafe_b64decode(padded))
            instant = datetime.fromisoformat(at) if at else None
            key = Ticket.objects.filter(number=str(number)[:16]).values_list("pk", flat=True).first()
        except (ValueError, TypeError):
            order = group = value = instant = key = None
        fits = (order, group) == (self.order, self.group) and isinstance(value, int if group == "state" else str)
        aware = ORDERS[self.order].nullable if instant is None else instant.tzinfo is not None
        if key is None or not fits or not aware:
            raise Refused("bad_cursor", _("That page does not exist. Begin at the first."), "after")
        return Place(value, instant, key)
