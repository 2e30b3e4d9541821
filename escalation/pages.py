"""Whom a batch of firings tells: roles into people, duties of formal escalations, one notification per channel."""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import uuid_utils
from django.conf import settings

from escalation.bulk import NULL, text
from escalation.context import Context, Subject
from escalation.models import Duty, Firing, Rule
from escalation.oncall import Recipient
from escalation.steady import reach
from ledger.clock import real_now

NAMESPACE = uuid.UUID("6f1d1c9e-7f0a-5b6e-9a3c-2f6f4f0f3a11")
SECOND = ":second"
BOARD = "board"
COMPUTED = {"unreached", "all_told", BOARD}
STAGES = {"F-2": 2}
COLUMNS = (
    "uuid", "firing_id", "escalation_id", "ticket_id", "duty_id", "role", "why", "user_id", "address", "channel",
    "idem_key", "severity", "created_at", "next_at",
)  # fmt: skip
DEADLINES = {"F-1": "F-1D", "D-0": "D-1D"}
_SPACE = uuid_utils.UUID(NAMESPACE.hex)
Page = tuple[str, Recipient, Duty | None]


@dataclass(slots=True)
class Shot:
    """One firing in the making. collapsed: how many missed occurrences it tells of besides its own."""

    timer_id: int
    occurrence: int
    due_at: datetime
    rule: Rule
    subject: Subject
    outcome: str = Firing.Outcome.PAGED
    collapsed: int = 0


class Pages:
    """Resolves every firing of a batch and sets its outcome. `notifications`: lines of `COLUMNS`; duties are saved."""

    def __init__(self, context: Context, shots: Sequence[Shot]) -> None:
        self.context = context
        self.notifications: list[str] = []
        self._ends: dict[int, str] = {}
        self._next_at = real_now()
        self._make_duties(shots)
        asked = [(shot, list(self._pages(shot.rule, shot.subject))) for shot in shots]
        told = {page[1].user.pk for _shot, pages in asked for page in pages if page[1].user is not None}
        self._reach = reach(context.now, told)
        self._known: dict[tuple[int, int, int], tuple[str, ...]] = {}
        for shot, pages in asked:
            self._tell(shot, pages)

    def _tell(self, shot: Shot, pages: list[Page]) -> None:
        seen: set[int | str] = set()
        asked: set[tuple[str, int | str]] = set()
        for role, recipient, duty in pages:
            key = recipient.user.pk if recipient.user else recipient.address
            if not recipient.found or (key in seen and duty is None) or (role, key) in asked:
                continue  # nobody is told twice of one role: the next rung may be the same emergency address
            seen.add(key)
            asked.add((role, key))
            self._notify(shot, role, recipient, duty)
        if not seen:
            shot.outcome = self._told_nobody(shot, asked=bool(pages))

    def _told_nobody(self, shot: Shot, *, asked: bool) -> str:
        """Nobody was to be told: only shown on a board; all have confirmed; else nobody was found."""
        if set(shot.rule.targets) <= {BOARD}:
            return Firing.Outcome.SHOWN
        return Firing.Outcome.NO_RECIPIENT if asked or not shot.rule.max_occurrences else Firing.Outcome.MOOT

    def _pages(self, rule: Rule, subject: Subject) -> Iterator[Page]:
        duties = self.context.duties[subject.escalation_id] if subject.escalation_id else []
        for word in rule.targets:
            role, second = word.removesuffix(SECOND), word.endswith(SECOND)
            if role == BOARD:
                continue
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
        if duty is not None and self.context.on_call.here(duty.person):
            return Recipient(duty.person, "", duty.why)
        if role != "owner" and subject.people:
            person = self.context.users.get(subject.named.get(role, 0))
            if self.context.on_call.here(person):
                return Recipient(person, "", "role")
        return self.context.on_call.who(role, self.context.scope(subject, role))

    def _second(self, role: str, subject: Subject, duty: Duty | None) -> Page:
        told = duty.person_id if duty else None
        return role, self.context.on_call.second(role, self.context.scope(subject, role), instead_of=told), duty

    def _make_duties(self, shots: Sequence[Shot]) -> None:
        """Create the duty of every role a step of a formal escalation calls, once per stage (X-04)."""
        wanted = [
            self._new_duty(role, shot.rule, shot.subject)
            for shot in shots
            if shot.subject.escalation_id
            for role in shot.rule.targets
            if role not in COMPUTED and SECOND not in role and self._is_new(role, shot.rule, shot.subject)
        ]
        if wanted:
            Duty.objects.bulk_create(wanted, ignore_conflicts=True)
            del self.context.duties

    def _is_new(self, role: str, rule: Rule, subject: Subject) -> bool:
        return _duty(self.context.duties[subject.escalation_id], role, STAGES.get(rule.code, 1)) is None

    def _new_duty(self, role: str, rule: Rule, subject: Subject) -> Duty:
        found = self.context.on_call.who(role, self.context.scope(subject, role))
        rules = self.context.rules_of(rule.version_id)
        deadline = next((r for r in rules if r.code == DEADLINES.get(rule.code)), None)
        due_at = subject.started_at + timedelta(seconds=deadline.offset_s) if deadline else None
        assert subject.escalation_id is not None
        return Duty(
            escalation_id=subject.escalation_id, stage=STAGES.get(rule.code, 1), role=role, person=found.user,
            why=found.why, told_at=self.context.now, due_at=due_at,
        )  # fmt: skip

    def _notify(self, shot: Shot, role: str, recipient: Recipient, duty: Duty | None) -> None:
        subject, rule, user = shot.subject, shot.rule, recipient.user
        key = f"{subject.clock_id}/{rule.code}/{shot.occurrence}/{role}"
        about = (
            f"\t{shot.timer_id}\t{subject.escalation_id or NULL}\t{subject.ticket_id or NULL}\t"
            f"{duty.pk if duty else NULL}\t{text(role)}\t{text(recipient.why)}\t"
        )
        end = self._end(rule)
        if user is None:
            ways = [(NULL, address, text(address), "email") for address in settings.BREAK_GLASS]
        else:
            pk = str(user.pk)
            turn = shot.occurrence if rule.max_occurrences else 1  # only a page on silence takes the next way
            ways = [(pk, pk, "", channel) for channel in self._channels(user.pk, turn, rule.severity)]
        for user_id, who, address, channel in ways:
            idem = uuid_utils.uuid5(_SPACE, f"{key}/{who}/{channel}")
            self.notifications.append(f"{uuid_utils.uuid7()}{about}{user_id}\t{address}\t{channel}\t{idem}{end}")

    def _channels(self, user_id: int, occurrence: int, severity: int) -> tuple[str, ...]:
        key = user_id, occurrence, severity
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = self._reach.channels(user_id, occurrence=occurrence, severity=severity)
        return known

    def _end(self, rule: Rule) -> str:
        if rule.severity not in self._ends:
            self._ends[rule.severity] = f"\t{rule.severity}\t{self.context.now}\t{self._next_at}"
        return self._ends[rule.severity]


def _duty(duties: list[Duty], role: str, stage: int = 1) -> Duty | None:
    return next((duty for duty in duties if duty.role == role and duty.stage == stage), None)
