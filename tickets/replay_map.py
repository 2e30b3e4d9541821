"""What the events of a historical incident log mean in our commands. Pure: no table, no clock.

The log says status + sub-status, when and who; `plan_case` turns one case into the commands that
would have left the same trace. `docs/replay.md` holds the table with its counts. A planned command
may still be refused by its guard when it is run: that refusal is a finding about the log.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

LOG_ZONE = ZoneInfo("Europe/Brussels")
SYSTEM = "Siebel"  # the old desk's own account: it closes and routes, it owns nothing
CUSTOMER, MONITORING, CUSTOMER_SERVICE = "@customer", "@monitoring", "@customer_service"
TIERS = ("l1", "l2", "l3")
TEAMS_PER_TIER = 3
AGREED_WAIT = timedelta(days=30)

QUEUED, IN_PROGRESS, ASSIGNED = "Queued+Awaiting Assignment", "Accepted+In Progress", "Accepted+Assigned"
RESOLVED, IN_CALL, CLOSED = "Completed+Resolved", "Completed+In Call", "Completed+Closed"
CANCELLED, UNMATCHED = "Completed+Cancelled", "Unmatched+Unmatched"
WAITS = {
    "Accepted+Wait": "other",
    "Accepted+Wait - User": "user",
    "Accepted+Wait - Customer": "customer",
    "Accepted+Wait - Implementation": "implementation",
    "Accepted+Wait - Vendor": "vendor",
}
# What each wait is called among the conditions of a suspension (tickets.words.SuspensionReason).
CONDITIONS = {
    "other": "third_party",
    "user": "customer_unavailable",
    "customer": "customer_request",
    "implementation": "maintenance",
    "vendor": "third_party",
}

Params = dict[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class LogEvent:
    """One row of the log. row: 1 for the first row below the header; at: in UTC."""

    row: int
    case: str
    at: datetime
    activity: str
    resource: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One command to run at `at_utc`. params["by"] is a first name of the log, SYSTEM or an @function."""

    at_utc: datetime
    command: str
    params: Params
    source_row: int


@dataclass(kw_only=True, slots=True)
class _Case:
    """Where our ticket would stand after the steps planned so far."""

    state: str = "none"  # none, tier, suspended, closure, closed, cancelled
    tier: str = "l1"
    team: str = "l1-a"
    owner: str | None = None
    signed: bool = False
    reason: str = ""
    worked: dict[str, str] = field(default_factory=dict)  # person -> team they last worked the case in


Planned = Iterator[tuple[str, Params]]


def log_event(row: int, fields: Mapping[str, str]) -> LogEvent:
    """Return the event of one CSV row; its local time means the first fold in Europe/Brussels."""
    local = datetime.fromisoformat(fields["timestamp"]).replace(tzinfo=LOG_ZONE, fold=0)
    return LogEvent(
        row=row, case=fields["case"], at=local.astimezone(UTC), activity=fields["activity"], resource=fields["resource"]
    )


def cases_of(rows: Iterable[Mapping[str, str]]) -> Iterator[list[LogEvent]]:
    """Yield the events of each case in order; the rows stand by case and time, as in the file."""
    events = (log_event(number, fields) for number, fields in enumerate(rows, start=1))
    for _, group in groupby(events, key=lambda event: event.case):
        yield list(group)


def plan_case(events: Sequence[LogEvent]) -> Iterator[Step]:
    """Yield the steps of one case in order, at least one for every event.

    events  all events of one case, by time. Raises ValueError at an activity the table does not know.
    """
    case = _Case()
    for index, event in enumerate(events):
        for command, params in _plan_event(case, event, events[index + 1 :]):
            yield Step(at_utc=event.at, command=command, params=params, source_row=event.row)


def memberships(steps: Iterable[Step]) -> set[tuple[str, str]]:
    """Return (person, team) for everyone the steps ask to own a ticket of that team."""
    owners = ((step.params.get("to", step.params["by"]), step.params) for step in steps if "team" in step.params)
    return {(person, params["team"]) for person, params in owners if person and person != SYSTEM}


def _plan_event(case: _Case, event: LogEvent, later: Sequence[LogEvent]) -> Planned:
    by = event.resource
    if event.activity == QUEUED:
        yield from _queue(case, by, _next_worker(later))
    elif event.activity == IN_PROGRESS:
        yield from _work(case, by)
    elif event.activity == ASSIGNED:
        yield from _hand_over(case, by, later[0].resource if later else by)
    elif event.activity in WAITS:
        yield from _wait(case, by, WAITS[event.activity], event.at)
    elif event.activity in (RESOLVED, IN_CALL):
        yield from _resolve(case, by, in_call=event.activity == IN_CALL)
    elif event.activity == CLOSED:
        yield from _close(case, by)
    elif event.activity == CANCELLED:
        yield "cancel", {"by": by, "reason": "withdrawn"}
        case.state = "cancelled"
    elif event.activity == UNMATCHED:
        yield "add_progress", {"by": by, "audience": "internal"}
    else:
        raise ValueError(f"row {event.row}: unknown activity {event.activity!r}")


def _next_worker(later: Sequence[LogEvent]) -> str | None:
    """Return who takes the case from the queue; None when it moves queue again, or nobody does."""
    for event in later:
        if event.activity == QUEUED:
            return None
        if event.resource != SYSTEM:
            return event.resource
    return None


def _back_to_tier(case: _Case, by: str) -> Planned:
    """Bring the ticket from wherever it stands to its tier; nothing when it is there."""
    if case.state == "none":
        yield "log", {"by": by, "channel": "internal", "kind": "fault"}
        yield "begin_verification", {"by": by}
        yield "verify", {"by": by, "method": "internal"}
    elif case.state == "suspended":
        yield "resume", {"by": by, "reason": f"wait_over_{case.reason}"}
    elif case.state == "closure":
        yield "dispute", {"by": by, "reason": "worked_on_after_resolution"}
        case.signed = False
    elif case.state in ("closed", "cancelled"):
        yield "reopen", {"by": by, "reason": "worked_on_after_closing"}
    if case.state in ("none", "closed", "cancelled"):
        yield "triage", {"by": by, "tier": case.tier, "team": case.team, "to": ""}
        case.owner, case.signed = None, False
    case.state = "tier"


def _hold(case: _Case, by: str) -> Planned:
    """Make `by` the owner: from the queue by signing for it, from a colleague by assignment."""
    if by == SYSTEM:
        return
    if not case.signed:
        yield "sign_for", {"by": by, "team": case.team}
    elif case.owner != by:
        yield "assign", {"by": by, "to": by, "team": case.team}
    case.owner, case.signed = by, True
    case.worked[by] = case.team


def _work(case: _Case, by: str) -> Planned:
    moved = False
    for step in (*_back_to_tier(case, by), *_hold(case, by)):
        moved = True
        yield step
    if not moved:
        yield "add_progress", {"by": by, "audience": "internal"}


def _hand_over(case: _Case, by: str, to: str) -> Planned:
    yield from _back_to_tier(case, by)
    to = by if to == SYSTEM else to
    yield "assign", {"by": by, "to": "" if to == SYSTEM else to, "team": case.team}
    case.owner, case.signed = (None if to == SYSTEM else to), False


def _queue(case: _Case, by: str, worker: str | None) -> Planned:
    fresh = case.state in ("none", "closed", "cancelled")
    yield from _back_to_tier(case, by)
    if not fresh:  # triage has just queued a fresh one
        yield _move(case, by, case.worked.get(worker or ""))
    case.owner, case.signed = None, False


def _move(case: _Case, by: str, known: str | None) -> tuple[str, Params]:
    """Choose the team of a queue move: where the next worker was before, else a tier up, else beside."""
    if known is None:
        known = _team_above(case) if case.signed and case.tier != "l3" else _team_beside(case)
    before, after = TIERS.index(case.tier), TIERS.index(known[:2])
    same_team, case.tier, case.team = known == case.team, known[:2], known
    if same_team:
        return "assign", {"by": by, "to": "", "team": known}
    params = {"by": by, "team": known, "to": ""}
    if after == before:
        return "transfer", params
    return ("escalate_tier" if after > before else "return_tier"), params | {"tier": case.tier}


def _team_above(case: _Case) -> str:
    return f"{TIERS[TIERS.index(case.tier) + 1]}-a"


def _team_beside(case: _Case) -> str:
    letters = "abcdefghij"[:TEAMS_PER_TIER]
    return f"{case.tier}-{letters[(letters.index(case.team[3]) + 1) % TEAMS_PER_TIER]}"


def _wait(case: _Case, by: str, reason: str, at: datetime) -> Planned:
    if case.state == "suspended" and case.reason == reason:
        yield "add_progress", {"by": by, "audience": "internal"}
        return
    yield from _back_to_tier(case, by)
    yield from _hold(case, by)
    if reason in ("user", "customer"):  # nobody waits for somebody not spoken to
        yield "record_contact", {"by": by, "outcome": "reached"}
    until = (at + AGREED_WAIT).isoformat()
    yield "request_suspension", {"by": by, "reason": CONDITIONS[reason], "until": until}
    yield "consent", {"by": CUSTOMER}
    yield "approve", {"by": MONITORING, "function": "monitoring"}
    yield "approve", {"by": CUSTOMER_SERVICE, "function": "customer_service"}
    case.state, case.reason = "suspended", reason


def _resolve(case: _Case, by: str, *, in_call: bool) -> Planned:
    if case.state == "closure" and not in_call:
        yield "add_progress", {"by": by, "audience": "internal"}
        return
    if not (in_call and case.state == "closure"):
        yield from _back_to_tier(case, by)
        yield from _hold(case, by)
        yield "resolve", {"by": by, "code": "answered" if in_call else "fixed", "cause": "other"}
        case.state = "closure"
    if in_call:
        yield "confirm", {"by": by, "how": "customer"}
        yield from _close(case, by, confirmed=True)


def _close(case: _Case, by: str, *, confirmed: bool = False) -> Planned:
    """Confirm and close; a ticket that is not in closure is closed anyway, for the guard to refuse."""
    if case.state == "closure" and not confirmed:
        yield "confirm", {"by": by, "how": "no_answer" if by == SYSTEM else "agent"}
    yield "close", {"by": by, "knowledge": "none", "follow_up": "none"}
    if case.state == "closure":
        case.state = "closed"
