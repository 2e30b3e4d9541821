"""The lists of a customer: what needs them, what is open, what is solved. Pages by key, never by counting."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from accounts.models import Contact
from escalation.models import Escalation, Timer
from ledger.actor import Actor
from servicedesk.portal import words
from tickets.models import Commitment, Suspension, Ticket, WorkItem
from tickets.words import OPEN, TIERS, State

PAGE = 25
OPEN_STATES = tuple(s for s in OPEN if s != State.SURVEY)
SOLVED_STATES = (State.SURVEY, State.CLOSED, State.CANCELLED, State.REJECTED)
VIEWS = {
    "open": _("Open"),
    "waiting": _("Waiting for you"),
    "solved": _("Solved"),
    "mine": _("Raised by me"),
}
_NUMBER = re.compile(r"^SD-[0-9]{1,12}$")


@dataclass(frozen=True, slots=True)
class Row:
    """One ticket of a list. `next_at` None = nothing promised; `next_label` says what comes then.

    asks  "me" or "colleague" who is to answer us, "" when nothing is asked.
    """

    ticket: Ticket
    standing: words.Standing
    next_label: str
    next_at: datetime | None
    asks: str
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list. `next` is the number to go on after, "" on the last page."""

    rows: list[Row]
    next: str
    first: bool


def pending_consent() -> QuerySet[Suspension]:
    """Return suspensions of the outer ticket that wait for the customer's word."""
    return Suspension.objects.filter(ticket=OuterRef("pk"), state="requested", consent=None)


def waiting(actor: Actor) -> Q:
    """Return the condition under which a ticket waits for this very person: what it may answer."""
    asks = Q(pk__in=[])
    if actor.authorities & {"approve", "change"}:
        asks |= Q(Exists(pending_consent()), state__in=TIERS)
    if "report" in actor.authorities:
        asks |= Q(state=State.CLOSURE)
    return asks


def conditions(actor: Actor) -> dict[str, Q]:
    """Return the condition of each view."""
    return {
        "open": Q(state__in=OPEN_STATES),
        "waiting": waiting(actor),
        "solved": Q(state__in=SOLVED_STATES),
        "mine": Q(reporter_id=actor.contact_id),
    }


def counts(actor: Actor) -> dict[str, int]:
    """Return how many tickets each view holds. 1 query."""
    made = {name: Count("pk", filter=condition) for name, condition in conditions(actor).items()}
    return Ticket.objects.visible_to(actor).aggregate(**made)


def tickets(actor: Actor, view: str) -> QuerySet[Ticket]:
    """Return the tickets of a view, newest first, with what a row shows."""
    until = Suspension.objects.filter(ticket=OuterRef("pk"), state="approved").values("until")[:1]
    return (
        Ticket.objects.visible_to(actor)
        .filter(conditions(actor)[view])
        .select_related("service", "site", "reporter")
        .annotate(
            escalated=Exists(Escalation.objects.filter(ticket=OuterRef("pk"), closed_at=None)),
            consent_asked=Exists(pending_consent()),
            paused_until=Subquery(until),
        )
        .order_by("-pk")
    )


def page(actor: Actor, view: str, after: str) -> Page:
    """Return up to 25 rows after the ticket `after` (a number; "" = from the newest). 3 queries."""
    rows = tickets(actor, view)
    cursor = after if _NUMBER.match(after) else ""
    if cursor:
        rows = rows.filter(pk__lt=Subquery(Ticket.objects.visible_to(actor).filter(number=cursor).values("pk")))
    found = list(rows[: PAGE + 1])
    more = len(found) > PAGE
    return Page(_rows(found[:PAGE], actor), found[PAGE - 1].number if more else "", not cursor)


def _rows(found: list[Ticket], actor: Actor) -> list[Row]:
    promised = _promised([t.pk for t in found])
    return [_row(ticket, promised.get(ticket.pk), actor) for ticket in found]


def _row(ticket: Any, promised: tuple[datetime, str] | None, actor: Actor) -> Row:
    needed = {"report"} if ticket.state == State.CLOSURE else set()
    if ticket.consent_asked and ticket.state in TIERS:
        needed = {"approve", "change"}
    asks = "" if not needed else "me" if needed & actor.authorities else "colleague"
    at, label = promised or (None, "")
    if ticket.state == State.SUSPENDED:
        at, label = ticket.paused_until, str(_("Goes on"))
    if ticket.state not in OPEN_STATES or ticket.state == State.CLOSURE:
        at, label = None, ""
    marks = (ticket.received_at, ticket.last_public_at, ticket.resolved_at, ticket.closed_at)
    return Row(ticket, words.standing(ticket, escalated=ticket.escalated), label, at, asks, max(m for m in marks if m))


def _promised(ids: list[int]) -> dict[int, tuple[datetime, str]]:
    """Return the earliest promise of each ticket: a person's, or the policy's where it has words for customers."""
    found: dict[int, tuple[datetime, str]] = {}
    promises = Commitment.objects.filter(ticket__in=ids, state="open").values_list("ticket_id", "due_at", "kind")
    names = dict(Commitment.Kind.choices)
    rows = [(pk, due, str(names[kind])) for pk, due, kind in promises]
    armed = Timer.objects.filter(clock__ticket__in=ids, state=Timer.State.ARMED).exclude(rule__customer_label="")
    earliest = armed.values_list("clock__ticket_id", "rule__customer_label").annotate(due=Min("due_at"))
    rows += [(pk, due, words.label(text)) for pk, text, due in earliest]
    for pk, due, label in rows:
        if due and (pk not in found or due < found[pk][0]):
            found[pk] = (due, label)
    return found


def needs(actor: Actor, limit: int = 10) -> list[dict[str, Any]]:
    """Return what waits for this very person: consents, solutions to confirm, own steps of a plan. 2 queries."""
    rows = Ticket.objects.visible_to(actor).filter(waiting(actor))
    until = pending_consent().values("until")[:1]
    asked = rows.annotate(pause_until=Subquery(until)).order_by("-pk")[:limit]
    made = [{"kind": "confirm" if t.state == State.CLOSURE else "consent", "ticket": t} for t in asked]
    visible = Ticket.objects.visible_to(actor).filter(state__in=OPEN_STATES)
    own = WorkItem.objects.filter(owner_contact_id=actor.contact_id, state="open", public=True, ticket__in=visible)
    own = own.select_related("ticket").order_by("due_at", "pk")[:limit]
    return made + [{"kind": "step", "ticket": item.ticket, "item": item} for item in own]


def open_for(actor: Actor, *, service_id: int | None, site_id: int | None, limit: int = 5) -> list[Ticket]:
    """Return open tickets of this service, else of this site, else the newest of the organisation. 1 query."""
    rows = Ticket.objects.visible_to(actor).filter(state__in=OPEN_STATES).select_related("service")
    if service_id is not None:
        rows = rows.filter(Q(service_id=service_id) | Q(also_affected=service_id)).distinct()
    elif site_id is not None:
        rows = rows.filter(Q(site_id=site_id) | Q(service__site_id=site_id))
    return list(rows.order_by("-pk")[:limit])


def who_may(organisation_id: int, *authorities: str) -> list[Contact]:
    """Return active contacts who hold one of `authorities`, by name. 1 query."""
    able = Q()
    for authority in authorities:
        able |= Q(**{f"may_{authority}": True})
    return list(Contact.objects.filter(able, organisation_id=organisation_id, active=True, erased_at=None)[:20])
