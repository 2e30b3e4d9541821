"""The engine's door for subjects that are not tickets: calls, promises, steps of plans, handovers, major incidents.

Callers hold the lock of their own row (and of its ticket); everything runs in their transaction. What the events of
each subject mean stands in docs/policies.md.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from accounts.models import Organisation
from catalogue.models import Calendar
from escalation import policy
from escalation.commands.adjust import restart
from escalation.commands.arm import arm_rules
from escalation.commands.start import Start, start_clocks
from escalation.commands.stop import stop_clocks, stop_rules
from escalation.locks import lock_clocks
from escalation.models import Clock
from escalation.next_due import refresh_next_due
from escalation.promises import facts_of_customer, zone_of
from escalation.versions import Dated, current_versions, dated_versions, rules_of
from tickets.models import Ticket

WITH_START = frozenset({"start", "due", "before_due"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Subject:
    """What clocks are started on.

    facts       what conditions ask; `due_at` (aware) is the due time that `due` and `before_due` count from.
    started_at  the instant they count from. ticket None: then `organisation` says whose it is (None = nobody's) and
                `chain` where it is told of ("interaction:<uuid>").
    calendar    for versions that name the ticket's priority in `on_entitlement_calendar`; every other clock is elapsed.
    people      {"owner": user id, "commander": …}: who answers for a target word on this subject.
    new         it was made in this transaction: no earlier clock is looked for.
    """

    kind: str
    id: int
    facts: Mapping[str, Any]
    started_at: datetime
    ticket: Ticket | None = None
    organisation: Organisation | None = None
    calendar: Calendar | None = None
    chain: str = ""
    people: Mapping[str, int] = field(default_factory=dict)
    new: bool = False


def start_subject(
    kind: str,
    subject_id: int,
    *,
    facts: Mapping[str, Any],
    started_at: datetime,
    at: datetime,
    ticket: Ticket | None = None,
    organisation: Organisation | None = None,
    calendar: Calendar | None = None,
    chain: str = "",
    people: Mapping[str, int] | None = None,
) -> list[Clock]:
    """Start every policy for `kind` that applies, and return the new clocks; one already running goes on untouched.

    The shape of each argument is that of `Subject`. Cost: 6 queries, one more for a ticket.
    """
    subject = Subject(
        kind=kind, id=subject_id, facts=facts, started_at=started_at, ticket=ticket, organisation=organisation,
        calendar=calendar, chain=chain, people=people or {},
    )  # fmt: skip
    return start_subjects([subject], at=at)


def start_subjects(subjects: Sequence[Subject], *, at: datetime, among: Dated | None = None) -> list[Clock]:
    """Start clocks on many subjects of one kind in one go; queries as for one. among: as in `current_versions`."""
    runs = _runs([subject for subject in subjects if not subject.new])
    dated = dated_versions() if among is None else among
    starts = []
    for subject in subjects:
        organisation = subject.ticket.organisation if subject.ticket else subject.organisation
        wall = policy.wall(subject.started_at, zone_of(organisation))
        facts = {**facts_of_customer(organisation), **subject.facts, **wall}
        for version in current_versions(subject.kind, subject.started_at, among=dated):
            last, live = runs.get((subject.id, version.policy.key), (0, False))
            if not live and policy.matches(version.conditions, facts):
                on_calendar = facts.get("priority") in version.on_entitlement_calendar
                starts.append(Start(
                    version=version, subject_kind=subject.kind, subject_id=subject.id, ticket=subject.ticket,
                    run_no=last + 1, calendar=subject.calendar if on_calendar else None, anchors=WITH_START,
                    started_at=subject.started_at, facts=facts, organisation=subject.organisation,
                    chain=subject.chain, people=subject.people,
                ))  # fmt: skip
    clocks = start_clocks(starts, at=at)
    _keep_next_due(clocks)
    return clocks


def tell_subject(
    kind: str, subject_id: int, event: str, *, at: datetime, facts: Mapping[str, Any] | None = None
) -> None:
    """Tell the clocks of a subject that `event` happened: rules that stop on it end, those that restart on it wait
    anew, those anchored on it are armed. Nothing happens to a subject without clocks. facts: for `when` and variants.
    """
    clocks = [c for c in lock_clocks(subject_kind=kind, subject_id=subject_id) if c.state != Clock.State.STOPPED]
    stop_rules(clocks, event=event, at=at)
    for clock in clocks:
        restart(clock, event=event, at=at)
        if any(rule.anchor == event for rule in rules_of(clock.version_id)):
            organisation = clock.ticket.organisation if clock.ticket else clock.organisation
            known = {**facts_of_customer(organisation), **(facts or {}), **policy.wall(at, zone_of(organisation))}
            arm_rules(clock, anchors={event}, anchor_at=at, at=at, facts=known)
    _keep_next_due(clocks)


def stop_subject(kind: str, subject_id: int, reason: str, *, at: datetime) -> None:
    """Stop the clocks of a subject. What was due and had not fired becomes a moot firing; the rest is cancelled."""
    clocks = [c for c in lock_clocks(subject_kind=kind, subject_id=subject_id) if c.state != Clock.State.STOPPED]
    stop_clocks(clocks, reason=reason, at=at)
    _keep_next_due(clocks)


def _runs(subjects: Sequence[Subject]) -> dict[tuple[int, str], tuple[int, bool]]:
    """Return the last run of each (subject, policy) that has any, and whether it still runs. 1 query, 0 for none."""
    if not subjects:
        return {}
    rows = Clock.objects.filter(subject_kind=subjects[0].kind, subject_id__in=[subject.id for subject in subjects])
    found: dict[tuple[int, str], tuple[int, bool]] = {}
    for subject_id, kind, run_no, state in rows.order_by("run_no").values_list("subject_id", "kind", "run_no", "state"):
        found[subject_id, kind] = (run_no, state != Clock.State.STOPPED)
    return found


def _keep_next_due(clocks: Sequence[Clock]) -> None:
    for ticket_id in sorted({clock.ticket_id for clock in clocks if clock.ticket_id}):
        refresh_next_due(ticket_id)
