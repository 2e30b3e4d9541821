"""The policies in force, rule by rule, for reading (X-09, A-07)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, Prefetch
from django.utils.translation import gettext as _

from escalation.board import role_name
from escalation.models import Clock, Policy, Rule


@dataclass(frozen=True, kw_only=True, slots=True)
class RuleRow:
    """One rule. `repeat` None = once; `latest` None = no cap from the start of the clock."""

    code: str
    label: str
    offset: timedelta
    anchor: str
    targets: Sequence[str]
    repeat: timedelta | None
    latest: timedelta | None
    pausable: bool
    breach: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class PolicyView:
    """One policy: its version in force, and how many clocks run on it now, by whatever version they began with."""

    policy: Policy
    rules: Sequence[RuleRow]
    running: int


def anchors() -> dict[str, Any]:
    """Return what starts a rule, in words."""
    return {
        "start": _("after the start of the clock"),
        "received": _("after receipt"),
        "stage_two": _("after the second stage began"),
        "fired:F-2": _("after the CEO was informed"),
        "customer_contacted": _("after the contact with the customer"),
        "dispatched": _("after each dispatch"),
        "specialists_dispatched": _("after the specialists were dispatched"),
    }


def target(word: str) -> str:
    """Return a target in words."""
    special = {
        "all_told": _("everyone told so far"),
        "unreached:second": _("deputy, manager or duty manager of whom nobody reached"),
        "owner": _("owner of the ticket"),
        "agent": _("agent of the call"),
    }
    if word in special:
        return special[word]
    role, _colon, second = word.partition(":")
    return _("next after %(role)s") % {"role": role_name(role).lower()} if second else role_name(role)


def policies() -> list[PolicyView]:
    """Return every policy with the rules of its version in force. 3 queries."""
    rules = Prefetch("current__rules", Rule.objects.order_by("position", "code"))
    rows = Policy.objects.exclude(current=None).select_related("current").prefetch_related(rules).order_by("pk")
    live = Clock.objects.exclude(state=Clock.State.STOPPED).values("kind").annotate(n=Count("pk")).order_by()
    running = {row["kind"]: row["n"] for row in live}
    words = anchors()
    return [
        PolicyView(
            policy=policy,
            rules=[_row(rule, words) for rule in policy.current.rules.all()] if policy.current else [],
            running=running.get(policy.key, 0),
        )
        for policy in rows
    ]


def _row(rule: Rule, words: dict[str, Any]) -> RuleRow:
    return RuleRow(
        code=rule.code,
        label=_(rule.label),
        offset=timedelta(seconds=rule.offset_s),
        anchor=words.get(rule.anchor, rule.anchor),
        targets=[target(word) for word in rule.targets],
        repeat=timedelta(seconds=rule.repeat_s) if rule.repeat_s else None,
        latest=timedelta(seconds=rule.latest_s) if rule.latest_s else None,
        pausable=rule.pausable,
        breach=rule.breach,
    )
