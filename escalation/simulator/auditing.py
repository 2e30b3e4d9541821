"""Yesterday's real tickets: what `plan` says should have fired beside the firings on record."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from escalation.models import Clock, Escalation, Firing, Policy
from escalation.simulator.history import calendars_between, rosters_between, stories, versions_of
from escalation.simulator.plan import plan_together
from escalation.simulator.shapes import Event, Version
from escalation.simulator.shapes import Firing as Planned
from escalation.simulator.windows import us
from ledger.models import Entry
from tickets.models import Ticket

RACE = timedelta(seconds=60)  # a stop this soon after the due time may have come before the engine looked
MOOT = "moot"
Key = tuple[str, int, str, int]  # policy, run, rule, occurrence


@dataclass(frozen=True, slots=True)
class Finding:
    """One difference. what: "missing" (should have fired), "extra" (should not), "due" or "outcome"."""

    ticket: str
    policy: str
    code: str
    occurrence: int
    what: str
    planned: str
    real: str

    @property
    def sentence(self) -> str:
        """A line for an operator."""
        said = f"{self.planned or '–'} / {self.real or '–'}"
        return f"{self.ticket} {self.code}/{self.occurrence} {self.what} {said}"

    def as_dict(self) -> dict[str, Any]:
        """JSON-able."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(slots=True)
class Report:
    """What one audit saw."""

    tickets: int = 0
    firings: int = 0
    findings: list[Finding] = field(default_factory=list)


def audit_between(first: datetime, last: datetime) -> Report:
    """Compare what was due in [first, last) on every ticket that lived then.

    Clocks moved to another version by hand, or whose calendar was edited since they began, are left out: what those do
    is no function of the log alone. Cost: a few queries for each 500 tickets, five more a ticket.
    """
    report = Report()
    policies, edits = _policies(), _edits()
    rosters, calendars = rosters_between(first, last), calendars_between(first - timedelta(days=800), last)
    for ticket, story in stories(_lived(first, last)):
        report.tickets += 1
        real = _real(ticket, first, last)
        report.firings += len(real)
        planned: dict[Key, Planned] = {}
        for subject, number, events in _logs(ticket, story.events, story.escalations):
            chosen = {key: versions for key, versions in policies.items() if versions[0].subject == subject}
            for key, fired in plan_together(chosen, events, rosters, calendars, us(last)).items():
                planned |= {
                    (key, number or int(one.clock.rpartition("/")[2]), one.code, one.occurrence): one for one in fired
                }
        moved = _moved(ticket, policies, edits)
        report.findings += _compare(ticket, planned, real, moved, us(first), us(last))
    return report


def _policies() -> dict[str, Sequence[Version]]:
    keys = Policy.objects.filter(subject__in=["ticket", "escalation"], versions__isnull=False).distinct()
    return {policy.key: versions_of(policy.key) for policy in keys.order_by("pk")}


def _lived(first: datetime, last: datetime) -> Iterable[Ticket]:
    """Tickets with a fact or a firing in the stretch, or a clock that ran through it."""
    chains = Entry.objects.filter(at__gte=first, at__lt=last, chain__startswith="ticket:").values("chain").distinct()
    numbers = [row["chain"].partition(":")[2] for row in chains.order_by()]
    running = Clock.objects.filter(Q(stopped_at=None) | Q(stopped_at__gte=first), started_at__lt=last)
    here = Q(number__in=numbers) | Q(pk__in=running.values("ticket_id"))
    return Ticket.objects.filter(here).select_related("organisation").order_by("pk").iterator(chunk_size=500)


def _logs(
    ticket: Ticket, events: list[Event], escalations: dict[str, list[Event]]
) -> list[tuple[str, int, list[Event]]]:
    """The ticket's own log, then one per escalation under its key, so that runs of several do not meet."""
    keys = dict(Escalation.objects.filter(ticket=ticket).values_list("uuid", "pk")) if escalations else {}
    by_text = {str(uuid): pk for uuid, pk in keys.items()}
    return [("ticket", 0, events), *(("escalation", -by_text.get(uuid, 1), log) for uuid, log in escalations.items())]


def _real(ticket: Ticket, first: datetime, last: datetime) -> dict[Key, Firing]:
    rows = Firing.objects.filter(clock__ticket=ticket, due_at__gte=first, due_at__lt=last)
    found = {}
    for one in rows.filter(clock__subject_kind__in=["ticket", "escalation"]).select_related("clock"):
        clock = one.clock
        run = clock.run_no if clock.subject_kind == "ticket" else -clock.subject_id
        found[clock.kind, run, one.rule_code, one.occurrence] = one
    return found


def _edits() -> dict[str, datetime]:
    """When each calendar was last edited, by its public id. 1 query."""
    rows = Entry.objects.filter(name="configuration.changed", chain="configuration:catalogue.calendar")
    return {str(data.get("row")): at for data, at in rows.order_by("at", "pk").values_list("data", "at")}


def _moved(ticket: Ticket, policies: dict[str, Sequence[Version]], edits: dict[str, datetime]) -> set[tuple[str, int]]:
    """Clocks that do not run on the version in force at their start, or whose calendar was edited since."""
    found = set()
    for clock in Clock.objects.filter(ticket=ticket).select_related("version", "calendar"):
        by_start = [v for v in policies.get(clock.kind, ()) if v.from_us <= us(clock.started_at)]
        expected = by_start[-1].n if by_start else 1
        edited = edits.get(str(clock.calendar.uuid)) if clock.calendar else None
        if clock.version.n != expected or (edited is not None and edited >= clock.started_at):
            run = clock.run_no if clock.subject_kind == "ticket" else -clock.subject_id
            found.add((clock.kind, run))
    return found


def _compare(
    ticket: Ticket, planned: dict[Key, Planned], real: dict[Key, Firing], moved: set[tuple[str, int]], first: int,
    last: int,
) -> list[Finding]:  # fmt: skip
    found: dict[Key, Finding] = {}
    for key, one in planned.items():
        if first <= one.due < last - us_of(RACE) and key[:2] not in moved and key not in real:
            found[key] = _finding(ticket, key, "missing", one.due_at.isoformat(), "")
    for key, row in real.items():
        said = planned.get(key)
        if key[:2] in moved:
            continue
        if said is None:
            found[key] = _finding(ticket, key, "extra", "", row.due_at.isoformat())
        elif said.due_at != row.due_at:
            found[key] = _finding(ticket, key, "due", said.due_at.isoformat(), row.due_at.isoformat())
        elif row.outcome == MOOT and said.outcome != MOOT and row.fired_at - row.due_at > RACE:
            found[key] = _finding(ticket, key, "outcome", said.outcome, row.outcome)
    return [found[key] for key in sorted(found)]


def us_of(span: timedelta) -> int:
    """Return a duration in microseconds."""
    return span // timedelta(microseconds=1)


def _finding(ticket: Ticket, key: Key, what: str, planned: str, real: str) -> Finding:
    return Finding(ticket.number, key[0], key[2], key[3], what, planned, real)
