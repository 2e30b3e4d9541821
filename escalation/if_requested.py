"""What a formal escalation would do if it were requested now: which rule at the latest when, and whom it calls."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from escalation import policy
from escalation.commands.production import is_production
from escalation.commands.request import SEVERITY
from escalation.context import STAGE_TWO
from escalation.management_clocks import facts_of_escalation
from escalation.models import Escalation, Rule
from escalation.oncall import OnCall, Scope
from escalation.versions import current_versions, rules_of
from tickets.models import Ticket

CHANGING = {"unreached": _lazy("whoever has not confirmed"), "all_told": _lazy("everyone told so far")}


@dataclass(frozen=True, kw_only=True, slots=True)
class Called:
    """One rule. at: the latest instant. people: names, or words for those who are not known yet."""

    at: datetime
    label: str
    people: tuple[str, ...]
    every: timedelta | None = None


def if_requested(ticket: Ticket, at: datetime) -> list[Called]:
    """Return what would be called, soonest first; warnings ahead of a rule are left out. About 7 queries."""
    organisation = ticket.organisation
    severity = SEVERITY.get(ticket.priority, 3)
    asked = Escalation(ticket=ticket, requested_at=at, production=is_production(ticket, at), severity=severity)
    facts = facts_of_escalation(asked)
    on_call = OnCall(at, [ticket.organisation_id])
    scope = Scope(organisation_id=ticket.organisation_id, region=organisation.region if organisation else "",
                  team_id=ticket.team_id, owner=ticket.owner)  # fmt: skip
    found = []
    for version in current_versions("escalation", at):
        if policy.matches(version.conditions, facts):
            rules = [rule for rule in rules_of(version.pk) if policy.matches(rule.when, facts)]
            found += list(_called(rules, facts, at, on_call, scope))
    return sorted(found, key=lambda one: one.at)


def _called(
    rules: Sequence[Rule], facts: Mapping[str, Any], at: datetime, on_call: OnCall, scope: Scope
) -> Iterator[Called]:
    by_code = {rule.code: rule for rule in rules}
    for rule in rules:
        due = _latest(rule, by_code, facts, at)
        if due is not None and (rule.breach or due == at):
            again = timedelta(seconds=rule.repeat_s) if rule.repeat_s and not rule.max_occurrences else None
            people = tuple(dict.fromkeys(_people(rule, on_call, scope)))
            yield Called(at=due, label=_(rule.label), people=people, every=again)


def _latest(rule: Rule, by_code: Mapping[str, Rule], facts: Mapping[str, Any], at: datetime) -> datetime | None:
    """Return when a rule is due at the latest; None where that hangs on what people do."""
    kind, _colon, code = rule.anchor.partition(":")
    before = {"stage_two": by_code.get(STAGE_TWO), "fired": by_code.get(code)}.get(kind)
    base = at if kind == "start" else _latest(before, by_code, facts, at) if before else None
    if base is None:
        return None
    due = base + timedelta(seconds=policy.offset_s(rule.offset_s, rule.variants, facts))
    return min(due, at + timedelta(seconds=rule.latest_s)) if rule.latest_s is not None else due


def _people(rule: Rule, on_call: OnCall, scope: Scope) -> Iterator[str]:
    for target in rule.targets:
        role, _colon, second = target.partition(":")
        if role in CHANGING:
            yield str(CHANGING[role])
        elif not second:
            found = on_call.who(role, scope)
            yield found.user.name if found.user else found.address or _("nobody is found")
