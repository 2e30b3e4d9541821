"""Which clocks a ticket would get, and when they fall due, before it is logged: armed as ever, and never saved."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from escalation import policy
from escalation.commands.arm import timers_for
from escalation.commands.start import Start, clock_of
from escalation.locks import begin_live
from escalation.models import Timer
from escalation.ticket_clocks import TicketClocks, starts_on
from escalation.versions import rules_of


@dataclass(frozen=True, kw_only=True, slots=True)
class Upcoming:
    """One rule that would be armed. customer_label "" = not for customers. breach False = a warning or a page only.

    ends_on  the events that end it ("signed_for", "resolved").
    """

    code: str
    label: str
    customer_label: str
    due_at: datetime
    breach: bool
    ends_on: tuple[str, ...]


def upcoming(logged: TicketClocks, triaged: TicketClocks, *, over: Collection[str] = ()) -> list[Upcoming]:
    """Return what would be armed by logging a ticket and dispatching it at `triaged.at`, next due first.

    logged   the ticket as it would be logged, unsaved, at the instant it was received.
    triaged  the same as it would leave triage. over: events that have happened by then ("verified").
    1 query for the versions, 1 more for a calendar nobody gave.
    """
    timers = [timer for start in _starts(logged, triaged) for timer in _timers(start, triaged)]
    due = [timer for timer in timers if timer.due_at is not None and not set(timer.rule.stop_on) & set(over)]
    return sorted((_shown(timer) for timer in due), key=lambda one: (one.due_at, one.code))


def after_signing(triaged: TicketClocks) -> timedelta | None:
    """Return how soon after somebody signs for it the reporter must be contacted (C-19); None without such a rule."""
    facts = triaged.facts_at(triaged.at)
    versions = (v for v in triaged.versions("ticket", triaged.at) if triaged.applies(v, triaged.at))
    rules = (rule for version in versions for rule in rules_of(version.pk) if rule.anchor == "specialists_dispatched")
    waits = [policy.offset_s(rule.offset_s, rule.variants, facts) for rule in rules if policy.matches(rule.when, facts)]
    return timedelta(seconds=min(waits)) if waits else None


def _starts(logged: TicketClocks, triaged: TicketClocks) -> Iterator[Start]:
    """As the facts come: what starts with the logging and still applies, then what newly applies at the dispatch."""
    begun: set[int] = set()
    triaged.dated = logged.dated
    for version in logged.versions("ticket", logged.at):
        if starts_on(version, "logged") and logged.applies(version, logged.at):
            begun.add(version.policy_id)
            if triaged.applies(version, logged.at):
                yield triaged.start_of(version, started_at=logged.at, received=True)
    for version in triaged.versions("ticket", triaged.at):
        fresh = version.policy_id not in begun and not starts_on(version, "resolved")
        if fresh and triaged.applies(version, triaged.at):
            yield triaged.start_of(version, started_at=triaged.at, received=False)


def _timers(start: Start, triaged: TicketClocks) -> list[Timer]:
    clock = clock_of(start)
    begin_live(clock)
    made = timers_for(clock, anchors=start.anchors, anchor_at=start.started_at, at=triaged.at, facts=start.facts)
    if "dispatched" in start.anchors:
        return made
    facts = triaged.facts_at(triaged.at)
    return made + timers_for(clock, anchors={"dispatched"}, anchor_at=triaged.at, at=triaged.at, facts=facts)


def _shown(timer: Timer) -> Upcoming:
    rule = timer.rule
    return Upcoming(
        code=rule.code, label=_(rule.label), customer_label=_(rule.customer_label) if rule.customer_label else "",
        due_at=timer.nominal_at if timer.due_at is None else timer.due_at, breach=rule.breach,
        ends_on=tuple(rule.stop_on),
    )  # fmt: skip
