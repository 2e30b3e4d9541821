"""Logs of what stands beside tickets: calls that rang, handovers, major incidents; from their own chains."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from accounts.models import Organisation
from escalation.models import Clock
from escalation.simulator.affairs import ENDS
from escalation.simulator.checking import Log
from escalation.simulator.shapes import Case, Event
from escalation.simulator.windows import us
from ledger.models import Entry
from tickets.models import Interaction, Ticket

CALL, SHIFT, MAJOR, WINDOW = "interaction", "handover", "major_incident", "maintenance"
CHUNK = 500
SHIFTS = ("handover.due", "handover.accepted")
MAJORS = ("major.declared", "major.updated", "major.restored", "major.reviewed", "major.cadence_changed")
WINDOWS = (
    "maintenance.requested", "maintenance.approved", "maintenance.noticed", "maintenance.started", "maintenance.ended",
    "maintenance.moved", "maintenance.cancelled", "maintenance.declined",
)  # fmt: skip
OVER = frozenset({"ended", "moved", "cancelled", "declined"})
NAMES = {SHIFT: SHIFTS, MAJOR: MAJORS, WINDOW: WINDOWS}
Batch = tuple[list[Log], QuerySet[Clock]]


def cases_beside(subject: str, first: datetime, last: datetime, tickets: Any = None) -> Iterator[Case]:
    """Yield the cases of a subject beside tickets; of those on a ticket only where it is among `tickets`."""
    for logs, _clocks in off_tickets(first, last, subject):
        numbers = [log.name for log in logs if ":" not in log.name]
        rows = Ticket.objects.filter(number__in=numbers)
        rows = rows if tickets is None else rows.filter(pk__in=tickets.values("pk"))
        seen = set(rows.values_list("number", flat=True))
        for log in logs:
            if ":" in log.name or log.name in seen:
                link = "" if ":" in log.name else f"/desk/tickets/{log.name}/"
                yield Case(name=log.name, events=log.ways[0], until=us(last), link=link)


def how_many_beside(subject: str, first: datetime, last: datetime) -> int:
    """Return about how many cases of a subject beside tickets there are. 1 query."""
    if subject == CALL:
        return _ringing(first, last).count()
    return Entry.objects.filter(name=NAMES[subject][0], at__gte=first, at__lt=last).count()


def off_tickets(first: datetime, last: datetime, *subjects: str) -> Iterator[Batch]:
    """Yield logs with the clocks they are compared with, of all subjects or those named.

    3 queries for each 500 calls, 12 for all the rest.
    """
    if CALL in subjects or not subjects:
        yield from _rang(first, last)
    for kind, names in NAMES.items():
        if kind in subjects or not subjects:
            clocks = _lived(kind, first, last)
            yield list(_chains(kind, names, clocks, first, last)), clocks


def _rang(first: datetime, last: datetime) -> Iterator[Batch]:
    ringing = _ringing(first, last).iterator(chunk_size=CHUNK)
    while calls := list(islice(ringing, CHUNK)):
        clocks = Clock.objects.filter(subject_kind=CALL, subject_id__in=[call.pk for call in calls])
        yield list(_calls(calls)), clocks


def _ringing(first: datetime, last: datetime) -> QuerySet[Interaction]:
    """Calls in that rang in [first, last)."""
    calls = Interaction.objects.filter(channel="call", direction="in", started_at__lt=last)
    over = Coalesce("answered_at", "ended_at")
    return calls.annotate(over=over).filter(Q(over=None) | Q(over__gte=first)).select_related("organisation", "ticket")


def _calls(calls: Sequence[Interaction]) -> Iterator[Log]:
    """What a call's own entry does not say: whether every agent of the queue was busy then. Both answers are tried.

    A call that was on record as answered from the beginning, or that staff wrote down, rang for nobody.
    """
    rang = {str(data.get("interaction")) for data in _answers(calls)}
    by_chain = {f"interaction:{call.uuid}": call for call in calls}
    rows = Entry.objects.filter(name="interaction.started", chain__in=by_chain)
    for chain, at, actor_kind in rows.values_list("chain", "at", "actor_kind"):
        call = by_chain[chain]
        over = call.answered_at or call.ended_at
        if actor_kind == "staff" or (call.answered_at is not None and str(call.uuid) not in rang):
            continue
        facts = {
            **_customer(call.organisation), "channel": call.channel, "direction": call.direction,
            "queue": call.called_queue,
        }  # fmt: skip
        stop = [Event(us(over), "stopped", None, {"reason": "answered"})] if over is not None else []
        begun = {"started": us(call.started_at)}
        ways = [[Event(us(at), "started", {**facts, "busy": busy}, begun), *stop] for busy in (False, True)]
        yield Log(CALL, call.pk, call.ticket.number if call.ticket_id and call.ticket else chain, ways)


def _answers(calls: Sequence[Interaction]) -> QuerySet[Entry, dict[str, Any]]:
    at = [call.answered_at for call in calls if call.answered_at is not None]
    return Entry.objects.filter(name="interaction.answered", at__in=at).values_list("data", flat=True)


def _lived(kind: str, first: datetime, last: datetime) -> QuerySet[Clock]:
    here = Q(stopped_at=None) | Q(stopped_at__gte=first)
    return Clock.objects.filter(here, subject_kind=kind, started_at__lt=last)


def _chains(
    kind: str, names: tuple[str, ...], clocks: QuerySet[Clock], first: datetime, last: datetime
) -> Iterator[Log]:
    """One log for each chain that has a fact of this kind in [first, last) or a clock that ran then.

    A clock of a ticket keeps no chain of its own: it is found by the instant it was declared at.
    """
    known = list(clocks.select_related("ticket__organisation"))
    here = Entry.objects.filter(name__in=names, at__gte=first, at__lt=last).values_list("chain", flat=True)
    begun = Entry.objects.filter(name=names[0], at__in=[c.started_at for c in known]).values_list("chain", flat=True)
    chains = {*here, *begun, *(clock.chain for clock in known if clock.chain)}
    rows: dict[str, list[tuple[str, datetime, dict[str, Any]]]] = defaultdict(list)
    entries = Entry.objects.filter(chain__in=chains, name__in=names, at__lt=last).order_by("chain", "seq")
    for chain, name, at, data in entries.values_list("chain", "name", "at", "data"):
        rows[chain].append((name, at, data))
    ends = _ends([clock.ticket.chain for clock in known if clock.ticket])
    for chain, said in rows.items():
        found = next((c for c in known if c.chain == chain or (c.ticket and c.started_at == said[0][1])), None)
        ticket = found.ticket if found else None
        customer = _customer(ticket.organisation if ticket else None)
        events = [event for fact in said for event in _events(*fact, customer)] + (ends[ticket.chain] if ticket else [])
        number = ticket.number if ticket else chain
        yield Log(kind, found.subject_id if found else 0, number, [sorted(events, key=lambda event: event.at)])


def _ends(chains: Sequence[str]) -> dict[str, list[Event]]:
    """What ends the clocks of a ticket, by its chain. 1 query, none for no ticket."""
    found: dict[str, list[Event]] = defaultdict(list)
    if chains:
        rows = Entry.objects.filter(chain__in=chains, name__in=ENDS).order_by("chain", "seq")
        for chain, name, at in rows.values_list("chain", "name", "at"):
            found[chain].append(Event(us(at), "stopped", None, {"reason": ENDS[name]}))
    return found


def _customer(organisation: Organisation | None) -> dict[str, Any]:
    """What conditions ask of the customer; "" and false without one, and then the wall clock is UTC's."""
    if organisation is None:
        return {"segment": "", "service_category": "", "region": "", "production": False, "zone": "UTC"}
    return {
        "segment": organisation.segment, "service_category": organisation.service_category,
        "region": organisation.region, "production": organisation.production, "zone": organisation.time_zone,
    }  # fmt: skip


def _events(name: str, at: datetime, data: dict[str, Any], customer: dict[str, Any]) -> list[Event]:
    """What a fact says: the event itself, and the instant that was promised for the next news where it names one."""
    told = [] if name == "major.cadence_changed" else [_event(name, at, data, customer)]
    due = data.get("next_due")
    return [*told, Event(us(at), "promised", None, {"due": us(datetime.fromisoformat(due))})] if due else told


def _event(name: str, at: datetime, data: dict[str, Any], customer: dict[str, Any]) -> Event:
    what = name.partition(".")[2]
    facts = {**customer, "region": data.get("region", ""), "severity": data.get("severity")}
    if what == "due":
        starts_at = data.get("starts_at")
        started = datetime.fromisoformat(starts_at) if starts_at else at
        return Event(us(at), "started", facts, {"started": us(started)})
    if what == "requested":
        return Event(us(at), "started", {**facts, "due": us(datetime.fromisoformat(data["due_at"]))})
    if name == "maintenance.started":
        return Event(us(at), "begun")
    if what in OVER:
        return Event(us(at), "stopped", None, {"reason": what})
    if what == "declared":
        return Event(us(at), "started", facts)
    if what in ("accepted", "reviewed"):
        return Event(us(at), "stopped", None, {"reason": what})
    return Event(us(at), what)
