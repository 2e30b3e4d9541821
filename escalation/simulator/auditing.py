"""Yesterday as it was: what `plan` says should have fired beside the firings on record, for every kind of clock but
the engine's own canary."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q

from escalation.models import Clock
from escalation.simulator.checking import Checker, Finding
from escalation.simulator.history import stories
from escalation.simulator.logs import ON_TICKETS, logs_of
from escalation.simulator.off_tickets import off_tickets
from ledger.models import Entry
from tickets.models import Ticket

__all__ = ["Finding", "Report", "audit_between"]


@dataclass(slots=True)
class Report:
    """What one audit saw."""

    tickets: int = 0
    firings: int = 0
    findings: list[Finding] = field(default_factory=list)


def audit_between(first: datetime, last: datetime) -> Report:
    """Compare what was due in [first, last) on every ticket, call, promise, step, handover and major incident that
    lived then.

    Clocks moved to another version by hand, or whose calendar was edited since they began, are left out: what those do
    is no function of the log alone. Cost: a few queries for each 500 tickets or calls, up to five more a ticket.
    """
    report, checker = Report(), Checker(first, last)
    for ticket, story in stories(_lived(first, last), checker.calendars):
        report.tickets += 1
        checker.check(logs_of(ticket, story), Clock.objects.filter(ticket=ticket, subject_kind__in=ON_TICKETS))
    for logs, clocks in off_tickets(first, last):
        checker.check(logs, clocks)
    report.firings, report.findings = checker.firings, checker.findings
    return report


def _lived(first: datetime, last: datetime) -> Iterable[Ticket]:
    """Tickets with a fact or a firing in the stretch, or a clock that ran through it."""
    chains = Entry.objects.filter(at__gte=first, at__lt=last, chain__startswith="ticket:").values("chain").distinct()
    numbers = [row["chain"].partition(":")[2] for row in chains.order_by()]
    running = Clock.objects.filter(Q(stopped_at=None) | Q(stopped_at__gte=first), started_at__lt=last)
    here = Q(number__in=numbers) | Q(pk__in=running.values("ticket_id"))
    return Ticket.objects.filter(here).select_related("organisation").order_by("pk").iterator(chunk_size=500)
