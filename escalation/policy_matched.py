"""How many of the last 13 weeks the conditions of a policy hold for: one count on the page where they are written.

Judged by what the rows say today; the simulation beside it runs each again as it then was.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import CharField, Count, F, Field, Func, IntegerField, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from escalation.models import Escalation
from escalation.policy import LOCAL_TIME, STARTS_ON
from escalation.shapes import Shape
from tickets.models import Commitment, Interaction, Ticket, WorkItem

WEEKS = 13
MOST = 20_000
WORDS = CharField()
CUSTOMER = ("segment", "service_category", "region")
OF_TICKET = ("kind", "priority", "category", "channel", "critical")
STARTED = {"dispatched": "first_dispatched_at", "resolved": "resolved_at"}


@dataclass(frozen=True, slots=True)
class Matched:
    """`matched` of `cases` in `weeks`; `most`: only so many, the newest, were looked at."""

    matched: int
    cases: int
    weeks: int = WEEKS
    most: bool = False


@dataclass(frozen=True, slots=True)
class _Kind:
    """Where a kind of subject keeps what conditions ask. own: facts with the columns they stand in."""

    rows: Callable[[], QuerySet]
    at: str
    ticket: str | None
    customer: str
    own: Mapping[str, str]


KINDS = {
    "ticket": _Kind(Ticket.objects.all, "received_at", "", "organisation__", {}),
    "escalation": _Kind(
        Escalation.objects.all, "requested_at", None, "ticket__organisation__",
        {"severity": "severity", "relation": "relation", "production": "production"},
    ),
    "commitment": _Kind(
        Commitment.objects.all, "made_at", "ticket__", "ticket__organisation__", {"promise": "kind"}
    ),
    "work_item": _Kind(
        WorkItem.objects.all, "ticket__received_at", "ticket__", "ticket__organisation__",
        {"source": "source", "mandatory": "mandatory", "public": "public"},
    ),
    "interaction": _Kind(
        lambda: Interaction.objects.filter(channel="call", direction="in"), "started_at", None, "organisation__",
        {"channel": "channel", "direction": "direction", "queue": "called_queue"},
    ),
}  # fmt: skip


def matched(shape: Shape, at: datetime) -> Matched | None:
    """Count the subjects of the 13 weeks before `at` for which the conditions hold; the newest 20,000 at most.

    None where it cannot be told from the rows: an unknown condition, or one that asks how a day, a solution or a
    queue was (working_day, overdue, busy). 1 query.
    """
    kind = KINDS.get(shape["subject"])
    wanted = _conditions(kind, shape["conditions"]) if kind else None
    if kind is None or wanted is None:
        return None
    since = {f"{kind.at}__gte": at - timedelta(weeks=WEEKS), f"{kind.at}__lt": at}
    newest = kind.rows().filter(**since).order_by(f"-{kind.at}").values("pk")[:MOST]
    rows = kind.rows().filter(pk__in=newest).annotate(**_annotations(kind, shape["conditions"]))
    found = rows.order_by().aggregate(cases=Count("pk"), held=Count("pk", filter=wanted))
    return Matched(matched=found["held"], cases=found["cases"], most=found["cases"] >= MOST)


def _conditions(kind: _Kind, conditions: Mapping[str, Any]) -> Q | None:
    found = Q(pk__isnull=False)
    for name, wanted in conditions.items():
        if name == STARTS_ON:
            found &= Q(**{f"{STARTED[wanted]}__isnull": False}) if wanted in STARTED else Q()
            continue
        one = _condition(kind, name, wanted)
        if one is None:
            return None
        found &= one
    return found


def _condition(kind: _Kind, name: str, wanted: Any) -> Q | None:
    listed = wanted if isinstance(wanted, list) else [wanted]
    if name == LOCAL_TIME:
        begins, ends = Q(wall__gte=wanted.get("from", "")), Q(wall__lt=wanted.get("to", ""))
        return begins & ends if wanted.get("from", "") <= wanted.get("to", "") else begins | ends
    if name == "weekday":
        return Q(day__in=listed)
    if name in kind.own:
        return Q(**{f"{kind.own[name]}__in": listed})
    if name in CUSTOMER:
        return Q(**{f"of_{name}__in": listed})
    if name == "production":
        held = Q(**{f"{kind.customer}production": True})
        return held if wanted else ~held
    return _of_ticket(kind.ticket, name, wanted, listed) if kind.ticket is not None else None


def _of_ticket(prefix: str, name: str, wanted: Any, listed: list[Any]) -> Q | None:
    if name in OF_TICKET:
        return Q(**{f"{prefix}{name}__in": listed})
    flags = {
        "urgent": Q(**{f"{prefix}urgent": True}) | Q(**{f"{prefix}priority__in": ["P1", "P2"]}),
        "complex": Q(**{f"{prefix}reached_l2": True}) | Q(**{f"{prefix}tier__in": ["l2", "l3"]}),
        "verified": Q(**{f"{prefix}verified_at__isnull": False}),
        "dispatched": Q(**{f"{prefix}first_dispatched_at__isnull": False}),
    }
    found = flags.get(name)
    return found if found is None or wanted else ~found


def _annotations(kind: _Kind, conditions: Mapping[str, Any]) -> dict[str, Any]:
    zone = Coalesce(F(f"{kind.customer}time_zone"), Value("UTC"))
    made: dict[str, Any] = {
        f"of_{name}": Coalesce(F(f"{kind.customer}{name}"), Value(""), output_field=WORDS)
        for name in CUSTOMER if name in conditions
    }  # fmt: skip
    if LOCAL_TIME in conditions:
        made["wall"] = _wall(zone, kind.at, "to_char(timezone(%(expressions)s), 'HH24:MI')", WORDS)
    if "weekday" in conditions:
        made["day"] = _wall(zone, kind.at, "extract(isodow from timezone(%(expressions)s))::int - 1", IntegerField())
    return made


def _wall(zone: Any, at: str, template: str, field: Field) -> Func:
    return Func(zone, F(at), template=template, output_field=field)
