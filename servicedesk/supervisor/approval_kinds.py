"""The kinds of request on tickets the approvals page lists. One more kind is one more `Kind` in KINDS, nothing else.

Planned work is no request on a ticket: `planned_approvals` adds its windows below.

A kind says which of its requests wait, how many of them a permission scope may count, and which command decides.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ledger.actor import Actor
from servicedesk.web import times
from tickets import approving
from tickets.commands.approve import decide_approval
from tickets.commands.suspend import decide_suspension
from tickets.models import Approval, Suspension, Ticket


@dataclass(frozen=True, kw_only=True, slots=True)
class Pending:
    """One request that waits.

    evidence     (label, words, state) of what a decision stands on; state "" = plain.
    decided      (function, person id, name) in order.   taken: people who asked and so may not decide.
    approve_off  why it can only be declined now, "" = it can be approved.   delegated: whether it can be handed on.
    """

    key: int
    uuid: UUID
    title: str
    href: str
    number: str
    customer: str
    reason: str
    asked_by: str
    asked_at: datetime
    needed: Sequence[str]
    taken: frozenset[int]
    decided: Sequence[tuple[str, int, str]] = ()
    evidence: Sequence[tuple[str, str, str]] = ()
    priority: str = ""
    approve_off: str = ""
    delegated: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class Kind:
    """pending   requests the reader may see.   count: of tickets everybody of a scope may see, and that scope's actor.

    decide       (key, function, approved, reason, actor, at); raises Refused.
    functions    key → words; roles: key → roles that stand for it.   reason_always: approving needs a reason too.
    """

    name: str
    label: Any
    pending: Callable[[Actor, datetime], Iterable[Pending]]
    count: Callable[[QuerySet[Ticket], Actor], int]
    decide: Callable[..., Any]
    functions: Mapping[str, Any] = field(default_factory=lambda: approving.FUNCTIONS)
    roles: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: approving.ROLES_OF)
    reason_always: bool = False


def _of_ticket(ticket: Ticket) -> dict[str, Any]:
    return {
        "title": ticket.title, "number": ticket.number, "href": reverse("desk:ticket", args=[ticket.number]),
        "customer": ticket.organisation.name if ticket.organisation else "", "priority": ticket.priority,
    }  # fmt: skip


def _suspensions(actor: Actor, at: datetime) -> Iterable[Pending]:
    rows = Suspension.objects.filter(ticket__in=Ticket.objects.visible_to(actor), state="requested")
    rows = rows.select_related("ticket__organisation", "requested_by", "consent_contact").order_by("until", "pk")
    for row in rows.prefetch_related("approvals__person"):
        given = row.consent_contact.name if row.consent_contact else ""
        consent = (_("given by %(name)s") % {"name": given}, "met") if row.consent else (_("waits"), "soon")
        taken = {row.requested_by_id, row.consent_recorded_by_id} - {None}
        yield Pending(
            key=row.pk, uuid=row.uuid, reason=row.reason, asked_at=row.requested_at, needed=row.needed,
            asked_by=row.requested_by.name if row.requested_by else "", taken=frozenset(taken),
            decided=[(one.function, one.person_id, one.person.name) for one in row.approvals.all()],
            evidence=[(_("Condition"), str(row.get_reason_code_display()), ""),
                      (_("Until"), times.moment(row.until, at), ""), (_("Consent"), *consent)],
            approve_off="" if row.consent else _("The customer has not consented yet."), **_of_ticket(row.ticket),
        )  # fmt: skip


def _asked(kind: str) -> Callable[[Actor, datetime], Iterable[Pending]]:
    def pending(actor: Actor, at: datetime) -> Iterable[Pending]:
        rows = Approval.objects.visible_to(actor).filter(kind=kind, state=Approval.State.REQUESTED)
        for row in rows.select_related("ticket__organisation", "requested_by").prefetch_related("decisions__person"):
            yield Pending(
                key=row.pk, uuid=row.uuid, reason=row.reason, asked_by=row.requested_by.name, asked_at=row.requested_at,
                needed=row.needed, taken=frozenset({row.requested_by_id}), evidence=EVIDENCE[kind](row, at),
                decided=[(one.function, one.person_id, one.person.name) for one in row.decisions.all()],
                **_of_ticket(row.ticket),
            )  # fmt: skip

    return pending


def _of_priority(row: Approval, at: datetime) -> list[tuple[str, str, str]]:
    ticket, proposed = row.ticket, approving.above_proposal(row.ticket, row.wanted)[1]
    matrix = _("%(impact)s impact, %(urgency)s urgency: %(proposed)s")
    said = {"impact": ticket.get_impact_display(), "urgency": ticket.get_urgency_display(), "proposed": proposed}
    return [
        (
            _("Wanted"),
            _("%(wanted)s instead of %(before)s") % {"wanted": row.wanted, "before": ticket.priority},
            "soon",
        ),
        (_("Proposed"), matrix % said if proposed else "", ""),
        (_("Open since"), times.moment(ticket.received_at, at), ""),
    ]


def _of_reopening(row: Approval, at: datetime) -> list[tuple[str, str, str]]:
    closed = row.ticket.closed_at
    return [
        (_("Closed"), times.moment(closed, at), ""),
        (_("Since then"), times.span(at - closed) if closed else "", "soon"),
        (_("Solved by"), row.ticket.resolution, ""),
    ]


EVIDENCE = {"priority": _of_priority, "reopen": _of_reopening}


def _waiting(model: Any, **only: str) -> Callable[[QuerySet[Ticket], Actor], int]:
    return lambda tickets, actor: model.objects.filter(ticket__in=tickets, state="requested", **only).count()


KINDS: tuple[Kind, ...] = (
    Kind(
        name="suspension", label=gettext_lazy("Suspension"), pending=_suspensions, count=_waiting(Suspension),
        decide=lambda key, **said: decide_suspension(suspension_id=key, **said),
    ),
    *(
        Kind(
            name=kind, label=label, pending=_asked(kind), count=_waiting(Approval, kind=kind), reason_always=True,
            decide=lambda key, **said: decide_approval(approval_id=key, **said),
        )
        for kind, label in Approval.Kind.choices
    ),
)  # fmt: skip
DECIDERS = tuple(dict.fromkeys(role for kind in KINDS for roles in kind.roles.values() for role in roles))
