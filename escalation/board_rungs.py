"""The five rungs of the board, told from rows: pure, one function per rung (X-04, X-07, A-07, A-08, C-23)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from escalation.commands.stages import FIRST_THREE
from escalation.models import Duty, Escalation, Timer

SOON = timedelta(minutes=5)
CONTACTS, CEO_LATEST, REVIEW = timedelta(minutes=10), timedelta(minutes=30), timedelta(minutes=30)


@dataclass(frozen=True, kw_only=True, slots=True)
class Rung:
    """One cell. state "none" = the policy does not serve it, `note` says why; `due_at` counts while it is ahead."""

    code: str
    state: str
    at: datetime | None = None
    due_at: datetime | None = None
    note: str = ""
    left: timedelta | None = None


@dataclass(slots=True)
class Facts:
    """Rows of one escalation, already in memory."""

    escalation: Escalation
    duties: Sequence[Duty]
    timers: dict[str, Timer] = field(default_factory=dict)
    fired: dict[str, datetime] = field(default_factory=dict)

    def due(self, code: str) -> datetime | None:
        """When the armed timer of `code` is due; None if it is not armed."""
        timer = self.timers.get(code)
        return timer.due_at if timer is not None and timer.state == Timer.State.ARMED else None

    @property
    def stage_two_at(self) -> datetime | None:
        """When the second stage began: the third confirmation, or the ten minutes; None before."""
        return self.escalation.stage_two_at or self.fired.get("F-1D")

    def duty_of(self, role: str) -> Duty | None:
        """The latest duty of a role."""
        return next((duty for duty in reversed(self.duties) if duty.role == role), None)


def ahead(due: datetime, at: datetime) -> str:
    """Return running, soon or breached."""
    if due <= at:
        return "breached"
    return "soon" if due - at <= SOON else "running"


def rungs(facts: Facts, at: datetime) -> tuple[Rung, ...]:
    """Return the cells 10, 20, 30, 120 and 180 in this order."""
    return (
        contacts(facts, at),
        chief(facts, at),
        plan(facts, at),
        by_clock(facts, "T-4", at),
        by_clock(facts, "T-5", at),
    )


def first_three(facts: Facts) -> list[Duty]:
    """The duties that begin stage two once all are confirmed."""
    return [duty for duty in facts.duties if duty.role in FIRST_THREE and duty.stage == 1]


def contacts(facts: Facts, at: datetime) -> Rung:
    """10: account manager, director and vice president confirmed."""
    if not facts.escalation.production:
        return Rung(code="F-1D", state="none", note=_("not production"))
    done = [duty.confirmed_at for duty in first_three(facts) if duty.confirmed_at]
    note = _("%(n)d of %(of)d") % {"n": len(done), "of": len(FIRST_THREE)}
    fired = facts.fired.get("F-1D")
    if len(done) == len(FIRST_THREE):
        late = fired is not None
        return Rung(code="F-1D", state="fired" if late else "met", at=fired if late else max(done), note=note)
    if fired:
        return Rung(code="F-1D", state="fired", at=fired, note=note)
    due = facts.due("F-1D") or facts.escalation.requested_at + CONTACTS
    return Rung(code="F-1D", state=ahead(due, at), at=due, due_at=due, note=note)


def chief(facts: Facts, at: datetime) -> Rung:
    """20 from stage two: the CEO."""
    if not facts.escalation.production:
        return Rung(code="F-2", state="none", note=_("not production"))
    fired, duty = facts.fired.get("F-2"), facts.duty_of("ceo")
    if duty is not None and duty.confirmed_at:
        return Rung(code="F-2", state="met", at=duty.confirmed_at, note=_("CEO confirmed"))
    if fired:
        return Rung(code="F-2", state="fired", at=fired, note=_("told, not confirmed"))
    due = facts.due("F-2")
    if due is None:
        due = facts.escalation.requested_at + CEO_LATEST
        return Rung(code="F-2", state=ahead(due, at), at=due, due_at=due, note=_("at the latest"))
    return Rung(code="F-2", state=ahead(due, at), at=due, due_at=due)


def plan(facts: Facts, at: datetime) -> Rung:
    """30: reviewed and customer contacted, then the plan agreed."""
    escalation = facts.escalation
    fired = facts.fired.get("D-2") or facts.fired.get("D-1D")
    if escalation.plan_agreed_at:
        return Rung(code="D-2", state="met", at=escalation.plan_agreed_at, note=_("plan agreed"))
    if escalation.contacted_at and escalation.reviewed_at:
        note, code = _("customer called"), "D-2"
    elif escalation.contacted_at:
        note, code = _("called, not reviewed"), "D-1D"
    else:
        note, code = (_("reviewed, not called") if escalation.reviewed_at else ""), "D-1D"
    if fired and not facts.due(code):
        return Rung(code=code, state="fired", at=fired, note=note or _("not reviewed"))
    due = facts.due(code) or escalation.requested_at + REVIEW
    return Rung(code=code, state=ahead(due, at), at=due, due_at=due, note=note)


def by_clock(facts: Facts, code: str, at: datetime) -> Rung:
    """120 and 180 from the first dispatch: on the fault's own clock, held while suspended."""
    if fired := facts.fired.get(code):
        return Rung(code=code, state="fired", at=fired, note=_("informed"))
    timer = facts.timers.get(code)
    if timer is None:
        fault = facts.escalation.ticket.kind == "fault"
        return Rung(code=code, state="none", note=_("not started") if fault else _("not a fault"))
    if timer.state == Timer.State.HELD or timer.due_at is None:
        left = timedelta(microseconds=max(timer.at_us - timer.clock.accrued_us, 0))
        return Rung(code=code, state="paused", left=left)
    return Rung(code=code, state=ahead(timer.due_at, at), at=timer.due_at, due_at=timer.due_at)


def what(code: str, label: Any) -> str:
    """Return in words what comes next on a lane; the rule's own label where we have no shorter one."""
    return {
        "F-1D": _("Contacts confirmed"),
        "F-2": _("CEO informed"),
        "F-3": _("All hear the state"),
        "D-1": _("Reviewed and customer called"),
        "D-1D": _("Reviewed and customer called"),
        "D-2": _("Plan agreed"),
        "T-1": _("Signed for"),
        "T-1D": _("Signed for"),
        "T-2": _("Outcome of contact recorded"),
        "T-3": _("Progress recorded"),
        "T-4": _("Centre director informed"),
        "T-5": _("Deputy GM informed"),
    }.get(code) or _(str(label))


def next_timer(timers: Iterable[Timer]) -> Timer | None:
    """The promise due first; None if none is."""
    return next(iter(deadlines(timers)), None)


def deadlines(timers: Iterable[Timer]) -> list[Timer]:
    """The armed timers by due time, the escalation's own first, pages and warnings left out.

    Only what breaks a promise when it fires. Clock and rule must be loaded.
    """
    armed = [t for t in timers if t.state == Timer.State.ARMED and t.due_at and t.rule.breach]
    return sorted(armed, key=lambda t: (t.due_at, t.clock.subject_kind != "escalation", t.pk))
