"""One escalation with everything on it: ladder, duties, plan, teams, log (X-09)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import AccountTeamMember
from escalation.board import Person, load, person_of, role_name
from escalation.board_ladder import Step, steps
from escalation.board_log import Attempt, LogItem, attempts, entries_of, log, team_messages
from escalation.board_proof import Proof, proofs
from escalation.board_rungs import Rung, ahead, deadlines, rungs, what
from escalation.commands.locked import require_manager
from escalation.commands.stages import answers_for
from escalation.models import Clock, Duty, Escalation, PolicyVersion, Timer
from escalation.pages import COMPUTED, SECOND
from ledger.actor import Actor
from ledger.errors import Refused
from tickets.models import WorkItem


@dataclass(frozen=True, kw_only=True, slots=True)
class DutyRow:
    """One contact duty with the chain of every message. `can_confirm`: the reader is the person named or stands in."""

    duty: Duty
    person: Person
    tries: Sequence[Attempt]
    proofs: Sequence[Proof]
    can_confirm: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Next:
    """One thing that falls due; `act` names the command that answers it, "" for none."""

    due_at: datetime
    state: str
    title: str
    act: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Engaged:
    """One engaged team: its work item, and the mail and chat that told it."""

    item: WorkItem
    tries: Sequence[Attempt]


@dataclass(frozen=True, kw_only=True, slots=True)
class Planned:
    """A role that a rung still to come calls. name: who holds it, "" where that is only found then."""

    role: str
    words: str
    name: str
    due_at: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Detail:
    """What the page of one escalation shows. `refusals`: command → sentence why it is off, "" when it may be taken."""

    escalation: Escalation
    steps: Sequence[Step]
    rungs: tuple[Rung, ...]
    duties: Sequence[DutyRow]
    following: Sequence[Next]
    plan: Sequence[WorkItem]
    teams: Sequence[Engaged]
    policies: Sequence[str]
    log: Sequence[LogItem]
    planned: Sequence[Planned]
    refusals: dict[str, Any]
    stage_two_at: datetime | None


def detail(escalation: Escalation, actor: Actor, at: datetime) -> Detail:
    """Return the page of one escalation the caller found by `visible_to`. About 17 queries."""
    found, timers = load([escalation])
    facts = found[0]
    entries = entries_of(escalation)
    tried, chains, sent = attempts(escalation, entries), proofs(escalation), team_messages(entries)
    work = WorkItem.objects.filter(ticket=escalation.ticket, source__in=["plan", "engagement"])
    items = list(work.select_related("owner_user", "owner_team", "owner_contact"))
    clocks = Clock.objects.filter(ticket=escalation.ticket).select_related("version__policy")
    holders = _holders(escalation)
    return Detail(
        escalation=escalation,
        steps=steps(facts, holders, at),
        rungs=rungs(facts, at),
        duties=[_duty_row(duty, tried, chains[duty.pk], actor, at) for duty in facts.duties],
        following=[] if escalation.closed_at else _following(timers[escalation.pk], at),
        plan=[item for item in items if item.source == WorkItem.Source.PLAN],
        teams=[Engaged(item=i, tries=sent[str(i.uuid)]) for i in items if i.source == WorkItem.Source.ENGAGEMENT],
        policies=sorted({_version(clock.version) for clock in clocks if clock.subject_kind == "escalation"}),
        log=log(entries),
        planned=[] if escalation.closed_at else _planned(timers[escalation.pk], facts.duties, holders),
        stage_two_at=facts.stage_two_at,
        refusals=refusals(escalation, actor, any(item.source == WorkItem.Source.PLAN for item in items)),
    )


def _holders(escalation: Escalation) -> dict[str, str]:
    rows = AccountTeamMember.objects.filter(role__in=["ceo", "centre_director", "deputy_gm"], organisation=None)
    return {row.role: row.user.name for row in rows.select_related("user")}


def _duty_row(
    duty: Duty, tried: dict[int | str, list[Attempt]], chain: Sequence[Proof], actor: Actor, at: datetime
) -> DutyRow:
    tries = sorted([*tried.get(duty.pk, []), *tried.get(str(duty.uuid), [])], key=lambda one: one.at)
    mine = duty.confirmed_at is None and actor.is_staff
    return DutyRow(
        duty=duty,
        person=person_of(duty, at),
        tries=tries,
        proofs=chain,
        can_confirm=mine and answers_for(actor.user_id, duty),
    )


def _version(version: PolicyVersion) -> str:
    return f"{_(version.policy.name)} v{version.n}"


def _planned(timers: Sequence[Timer], duties: Sequence[Duty], holders: dict[str, str]) -> list[Planned]:
    called = {duty.role for duty in duties}
    found: dict[str, Planned] = {}
    own = [t for t in timers if t.state == Timer.State.ARMED and t.clock.subject_kind == "escalation"]
    for timer in sorted(own, key=lambda timer: (timer.due_at, timer.pk)):
        for role in timer.rule.targets:
            if role not in COMPUTED and SECOND not in role and role not in called:
                row = Planned(role=role, words=role_name(role), name=holders.get(role, ""), due_at=timer.due_at)
                found.setdefault(role, row)
    return list(found.values())


ACTS = {"D-1": "review", "D-1D": "review", "D-2": "plan"}


def _following(timers: Sequence[Timer], at: datetime) -> list[Next]:
    return [
        Next(
            due_at=timer.due_at,
            state=ahead(timer.due_at, at),
            title=what(timer.rule_code, timer.rule.label),
            act=ACTS.get(timer.rule_code, ""),
        )
        for timer in deadlines(timers)[:4]
        if timer.due_at is not None
    ]


def refusals(escalation: Escalation, actor: Actor, has_plan: bool) -> dict[str, Any]:
    """Return for each command why it cannot be taken now, "" when it can; the same reasons the commands give."""
    manager: Any = ""
    try:
        require_manager(actor, escalation)
    except Refused as refusal:
        manager = refusal.message
    closed = _("This escalation is closed.") if escalation.closed_at else ""
    return {
        "review": closed or manager or (_("The case is reviewed already.") if escalation.reviewed_at else ""),
        "contact": closed or manager or (_("The first contact is on record.") if escalation.contacted_at else ""),
        "plan": closed or manager or _no_plan(escalation, has_plan),
        "engage": closed or ("" if actor.is_staff else _("Only staff engage teams.")),
        "item": closed,
        "inform": closed or manager,
        "call": closed or manager,
    }


def _no_plan(escalation: Escalation, has_plan: bool) -> str:
    if escalation.plan_agreed_at:
        return _("The plan is agreed already.")
    if not escalation.contacted_at:
        return _("Contact the customer first.")
    return "" if has_plan else _("Add an item with an owner first.")
