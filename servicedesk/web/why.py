"""The answer to "why 14:35?" in words: for staff with names and policy, for customers without either."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from escalation.explain import CLOSED, COUNTED, PASSED, PAUSED, Explanation, Part, explain
from escalation.models import Timer
from servicedesk.web import times
from tickets.models import Ticket

STATES = {COUNTED: "running", CLOSED: "cancelled", PAUSED: "paused", PASSED: "breached"}
LOADED = ("rule", "clock__calendar", "clock__version__policy", "clock__ticket__organisation")


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One stretch of the answer. `counted` None = it counted nothing; `state` one of the design's words."""

    state: str
    what: str
    from_at: datetime
    to_at: datetime | None
    counted: timedelta | None
    note: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Why:
    """The whole answer. `total` is what all lines count together; it is the rule's own time."""

    title: str
    sentence: str
    lines: list[Line]
    total: timedelta
    policy: str


def timer_of(ticket: Ticket, clock: UUID, code: str) -> Timer | None:
    """Return the last timer of a rule on one of the ticket's clocks, all loaded; None if none. 2 queries."""
    rows = Timer.objects.filter(clock__ticket=ticket, clock__uuid=clock, rule_code=code).select_related(*LOADED)
    live = [timer for timer in rows.order_by("occurrence") if timer.state in {"armed", "held"}]
    return live[-1] if live else rows.order_by("-occurrence").first()


def for_staff(timer: Timer, at: datetime) -> Why:
    """Answer with approvers, calendar and policy version."""
    told = explain(timer, at)
    policy = _("{policy}, version {version}, published {at}").format(
        policy=_(told.policy), version=told.version, at=times.moment(told.published_at, at)
    )
    return _answer(timer, told, at, label=_(told.label), policy=policy, approvers=True)


def for_customer(timer: Timer, at: datetime) -> Why:
    """Answer in the customer's words: their consent, our hours, nobody's name."""
    told = explain(timer, at)
    return _answer(timer, told, at, label=_(told.customer_label), policy="", approvers=False)


def _answer(timer: Timer, told: Explanation, at: datetime, *, label: str, policy: str, approvers: bool) -> Why:
    if told.due_at is None:
        title = _("Why “{label}” stands still").format(label=label)
    else:
        title = _("Why {time}: {label}").format(time=times.moment(told.due_at, at), label=label)
    lines = [_line(part, told, approvers) for part in told.parts]
    total = timedelta(microseconds=told.counted_us)
    return Why(title=title, sentence=_sentence(timer, told, at), lines=lines, total=total, policy=policy)


def _sentence(timer: Timer, told: Explanation, at: datetime) -> str:
    since, when = _anchor(timer, told), times.moment(told.counts_from, at)
    if told.due_at is None:
        return _("{left} remain; they count again when work goes on.").format(left=times.span(told.left))
    if told.moved:
        return _("It was moved to this time before it was due, and the customer was told.")
    if told.days:
        days = ngettext("{n} working day", "{n} working days", told.days).format(n=told.days)
        return _("{length} after {event}, {time}.").format(length=days, event=since, time=when)
    if told.wait_us == 0:
        return _("At once with {event}, {time}.").format(event=since, time=when)
    length = times.span(told.wait)
    if told.anchor == "latest":
        return _("Never later than {length} after {event}, {time}.").format(length=length, event=since, time=when)
    sentence = _("{length} after {event}, {time}.").format(length=length, event=since, time=when)
    if told.calendar:
        sentence += " " + _("Only hours of the calendar “{calendar}” count.").format(calendar=told.calendar)
    if told.late:
        sentence += " " + _("That had passed when it was entered, so it was due at once.")
    return sentence


def _anchor(timer: Timer, told: Explanation) -> str:
    """Name the event the time counts from, inside a sentence."""
    words = {
        "again": pgettext("counts from", "the last news or the last reminder"),
        "dispatched": pgettext("counts from", "the dispatch to the team"),
        "specialists_dispatched": pgettext("counts from", "the sign-for, when specialists were engaged"),
        "customer_contacted": pgettext("counts from", "the manager's contact with the customer"),
        "stage_two": pgettext("counts from", "the start of the second stage"),
        "resolved": pgettext("counts from", "the resolution"),
        "received": pgettext("counts from", "receipt"),
        "due": pgettext("counts from", "the promise"),
        "before_due": pgettext("counts from", "the promise"),
    }
    if told.anchor.startswith("fired:"):
        return pgettext("counts from", "the call of step {code}").format(code=told.anchor.partition(":")[2])
    return words.get(told.anchor) or _start(timer)


def _start(timer: Timer) -> str:
    starts = str(timer.clock.version.conditions.get("starts_on", ""))
    words = {
        "logged": pgettext("counts from", "receipt"),
        "dispatched": pgettext("counts from", "the first dispatch"),
        "resolved": pgettext("counts from", "the resolution"),
    }
    if timer.clock.subject_kind == "escalation":
        return pgettext("counts from", "the request of the escalation")
    return words.get(starts, pgettext("counts from", "the start"))


def _line(part: Part, told: Explanation, approvers: bool) -> Line:
    words = {
        COUNTED: _("Counts"),
        CLOSED: _("Does not count: outside the hours"),
        PAUSED: _("Stands still: suspended"),
        PASSED: _("Already past when entered"),
    }
    note = ""
    if part.suspension is not None:
        note = part.suspension.get_reason_code_display()
        if approvers and part.approvers:
            note = _("{reason}; approved by {people}").format(reason=note, people=", ".join(part.approvers))
        elif not approvers and part.suspension.consent:
            note = _("{reason}, with your consent").format(reason=note)
    counted = part.counted if part.kind == COUNTED and not told.days else None
    return Line(
        state=STATES[part.kind], what=words[part.kind], from_at=part.from_at, to_at=part.to_at, counted=counted,
        note=note,
    )  # fmt: skip
