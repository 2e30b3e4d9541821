"""Policies for reading: the list, one policy as a ladder, its conditions in words, its versions (X-09, A-07)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef
from django.utils.translation import gettext as _

from escalation.ladder_checks import Problem, round_the_clock
from escalation.ladder_words import CHOICES, DAYS, FLAGS, OTHERS, STARTS_ON, anchor_words, event_words
from escalation.models import Clock, Policy, PolicyDraft, PolicyReading, PolicyVersion
from escalation.policy_names import NONE, Names
from escalation.shapes import Change, Shape, value

DAY_S = 86_400


@dataclass(frozen=True, kw_only=True, slots=True)
class PolicyRow:
    """One policy in the list. `current` None = retired, or never published (then no version); `ahead`: it is enforced
    only later."""

    policy: Policy
    current: PolicyVersion | None
    rules: int
    running: int
    draft: PolicyDraft | None
    ahead: bool = False
    published: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class Rung:
    """One rule as a step of the ladder. `days` None = counted in time; `change` new, changed, removed or "".

    variants  (time, days or None, conditions in words) of each exception.
    """

    code: str
    number: int
    label: str
    offset: timedelta
    days: int | None
    after: str
    later: bool
    who: Sequence[str]
    stops: Sequence[str]
    restarts: Sequence[str]
    only: Sequence[tuple[str, str]]
    variants: Sequence[tuple[timedelta, int | None, Sequence[tuple[str, str]]]]
    repeat: timedelta | None
    times: int | None
    latest: timedelta | None
    pausable: bool
    breach: bool
    any_hour: bool
    calendar: str
    end_of_day: bool
    severity: int
    silenced: bool
    change: str = ""
    was: timedelta | None = None
    problems: Sequence[Problem] = field(default=())

    @property
    def broken(self) -> bool:
        """Whether it cannot work."""
        return any(one.red for one in self.problems)


def policies(at: datetime) -> list[PolicyRow]:
    """Return every policy, by name. 4 queries."""
    rows = Policy.objects.select_related("current").annotate(last=Max("versions__n")).order_by("name")
    live = Clock.objects.exclude(state=Clock.State.STOPPED).values("kind").annotate(n=Count("pk")).order_by()
    running = {row["kind"]: row["n"] for row in live}
    asked = PolicyReading.objects.filter(draft=OuterRef("uuid"), state=PolicyReading.State.ASKED)
    written = PolicyDraft.objects.select_related("saved_by").annotate(asked=Exists(asked))
    drafts = {draft.policy_id: draft for draft in written}
    found = list(rows)
    counted = PolicyVersion.objects.filter(pk__in=[row.current_id for row in found if row.current_id])
    rules: dict[int | None, int] = dict(counted.annotate(many=Count("rules")).values_list("pk", "many"))
    return [
        PolicyRow(
            policy=row, current=row.current, rules=rules.get(row.current_id, 0), running=running.get(row.key, 0),
            draft=drafts.get(row.pk), ahead=is_ahead(row.current, at), published=row.last is not None,
        )
        for row in found
    ]  # fmt: skip


def is_ahead(version: PolicyVersion | None, at: datetime) -> bool:
    """Whether clocks take the version only from a later instant on."""
    return version is not None and (version.enforce_from or version.published_at) > at


def ladder(
    shape: Shape, *, changes: Sequence[Change] = (), problems: Sequence[Problem] = (), fresh: bool = False,
    names: Names = NONE,
) -> list[Rung]:  # fmt: skip
    """Return the rules as steps, those removed by the draft last.

    changes  of a draft against what is in force. fresh: there was nothing before, so nothing is marked as new.
    names    of calendars and teams the rules name by id.
    """
    by_code: dict[str, list[Change]] = {}
    for change in changes:
        by_code.setdefault(change.code, []).append(change)
    removed = [change.before for change in changes if change.removed and change.code]
    labels = {rule["code"]: _(rule["label"] or "") for rule in [*shape["rules"], *removed]}
    steps = [*((rule, False) for rule in shape["rules"]), *((rule, True) for rule in removed)]
    return [
        _rung(shape, rule, number, labels, by_code.get(rule["code"], []) if not fresh else [], gone, problems, names)
        for number, (rule, gone) in enumerate(steps, 1)
    ]


def _rung(
    shape: Shape, rule: Mapping[str, Any], number: int, labels: dict[str, str], changes: list[Change], gone: bool,
    problems: Sequence[Problem], names: Names,
) -> Rung:  # fmt: skip
    subject, seconds = shape["subject"], rule["offset_s"] if isinstance(rule["offset_s"], int) else 0
    in_days = value(rule, "unit") == "work_day"
    was = next((change.before for change in changes if change.field == "offset_s"), None)
    change = "removed" if gone else "new" if any(c.added for c in changes) else "changed" if changes else ""
    return Rung(
        code=rule["code"], number=number, label=labels.get(rule["code"], ""), offset=timedelta(seconds=seconds),
        days=seconds // DAY_S if in_days else None,
        after=anchor_words(subject, rule["anchor"] or "", labels),
        later=rule["anchor"] not in {"start", "received"},
        who=[names.target(word) for word in rule["targets"]],
        stops=[event_words(subject, event) for event in rule["stop_on"]],
        restarts=[event_words(subject, event) for event in value(rule, "restart_on")],
        only=conditions(value(rule, "when")),
        variants=[
            (timedelta(seconds=then), then // DAY_S if in_days else None, conditions(one.get("when") or {}))
            for one in value(rule, "variants") for then in [int(one.get("offset_s") or 0)]
        ],
        repeat=_span(value(rule, "repeat_s")), times=value(rule, "max_occurrences"),
        latest=_span(value(rule, "latest_s")), pausable=value(rule, "pausable"), breach=value(rule, "breach"),
        any_hour=round_the_clock(shape, rule), change=change, was=_span(was),
        calendar=names.calendar(rule["calendar"]) if rule.get("calendar") else "",
        end_of_day=value(rule, "end_of_day"), severity=value(rule, "severity"),
        silenced=value(rule, "silenced_by_ack"),
        problems=[] if gone else [one for one in problems if one.rule == rule["code"]],
    )  # fmt: skip


def conditions(said: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return conditions in words: ("Kind", "Fault, Request"), ("Production", "yes")."""
    return [_condition(name, wanted) for name, wanted in said.items()]


def _condition(name: str, wanted: Any) -> tuple[str, str]:
    if name == "starts_on":
        return _("Starts when"), str(STARTS_ON.get(wanted, wanted))
    if name in FLAGS:
        return str(FLAGS[name]), _("yes") if wanted else _("no")
    listed = wanted if isinstance(wanted, list) else [wanted]
    if name in CHOICES:
        label, words = CHOICES[name]
        return str(label), ", ".join(str(words.get(one, one)) for one in listed)
    if name == "local_time" and isinstance(wanted, dict):
        return str(OTHERS[name]), f"{wanted.get('from')}–{wanted.get('to')}"
    if name == "weekday":
        named = [str(DAYS[one]) if isinstance(one, int) and 0 <= one <= 6 else str(one) for one in listed]
        return str(OTHERS[name]), ", ".join(named)
    return str(OTHERS.get(name, name.replace("_", " "))), ", ".join(str(one) for one in listed)


@dataclass(frozen=True, kw_only=True, slots=True)
class VersionRow:
    """One version in the history. until None = nothing came after it; `running`: clocks that still count by it."""

    version: PolicyVersion
    since: datetime
    until: datetime | None
    in_force: bool
    running: int
    ahead: bool = False


def history(policy: Policy, at: datetime) -> list[VersionRow]:
    """Return the versions, latest first, with how long each was in force. 2 queries."""
    rows = list(policy.versions.select_related("published_by", "read_by").order_by("-n"))
    live = Clock.objects.filter(kind=policy.key).exclude(state=Clock.State.STOPPED).values("version_id")
    running = {row["version_id"]: row["n"] for row in live.annotate(n=Count("pk")).order_by()}
    starts = [row.enforce_from or row.published_at for row in rows]
    force = next((row.pk for row, start in zip(rows, starts, strict=True) if start <= at), None)
    return [
        VersionRow(
            version=row, since=start, until=starts[place - 1] if place else None,
            in_force=row.pk == force and policy.current_id is not None, running=running.get(row.pk, 0),
            ahead=start > at,
        )
        for place, (row, start) in enumerate(zip(rows, starts, strict=True))
    ]  # fmt: skip


def _span(seconds: Any) -> timedelta | None:
    return timedelta(seconds=seconds) if isinstance(seconds, int) and not isinstance(seconds, bool) else None
