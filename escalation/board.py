"""The live board: every open escalation as a lane (journey 4, X-09). Constant number of queries, whatever is open."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Max, Q
from django.utils.translation import gettext as _

from accounts.models.staff import LadderRole, Role
from escalation.board_filters import Filters
from escalation.board_rungs import Facts, Rung, ahead, next_timer, rungs, what
from escalation.models import Duty, Escalation, Firing, Notification, Timer
from ledger.actor import Actor
from tickets import words
from tickets.models import Suspension

NEWS = timedelta(minutes=30)
RUNG_CODES = ("F-1D", "F-2", "F-3", "D-1", "D-1D", "D-2", "T-4", "T-5")
ROLE_WORDS = {**dict(LadderRole.choices), **dict(Role.choices)}


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """One duty as the board tells it. `tries` pages were handed over, the last at `last_at`."""

    name: str
    role: str
    due_at: datetime | None
    confirmed_at: datetime | None
    state: str
    how: str = ""
    tries: int = 0
    last_at: datetime | None = None
    deputy_for: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Lane:
    """One escalation. `due_at` None = nothing is due; `group` is soon, later or paused."""

    escalation: Escalation
    state: str
    group: str
    due_at: datetime | None
    what: str
    rungs: tuple[Rung, ...]
    told: Sequence[Person]
    unconfirmed: Sequence[Person]
    heard_at: datetime | None
    silent: bool
    suspension: Suspension | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Board:
    """Lanes in the order of their due times, and the figures above them.

    waited_for  everybody who has not confirmed, with their escalation: longest over first, then by due time.
    """

    lanes: Sequence[Lane]
    waited_for: Sequence[tuple[Person, Escalation]] = ()
    soon: int = 0
    unconfirmed: int = 0
    overdue: int = 0
    silent: int = 0
    groups: Sequence[tuple[str, Sequence[Lane]]] = field(default=())


def way(how: str) -> str:
    """Return in words how somebody confirmed."""
    return {
        "link": _("by link"),
        "reply": _("by reply"),
        "keypad": _("by voice key"),
        "call": _("by recorded call"),
        "desk": _("on the desk"),
    }.get(how, how)


def role_name(role: str) -> str:
    """Return a role in words: a rung, a staff role, or the name as it stands."""
    return str(ROLE_WORDS.get(role, role.replace("_", " ")))


def board(actor: Actor, *, at: datetime, filters: Filters | None = None) -> Board:
    """Return what `actor` may see of every open escalation. 6 queries."""
    rows = list(
        Escalation.objects.visible_to(actor)
        .filter((filters or Filters()).q(), closed_at=None)
        .select_related("ticket__organisation", "ticket__team", "duty_manager")
        .order_by("requested_at", "pk")
    )
    facts, every = load(rows)
    tries = _tries(rows)
    suspended = [row.ticket_id for row in rows if row.ticket.state == words.State.SUSPENDED]
    pauses = {s.ticket_id: s for s in Suspension.objects.filter(ticket_id__in=suspended, state="approved")}
    lanes = [_lane(f, every[f.escalation.pk], tries, pauses.get(f.escalation.ticket_id), at) for f in facts]
    lanes.sort(key=lambda lane: (lane.due_at is None, lane.due_at or at, lane.escalation.pk))
    groups = [(name, [lane for lane in lanes if lane.group == name]) for name in ("soon", "later", "paused")]
    waited = [(person, lane.escalation) for lane in lanes for person in lane.unconfirmed]
    waited.sort(key=lambda pair: (pair[0].due_at is None, pair[0].due_at or at, pair[0].name))
    open_people = [person for person, _escalation in waited]
    return Board(
        lanes=lanes,
        waited_for=waited,
        soon=len(groups[0][1]),
        unconfirmed=len(open_people),
        overdue=sum(person.state == "breached" for person in open_people),
        silent=sum(lane.silent for lane in lanes),
        groups=[(name, found) for name, found in groups if found],
    )


def load(rows: Sequence[Escalation]) -> tuple[list[Facts], dict[int, list[Timer]]]:
    """Return the facts of each escalation and all its timers, in 3 queries."""
    duties: dict[int, list[Duty]] = defaultdict(list)
    for duty in Duty.objects.filter(escalation__in=rows).select_related("person", "confirmed_by"):
        duties[duty.escalation_id].append(duty)
    by_ticket = {row.ticket_id: row for row in rows}
    mine = Q(clock__subject_kind="escalation", clock__subject_id__in=[row.pk for row in rows])
    theirs = Q(clock__subject_kind="ticket", clock__subject_id__in=list(by_ticket))
    timers: dict[int, list[Timer]] = defaultdict(list)
    live = Timer.objects.filter(mine | theirs, state__in=[Timer.State.ARMED, Timer.State.HELD])
    for timer in live.select_related("clock", "rule"):
        timers[_owner(timer.clock, by_ticket)].append(timer)
    fired: dict[int, dict[str, datetime]] = defaultdict(dict)
    done = Firing.objects.filter(mine | theirs, rule_code__in=RUNG_CODES).exclude(outcome=Firing.Outcome.MOOT)
    for firing in done.select_related("clock").order_by("due_at"):
        ticket = by_ticket.get(firing.clock.subject_id) if firing.clock.subject_kind == "ticket" else None
        if ticket is None or firing.clock.run_no == ticket.ticket.run_no:
            fired[_owner(firing.clock, by_ticket)].setdefault(firing.rule_code, firing.due_at)
    facts = [
        Facts(
            escalation=row,
            duties=duties[row.pk],
            timers={timer.rule_code: timer for timer in timers[row.pk]},
            fired=fired[row.pk],
        )
        for row in rows
    ]
    return facts, timers


def _owner(clock: Any, by_ticket: dict[int, Escalation]) -> int:
    return clock.subject_id if clock.subject_kind == "escalation" else by_ticket[clock.subject_id].pk


def _tries(rows: Sequence[Escalation]) -> dict[int, tuple[int, datetime | None]]:
    sent = Notification.objects.filter(duty__escalation__in=rows, sent_at__isnull=False)
    counted = sent.values("duty_id").annotate(n=Count("pk"), last=Max("created_at")).order_by()
    return {row["duty_id"]: (row["n"], row["last"]) for row in counted}


def person_of(duty: Duty, at: datetime, tries: tuple[int, datetime | None] = (0, None)) -> Person:
    """Return a duty as a person; a deputy's confirmation bears the deputy's name and whom they stand for."""
    who, named = duty.confirmed_by or duty.person, duty.person
    state = "met" if duty.confirmed_at else "breached" if duty.due_at and duty.due_at <= at else "soon"
    return Person(
        name=who.name if who else role_name(duty.role),
        role=role_name(duty.role),
        due_at=duty.due_at,
        confirmed_at=duty.confirmed_at,
        state=state,
        how=way(duty.how),
        tries=tries[0],
        last_at=tries[1],
        deputy_for=named.name if duty.confirmed_by and named and named != duty.confirmed_by else "",
    )


def _lane(facts: Facts, timers: list[Timer], tries: dict, pause: Suspension | None, at: datetime) -> Lane:
    escalation, ticket = facts.escalation, facts.escalation.ticket
    following = next_timer(timers)
    due = following.due_at if following else None
    state = ahead(due, at) if due else "running"
    paused = pause is not None and state == "running"
    people = [person_of(duty, at, tries.get(duty.pk, (0, None))) for duty in facts.duties]
    heard = max(filter(None, [ticket.last_public_at, escalation.contacted_at]), default=None)
    return Lane(
        escalation=escalation,
        state="paused" if paused else state,
        group="paused" if paused else "later" if state == "running" else "soon",
        due_at=due,
        what=what(following.rule_code, following.rule.label) if following else "",
        rungs=rungs(facts, at),
        told=sorted((p for p in people if p.confirmed_at), key=lambda p: p.confirmed_at or at),
        unconfirmed=[p for p in people if not p.confirmed_at],
        heard_at=heard,
        silent=pause is None and (heard or escalation.requested_at) < at - NEWS,
        suspension=pause,
    )
