"""What a line says beside its ticket: promises, steps, escalations, pauses, weekend cover; for many in one go."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from catalogue.models import Entitlement
from escalation.board import role_name
from escalation.models import Duty, Escalation
from tickets.models import Commitment, Suspension, Ticket, WorkItem

Due = tuple[datetime | None, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Beside:
    """By ticket: the promise that is due first, the step likewise, the open escalation, until when it pauses.

    unconfirmed  by escalation: who has not confirmed yet, by name or role.
    covered      organisations whose entitlement covers weekends.
    """

    promises: dict[int, Commitment]
    steps: dict[int, WorkItem]
    escalations: dict[int, Escalation]
    pauses: dict[int, datetime]
    unconfirmed: dict[int, list[str]]
    covered: frozenset[int]

    def first_due(self, ticket: Ticket, promised: bool) -> Due:
        """Return what falls due next on a ticket and what it is; promised: only what somebody promised."""
        rows: list[Due] = []
        if ticket.pk in self.promises:
            rows.append((self.promises[ticket.pk].due_at, "promise"))
        if ticket.pk in self.steps:
            rows.append((self.steps[ticket.pk].due_at, "item"))
        if not promised and ticket.pk in self.pauses:
            rows.append((self.pauses[ticket.pk], "resume"))
        if not promised and ticket.next_due_at:
            rows.append((ticket.next_due_at, ticket.next_due_code))
        return min(rows, default=(None, ""), key=lambda row: row[0] or datetime.max)


def beside(tickets: Sequence[Ticket], at: datetime) -> Beside:
    """Read it. 6 queries, however many tickets."""
    keys = {ticket.pk for ticket in tickets}
    promises = Commitment.objects.filter(ticket__in=keys, state="open").select_related("made_by").order_by("-due_at")
    steps = WorkItem.objects.filter(ticket__in=keys, state="open", due_at__isnull=False).order_by("-due_at")
    escalations = {row.ticket_id: row for row in Escalation.objects.filter(ticket__in=keys, closed_at=None)}
    waiting: dict[int, list[str]] = defaultdict(list)
    duties = Duty.objects.filter(escalation__in=escalations.values(), confirmed_at=None).select_related("person")
    for duty in duties:
        waiting[duty.escalation_id].append(duty.person.name if duty.person else role_name(duty.role))
    pauses = Suspension.objects.filter(ticket__in=keys, state="approved")
    return Beside(
        promises={row.ticket_id: row for row in promises}, steps={row.ticket_id: row for row in steps if row.ticket_id},
        escalations=escalations, pauses=dict(pauses.values_list("ticket_id", "until")), unconfirmed=waiting,
        covered=covered({ticket.organisation_id for ticket in tickets if ticket.organisation_id}, at),
    )  # fmt: skip


def covered(organisations: set[int], at: datetime) -> frozenset[int]:
    """Return which of these organisations' entitlements cover weekends at `at`. 1 query."""
    day = at.date()
    rows = Entitlement.objects.filter(organisation__in=organisations, weekend_cover=True, valid_from__lte=day)
    return frozenset(rows.filter(Q(valid_to=None) | Q(valid_to__gte=day)).values_list("organisation_id", flat=True))
