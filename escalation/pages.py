"""Whom a batch of firings tells: roles into people, duties of formal escalations, one notification per channel."""

import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.conf import settings

from escalation.context import Context, Subject
from escalation.models import Duty, Firing, Rule
from escalation.oncall import Recipient, present
from ledger.clock import real_now
from ledger.ids import uuid7

NAMESPACE = uuid.UUID("6f1d1c9e-7f0a-5b6e-9a3c-2f6f4f0f3a11")
SECOND = ":second"
COMPUTED = {"unreached", "all_told"}
STAGES = {"F-2": 2}
COLUMNS = (
    "uuid", "firing_id", "escalation_id", "ticket_id", "duty_id", "role", "why", "user_id", "address", "channel",
    "idem_key", "severity", "created_at", "next_at",
)  # fmt: skip
DEADLINES = {"F-1": "F-1D", "D-0": "D-1D"}
Fired = tuple[Firing, Rule, Subject]
Page = tuple[str, Recipient, Duty | None]


class Pages:
    """Resolves every firing of a batch and sets its outcome. `notifications`: rows of `COLUMNS`; duties are saved."""

    def __init__(self, context: Context, fired: list[Fired]) -> None:
        self.context = context
        self.next_at = real_now()
        self.notifications: list[tuple[Any, ...]] = []
        self._make_duties(fired)
        for firing, rule, subject in fired:
            self._tell(firing, rule, subject)

    def _tell(self, firing: Firing, rule: Rule, subject: Subject) -> None:
        seen: set[int | str] = set()
        asked = 0
        for role, recipient, duty in self._pages(rule, subject):
            asked += 1
            key = recipient.user.pk if recipient.user else recipient.address
            if not recipient.found or (key in seen and duty is None):
                continue
            seen.add(key)
            self._notify(firing, rule, subject, role, recipient, duty)
        if not seen:
            firing.outcome = Firing.Outcome.NO_RECIPIENT if asked or not rule.max_occurrences else Firing.Outcome.MOOT

    def _pages(self, rule: Rule, subject: Subject) -> Iterator[Page]:
        duties = self.context.duties[subject.escalation_id] if subject.escalation_id else []
        for word in rule.targets:
            role, second = word.removesuffix(SECOND), word.endswith(SECOND)
            if role == "all_told":
                yield from ((d.role, Recipient(d.person, "", d.why), d) for d in duties if d.person)
            elif role == "unreached":
                yield from (self._second(d.role, subject, d) for d in duties if d.stage == 1 and self._late(d, rule))
            elif second:
                yield self._second(role, subject, _duty(duties, role))
            else:
                duty = _duty(duties, role, STAGES.get(rule.code, 1))
                if not (duty and duty.confirmed_at and rule.max_occurrences):
                    yield role, self._first(role, subject, duty), duty

    def _late(self, duty: Duty, rule: Rule) -> bool:
        """Whether this deadline is the duty's own and nobody confirmed it."""
        code = next((first for first, deadline in DEADLINES.items() if deadline == rule.code), "")
        first = next((r for r in self.context.rules_of(rule.version_id) if r.code == code), None)
        return duty.confirmed_at is None and first is not None and duty.role in first.targets

    def _first(self, role: str, subject: Subject, duty: Duty | None) -> Recipient:
        if duty is not None and present(duty.person):
            return Recipient(duty.person, "", duty.why)
        return self.context.on_call.who(role, subject.scope)

    def _second(self, role: str, subject: Subject, duty: Duty | None) -> Page:
        told = duty.person_id if duty else None
        return role, self.context.on_call.second(role, subject.scope, instead_of=told), duty

    def _make_duties(self, fired: list[Fired]) -> None:
        """Create the duty of every role a step of a formal escalation calls, once per stage (X-04)."""
        wanted = [
            self._new_duty(role, rule, subject, firing)
            for firing, rule, subject in fired
            for role in rule.targets
            if subject.escalation_id
            and role not in COMPUTED
            and SECOND not in role
            and self._is_new(role, rule, subject)
        ]
        if wanted:
            Duty.objects.bulk_create(wanted, ignore_conflicts=True)
            del self.context.duties

    def _calls(self, word: str) -> bool:
        """Whether a target is a role that gets a duty (computed words page those who have one)."""
        return not word.endswith(SECOND) and word not in COMPUTED

    def _is_new(self, role: str, rule: Rule, subject: Subject) -> bool:
        return _duty(self.context.duties[subject.escalation_id], role, STAGES.get(rule.code, 1)) is None

    def _new_duty(self, role: str, rule: Rule, subject: Subject, firing: Firing) -> Duty:
        found = self.context.on_call.who(role, subject.scope)
        rules = self.context.rules_of(rule.version_id)
        deadline = next((r for r in rules if r.code == DEADLINES.get(rule.code)), None)
        due_at = subject.clock.started_at + timedelta(seconds=deadline.offset_s) if deadline else None
        assert subject.escalation_id is not None
        return Duty(
            escalation_id=subject.escalation_id, stage=STAGES.get(rule.code, 1), role=role, person=found.user,
            why=found.why, told_at=firing.fired_at, due_at=due_at,
        )  # fmt: skip

    def _notify(
        self, firing: Firing, rule: Rule, subject: Subject, role: str, recipient: Recipient, duty: Duty | None
    ) -> None:
        for address, channel in _ways(recipient):
            who = recipient.user.pk if recipient.user else address
            key = uuid.uuid5(NAMESPACE, f"{firing.clock_id}/{rule.code}/{firing.occurrence}/{role}/{who}/{channel}")
            self.notifications.append((
                uuid7(), firing.timer_id, subject.escalation_id, subject.ticket_id, duty.pk if duty else None, role,
                recipient.why, recipient.user.pk if recipient.user else None, address, channel, key, rule.severity,
                firing.fired_at, self.next_at,
            ))  # fmt: skip


def _ways(recipient: Recipient) -> list[tuple[str, str]]:
    """Return (address, channel) for a person: screen, mail, and chat where they have it; for nobody: every emergency
    address."""
    if recipient.user is None:
        return [(address, "email") for address in settings.BREAK_GLASS]
    return [("", channel) for channel in ("web", "email", *(["chat"] if recipient.user.chat_url else []))]


def _duty(duties: list[Duty], role: str, stage: int = 1) -> Duty | None:
    return next((duty for duty in duties if duty.role == role and duty.stage == stage), None)
