"""The words of the simulator: versions of a policy, events of one subject, firings. Pure; instants in microseconds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from escalation.simulator.windows import SECOND, instant, us

Facts = Mapping[str, Any]
DAY_S = 86_400


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """One row of a policy. Durations in seconds as in the row; `targets` in the words of the policy."""

    code: str
    anchor: str
    offset_s: int
    targets: tuple[str, ...] = ()
    stop_on: frozenset[str] = frozenset()
    label: str = ""
    latest_s: int | None = None
    repeat_s: int | None = None
    max_occurrences: int | None = None
    pausable: bool = False
    breach: bool = True
    severity: int = 2
    unit: str = "s"
    end_of_day: bool = False
    restart_on: frozenset[str] = frozenset()
    silenced_by_ack: bool = False
    calendar: str = ""
    variants: tuple[Mapping[str, Any], ...] = ()
    when: Facts = field(default_factory=dict)

    @property
    def period(self) -> int:
        """Microseconds between occurrences; 0 = once."""
        return (self.repeat_s or 0) * SECOND

    def follows(self, occurrence: int) -> bool:
        """Whether another occurrence comes after this one."""
        return bool(self.repeat_s) and not (self.max_occurrences and occurrence >= self.max_occurrences)


_RULE = frozenset(Rule.__dataclass_fields__)


@dataclass(frozen=True, kw_only=True, slots=True)
class Version:
    """One version of one policy.

    from_us   clocks that start from then on take it.
    enforced  it says so itself, so it never serves for what was before.
    """

    key: str
    subject: str
    rules: tuple[Rule, ...]
    conditions: Facts = field(default_factory=dict)
    on_calendar: frozenset[str] = frozenset()
    n: int = 1
    from_us: int = 0
    enforced: bool = False
    ack_silence_s: int | None = None

    @property
    def starts_on(self) -> str:
        """The fact that starts its clocks, "" for subjects other than tickets."""
        return str(self.conditions.get("starts_on", ""))

    def asks(self, *words: str) -> bool:
        """Whether any of its conditions asks one of these."""
        said = [self.conditions, *(rule.when for rule in self.rules)]
        said += [one["when"] for rule in self.rules for one in rule.variants]
        return any(word in conditions for conditions in said for word in words)

    def anchored(self, *anchors: str) -> list[Rule]:
        """Return the rules that one of these facts arms, in their order."""
        return [rule for rule in self.rules if rule.anchor in anchors]


def version_of(shape: Mapping[str, Any], *, n: int = 1, from_us: int = 0) -> Version:
    """Return a version from its shape as data: the form policies are shipped, drafted and compared in.

    from_us  its publication; `enforce_from` (aware, or its ISO text) in the shape wins.
    """
    enforced = shape.get("enforce_from")
    if enforced:
        from_us = us(datetime.fromisoformat(enforced) if isinstance(enforced, str) else enforced)
    return Version(
        key=shape["key"], subject=shape.get("subject", "ticket"), n=n, from_us=from_us, enforced=bool(enforced),
        ack_silence_s=shape.get("ack_silence_s"),
        conditions=dict(shape.get("conditions") or {}),
        on_calendar=frozenset(shape.get("on_entitlement_calendar") or ()),
        rules=tuple(_rule_of(rule) for rule in shape["rules"]),
    )  # fmt: skip


def _rule_of(row: Mapping[str, Any]) -> Rule:
    said = {name: value for name, value in row.items() if name in _RULE and value is not None}
    for name in ("stop_on", "restart_on"):
        said[name] = frozenset(row.get(name) or ())
    said["targets"] = tuple(row.get("targets") or ())
    said["variants"], said["when"] = tuple(row.get("variants") or ()), dict(row.get("when") or {})
    said["label"] = str(row.get("label", ""))
    said["calendar"] = str(row.get("calendar") or "")
    return Rule(**said)


class Event(NamedTuple):
    """One fact of one subject.

    at     microseconds.
    name   "ticket.triaged" … as in the ledger; "look" = the engine looks; "migrated" = clocks take another version.
    facts  what conditions are matched against from then on; None = as before.
    data   what the fact itself says.
    """

    at: int
    name: str
    facts: Facts | None = None
    data: Mapping[str, Any] = {}


class Firing(NamedTuple):
    """One rule that fired. clock: "key/run"; people: who was told, in order, without repetition."""

    clock: str
    code: str
    occurrence: int
    due: int
    fired: int
    outcome: str
    roles: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    breach: bool = True
    nominal: int = 0

    @property
    def key(self) -> tuple[str, str, int]:
        """What is unique about it (I1)."""
        return self.clock, self.code, self.occurrence

    @property
    def due_at(self) -> datetime:
        """When it was due."""
        return instant(self.due)

    @property
    def fired_at(self) -> datetime:
        """When it fired."""
        return instant(self.fired)


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """One subject to run: its events by time, and the words for it on a screen."""

    name: str
    events: Sequence[Event]
    until: int
    note: str = ""
    link: str = ""
    zone: str = "UTC"
