"""Facts of the frame around every page: counts beside the links, the duty manager, waiting calls, the engine's health.

Each takes the request of a signed-in person and is asked only by pages that draw it. Customers get none of it.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts.models.organisation import DESK_ROLES
from escalation.models import Break, Escalation, Notification
from escalation.oncall import on_duty_manager
from escalation.queries import LATE_S, lag, last_beat
from ledger import clock
from ledger.actor import Actor
from servicedesk.web.navigation import APPROVERS, LEADS
from tickets import queries, queries_maintenance
from tickets.models import Approval, Commitment, Interaction, MajorIncident, Problem, Suspension, Ticket, WorkItem

QUIET = timedelta(seconds=30)
KEEP_SECONDS = 10


@dataclass(frozen=True, slots=True)
class OnDuty:
    """Who manages now. `until` None = no end is planned."""

    name: str
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """Calls that ring unanswered, and the longest wait."""

    count: int
    longest: timedelta


def counts(request: HttpRequest) -> dict[str, int]:
    """Return the figures beside the links of staff, by the names of `navigation`. 1 query, kept ten seconds."""
    actor: Actor = request.actor
    if not actor.is_staff:
        return {}
    key = f"shell-counts:{actor.ref}"
    found = cache.get(key)
    if found is None:
        mine = Notification.objects.filter(user_id=actor.user_id, channel="web", seen_at=None)
        asked: dict[str, QuerySet[Any]] = {
            "inbox": mine,
            "major": MajorIncident.objects.visible_to(actor).running(),
            "on_break": Break.objects.filter(user=actor.user_id, to_at=None),
            "maintenance": queries_maintenance.ahead(actor),
            "problems": Problem.objects.visible_to(actor).filter(state__in=Problem.LIVE),
            "escalations": Escalation.objects.visible_to(actor).filter(closed_at=None),
        }
        if actor.roles & (LEADS | APPROVERS):
            tickets = Ticket.objects.visible_to(actor)
            asked["approvals"] = Suspension.objects.filter(state="requested", ticket__in=tickets)
            asked["asked"] = Approval.objects.visible_to(actor).filter(state="requested")
            asked["works"] = queries_maintenance.waiting(actor)
        owed = _owing(actor)
        found = queries.counts(actor, also=asked | owed)
        found["my_day"] = sum(found.pop(name) for name in owed)
        if "approvals" in found:
            found["approvals"] += found.pop("asked") + found.pop("works")
        cache.set(key, found, KEEP_SECONDS)
    return found


def forget(actor: Actor) -> None:
    """Ask anew for one person's counts with the next page."""
    cache.delete(f"shell-counts:{actor.ref}")


def duty_manager(request: HttpRequest) -> OnDuty | None:
    """Return the duty manager of this moment for staff, None where nobody is."""
    if not request.actor.is_staff:
        return None
    name = cache.get("shell-duty-manager")
    if name is None:
        found = on_duty_manager(clock.now())
        name = found.user.name if found.user else ""
        cache.set("shell-duty-manager", name, KEEP_SECONDS)
    return OnDuty(name, None) if name else None


def calls_waiting(request: HttpRequest) -> Waiting | None:
    """Return the calls that ring and the desk's people may learn of, None for none. Kept ten seconds for each scope."""
    actor: Actor = request.actor
    if not actor.is_staff or not (actor.has_role(*DESK_ROLES) or actor.company_wide):
        return None
    places = "" if actor.company_wide else "-".join(sorted(actor.regions))
    key = f"shell-calls-waiting:{places}:{sorted(actor.ladder_organisation_ids) if places else ''}"
    key = key.replace(" ", "")
    started = cache.get(key)
    if started is None:
        rows = Interaction.objects.visible_to(replace(actor, user_id=0)).filter(
            channel="call", direction="in", answered_at=None, ended_at=None
        )
        waiting = rows.filter(agent=None, ticket=None).order_by("started_at")
        started = list(waiting.values_list("started_at", flat=True)[:99])
        cache.set(key, started, KEEP_SECONDS)
    return Waiting(len(started), max(clock.now() - started[0], timedelta())) if started else None


def engine_warning(request: HttpRequest) -> str:
    """Return a sentence for staff while the escalation engine stands still or lags, "" else. Kept ten seconds."""
    if not request.actor.is_staff:
        return ""
    found = cache.get("shell-engine")
    if found is None:
        beat = last_beat()
        still = beat is not None and clock.real_now() - beat > QUIET
        late = not still and lag(clock.now()) > LATE_S
        found = "still" if still else "late" if late else "well"
        cache.set("shell-engine", found, KEEP_SECONDS)
    words = {"still": _("The escalation engine stands still: watch deadlines yourself and call the operator."),
             "late": _("The escalation engine is late: deadlines may fire some seconds after their time.")}  # fmt: skip
    return words.get(found, "")


def _owing(actor: Actor) -> dict[str, QuerySet[Any]]:
    """Promises, plan items, unfinished calls and deadlines of one agent, as its day lists them."""
    tickets, me = Ticket.objects.visible_to(actor), actor.user_id
    promises = Commitment.objects.filter(state="open", ticket__in=tickets)
    mine = WorkItem.objects.filter(state="open", owner_user_id=me)
    return {
        "owed_promises": promises.filter(Q(made_by_id=me) | Q(ticket__owner_id=me)),
        "owed_items": mine.filter(Q(ticket__in=tickets) | Q(major__isnull=False)),
        "owed_deadlines": tickets.open().filter(owner_id=me, next_due_at__isnull=False),
        "owed_calls": Interaction.objects.filter(agent_id=me, ticket=None, disposition="", direction="in"),
    }


def _owed(actor: Actor) -> int:
    """Return how much stands in an agent's day. 1 query."""
    return sum(queries.totals(_owing(actor)).values())
