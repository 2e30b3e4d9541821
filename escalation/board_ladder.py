"""The rungs of one escalation in order, for the diagram and its words (X-09)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from escalation.board_rungs import CEO_LATEST, Facts, Rung, ahead, by_clock, chief, contacts, first_three, plan
from escalation.models import Duty

AGAIN = timedelta(minutes=30)


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One rung. `rule` is its offset in words ("10 + 20 min"); `people` pairs of name and instant confirmed or None."""

    rule: str
    at: datetime
    title: str
    state: str
    people: Sequence[tuple[str, datetime | None]] = ()
    note: str = ""


def steps(facts: Facts, holders: Mapping[str, str], at: datetime) -> list[Step]:
    """Return every rung that serves this escalation, by time. `holders` names who holds the roles above."""
    made = [_first(facts)]
    if facts.escalation.production:
        made += [_second(facts, at), _chief(facts, holders, at), _again(facts, at)]
    made.append(_plan(facts, at))
    for code, role, rule, title in (
        ("T-4", "centre_director", _("120 min from dispatch"), _("Director of the response centre")),
        ("T-5", "deputy_gm", _("180 min"), _("Deputy general manager, operations")),
    ):
        cell = by_clock(facts, code, at)
        if cell.state != "none":
            made.append(_held(cell, holders.get(role, ""), rule, title, at))
    return sorted(made, key=lambda step: step.at)


def _names(duties: Sequence[Duty]) -> list[tuple[str, datetime | None]]:
    people = [(duty.confirmed_by or duty.person, duty.confirmed_at) for duty in duties]
    return [(person.name, at) for person, at in people if person is not None]


def _first(facts: Facts) -> Step:
    start = facts.escalation.requested_at
    if not facts.escalation.production:
        duties = [duty for duty in facts.duties if duty.role == "duty_manager"]
        state = "met" if duties else "running"
        return Step(rule=_("0 min"), at=start, title=_("Duty manager called"), state=state, people=_names(duties))
    duties = first_three(facts)
    state = "met" if duties else "running"
    title = _("Account manager, director and VP contacted")
    confirmed = _names([duty for duty in duties if duty.confirmed_at])
    return Step(rule=_("0 min"), at=start, title=title, state=state, people=confirmed)


def _second(facts: Facts, at: datetime) -> Step:
    cell = contacts(facts, at)
    missing = [duty for duty in first_three(facts) if not duty.confirmed_at]
    if facts.escalation.stage_two_at and cell.state == "met":
        began = facts.escalation.stage_two_at
        return Step(rule=_("10 min"), at=began, title=_("Second stage, all three confirmed"), state="met")
    if cell.state == "fired":
        title = _("Second stage, contacts not confirmed in time")
        return Step(rule=_("10 min"), at=cell.at or at, title=title, state="fired", people=_names(missing))
    title = _("All three confirmed, else the second stage begins")
    return Step(rule=_("10 min"), at=cell.at or at, title=title, state=cell.state, people=_names(missing))


def _chief(facts: Facts, holders: Mapping[str, str], at: datetime) -> Step:
    cell, duty = chief(facts, at), facts.duty_of("ceo")
    people = _names([duty]) if duty else []
    if not people and holders.get("ceo"):
        people = [(holders["ceo"], None)]
    title = _("CEO informed, stays on until resolved")
    note = cell.note if cell.state in {"fired", "running"} else ""
    return Step(rule=_("10 + 20 min"), at=cell.at or at, title=title, state=cell.state, people=people, note=note)


def _again(facts: Facts, at: datetime) -> Step:
    due = facts.due("F-3")
    if due is None:
        told = facts.fired.get("F-2") or facts.due("F-2") or facts.escalation.requested_at + CEO_LATEST
        due = told + AGAIN
    title = _("All told so far hear the state, again every 30 min")
    return Step(rule=_("then every 30 min"), at=due, title=title, state=ahead(due, at))


def _plan(facts: Facts, at: datetime) -> Step:
    cell = plan(facts, at)
    escalation = facts.escalation
    people: list[tuple[str, datetime | None]] = []
    if escalation.duty_manager is not None:
        people = [(escalation.duty_manager.name, None)]
    title = _("Duty manager: action plan agreed")
    if cell.code == "D-1D":
        title = _("Duty manager: case reviewed, customer called")
    rule = _("60 min from the call") if cell.code == "D-2" else _("30 min")
    return Step(rule=rule, at=cell.at or at, title=title, state=cell.state, people=people, note=cell.note)


def _held(cell: Rung, name: str, rule: str, title: str, at: datetime) -> Step:
    people: list[tuple[str, datetime | None]] = [(name, None)] if name else []
    when = cell.at or at + (cell.left or timedelta())
    return Step(rule=rule, at=when, title=title, state=cell.state, people=people, note=cell.note)
