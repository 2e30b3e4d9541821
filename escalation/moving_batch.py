"""A few clocks moved onto a version in the caller's transaction, in the house's lock order: tickets, chains, clocks by
id, timers by id. What an engine holds we wait for; what we hold it skips, so nothing is lost or doubled."""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection

from escalation import policy
from escalation.commands.adjust import switch_calendar
from escalation.locks import lock_clocks, lock_timers
from escalation.models import Clock, PolicyVersion, Segment, Timer
from escalation.moving import REMOVED, Move, plan_move
from escalation.moving_facts import Subjects
from escalation.next_due import refresh_many
from escalation.timers import end_or_moot, hours_of, save_timers
from escalation.versions import rules_of, versions
from ledger.actor import SYSTEM
from ledger.record import Fact, record_plain
from tickets.models import Ticket

_LIMITS = "SET LOCAL lock_timeout = '1s'; SET LOCAL statement_timeout = '20s'"
_REPIN = """
UPDATE esc_timer t SET rule_id = r.id FROM esc_rule r
WHERE t.clock_id = ANY(%s) AND r.version_id = %s AND r.code = t.rule_code AND t.state <> 'fired' AND t.rule_id <> r.id
"""


def move_clocks(ids: Sequence[int], to: PolicyVersion, *, fire: Collection[str], at: datetime) -> list[int]:
    """Move those of these clocks that run and to whose subject the version applies; return their keys.

    Raises DatabaseError (lock not available, deadlock) when a ticket is in somebody's hands; nothing is written then.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LIMITS)
    found = list(Clock.objects.filter(pk__in=ids).exclude(state=Clock.State.STOPPED).exclude(version=to))
    tickets = sorted({clock.ticket_id for clock in found if clock.ticket_id})
    list(Ticket.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=tickets).order_by("pk"))
    subjects = Subjects(found, at)
    applying = [clock.pk for clock in found if applies(clock, to, subjects)]
    _tell(found, applying, to, subjects, at)
    clocks = [c for c in lock_clocks(pk__in=applying) if c.state != Clock.State.STOPPED and c.version_id != to.pk]
    for clock in clocks:
        _move(clock, to, subjects, fire=fire, at=at)
    with connection.cursor() as cursor:
        cursor.execute(_REPIN, [[clock.pk for clock in clocks], to.pk])
    if tickets:
        refresh_many(tickets)
    return [clock.pk for clock in clocks]


def applies(clock: Clock, to: PolicyVersion, subjects: Subjects) -> bool:
    """Whether the version is meant for what the clock runs on; a clock it is not meant for keeps its own."""
    facts = subjects.known(clock, ()).facts
    if facts is None:
        return True
    return policy.matches(to.conditions, {**facts, "dispatched": facts.get("dispatched") or to.conditions.get(
        "dispatched", False)})  # fmt: skip


def _tell(clocks: list[Clock], moving: list[int], to: PolicyVersion, subjects: Subjects, at: datetime) -> None:
    known = versions(clock.version_id for clock in clocks)
    chains = {clock.pk: _chain(clock, subjects) for clock in clocks}
    facts = [
        Fact(name="clock.moved", chain=chains[clock.pk], at=at, about=subjects.tickets.get(clock.ticket_id or 0), data={
            "clock": str(clock.uuid), "policy": clock.kind, "from": known[clock.version_id].n, "to": to.n})
        for clock in clocks if clock.pk in set(moving) and chains[clock.pk]
    ]  # fmt: skip
    if facts:
        record_plain(facts, actor=SYSTEM)


def _chain(clock: Clock, subjects: Subjects) -> str:
    ticket = subjects.tickets.get(clock.ticket_id or 0)
    return ticket.chain if ticket is not None else clock.chain


def _move(clock: Clock, to: PolicyVersion, subjects: Subjects, *, fire: Collection[str], at: datetime) -> None:
    ticket = subjects.tickets.get(clock.ticket_id or 0)
    live = lock_timers(clock, Timer.State.ARMED, Timer.State.HELD)
    if clock.subject_kind == "ticket" and ticket is not None:
        on_calendar = ticket.priority in to.on_entitlement_calendar
        switch_calendar(clock, calendar=subjects.calendar(ticket) if on_calendar else None, at=at)
    ended = list(Timer.objects.filter(clock=clock, state__in=[Timer.State.FIRED, Timer.State.CANCELLED]))
    for timer in ended:
        timer.clock = clock
    move = plan_move(
        clock, rules_of(clock.version_id), rules_of(to.pk), [*live, *ended], known=subjects.known(clock, ended),
        segments=list(Segment.objects.filter(clock=clock).order_by("seq")), hours=hours_of(clock), fire=fire, at=at,
    )  # fmt: skip
    write(move, at=at)
    clock.version, clock.epoch = to, clock.epoch + 1
    clock.save(update_fields=["version", "epoch"])


def write(move: Move, *, at: datetime) -> None:
    """Write what was planned for one clock."""
    end_or_moot(move.ended, reason=REMOVED, at=at)
    save_timers([*move.moved, *move.skipped])
    Timer.objects.bulk_create(move.added)


@dataclass(kw_only=True, slots=True)
class Preview:
    """What a move would do, counted by rule. `stay`: clocks the version is not meant for. past: codes to decide on."""

    to: PolicyVersion
    clocks: int = 0
    stay: int = 0
    counted: int = 0
    by_version: Counter[int] = field(default_factory=Counter)
    kept: Counter[str] = field(default_factory=Counter)
    moved: Counter[str] = field(default_factory=Counter)
    ended: Counter[str] = field(default_factory=Counter)
    added: Counter[str] = field(default_factory=Counter)
    past: Counter[str] = field(default_factory=Counter)


def preview(ids: Sequence[int], to: PolicyVersion, into: Preview, *, at: datetime) -> Preview:
    """Count what moving these clocks would do, changing nothing and locking nothing."""
    clocks = list(Clock.objects.filter(pk__in=ids).select_related("calendar", "ticket__organisation", "organisation"))
    subjects = Subjects(clocks, at)
    known = versions(clock.version_id for clock in clocks)
    timers: dict[int, list[Timer]] = defaultdict(list)
    for timer in Timer.objects.filter(clock__in=clocks).select_related("rule").order_by("pk"):
        timers[timer.clock_id].append(timer)
    stretches: dict[int, list[Segment]] = defaultdict(list)
    for stretch in Segment.objects.filter(clock__in=clocks).order_by("seq"):
        stretches[stretch.clock_id].append(stretch)
    for clock in clocks:
        into.by_version[known[clock.version_id].n] += 1
        if not applies(clock, to, subjects):
            into.stay += 1
            continue
        rows = timers[clock.pk]
        for timer in rows:
            timer.clock = clock
        ended = [timer for timer in rows if timer.state == Timer.State.CANCELLED]
        move = plan_move(
            clock, rules_of(clock.version_id), rules_of(to.pk), rows, known=subjects.known(clock, ended),
            segments=stretches[clock.pk], hours=hours_of(clock), fire=None, at=at,
        )  # fmt: skip
        for name in ("kept", "moved", "ended", "added"):
            getattr(into, name).update(timer.rule_code for timer in getattr(move, name))
        into.past.update(move.past)
    return into
