"""The real engine driven through steps: every command by its door, every deadline fired at its very instant."""

from collections import Counter, defaultdict
from datetime import datetime, timedelta
from typing import Any

from django.test.utils import override_settings

from accounts.models import Contact
from escalation.commands import review
from escalation.commands.confirm import confirm_duty
from escalation.commands.request import request_escalation
from escalation.models import Duty, Escalation
from ledger.errors import Refused
from servicedesk.demo.replay.centre import Centre
from servicedesk.demo.replay.hands import COMMANDS, WORDS, Hands
from servicedesk.demo.replay.log import in_order
from servicedesk.demo.replay.run import Replay
from tickets.commands import interaction, plan, settle
from tickets.commands.acknowledge import record_acknowledgement
from tickets.commands.triage import Triage, triage
from tickets.replay_map import Params, Step

AFTER = timedelta(hours=8)  # how long the engine goes on after the last step


class StagedHands(Hands):
    """Hands that triage by priority, know the formal path, and what stands beside a ticket: calls, promises, steps."""

    def __init__(self, centre: Centre) -> None:
        super().__init__(centre)
        self.calls: dict[str, int] = {}
        self.promises: dict[str, int] = {}
        self.items: dict[str, int] = {}

    def run(self, case: str, step: Step) -> None:
        """Execute one step."""
        own = OWN.get(step.command)
        act = own or COMMANDS[step.command]
        on = {"actor": self.centre.actor(step.params["by"]), "at": step.at_utc}
        act(self, case, step.params, on, WORDS.format(row=step.source_row))

    def _triage_as(self, case: str, said: Params, on: dict[str, Any], words: str) -> None:
        priority = said.get("priority", "P3")
        answers = Triage(
            kind="fault", category="other", impact="medium", urgency="medium", service_id=self.centre.service_id,
            tier=said["tier"], team_id=self.centre.teams[said["team"]], priority=priority, priority_reason=words,
        )  # fmt: skip
        triage(triage=answers, **self._on(case, on))

    def _acknowledge_it(self, case: str, said: Params, on: dict[str, Any], words: str) -> None:
        record_acknowledgement(how="email", **self._on(case, on))

    def _escalate_it(self, case: str, said: Params, on: dict[str, Any], words: str) -> None:
        request_escalation(reason=words, relation="agent", severity=2, **self._on(case, on))

    def _confirm_it(self, case: str, said: Params, on: dict[str, Any], words: str) -> None:
        duty = Duty.objects.filter(escalation=self._open(case), role=said["role"], stage=1).first()
        if duty is None:
            raise Refused("unknown_duty", words)
        confirm_duty(duty_id=duty.pk, **on)

    def _review_it(self, case: str, said: Params, on: dict[str, Any], words: str) -> None:
        review.record_review(escalation_id=self._open(case), text=words, **on)

    def _contact_it(self, case: str, said: Params, on: dict[str, Any], words: str) -> None:
        contact = Contact.objects.get(organisation_id=self.centre.organisation_id).pk
        number = "+3225550100"
        review.record_customer_contact(
            escalation_id=self._open(case), text=words, contact_id=contact, number=number, **on
        )

    def _ring_it(self, case: str, said: Params, on: dict[str, Any], words: str) -> None:
        self.calls[case] = interaction.start_interaction(channel="call", direction="in", **on).pk

    def _answer_it(self, case: str, said: Params, on: dict[str, Any], words: str) -> None:
        interaction.answer_interaction(interaction_id=self.calls[case], **on)

    def _promise_it(self, case: str, said: Params, on: dict[str, Any], words: str) -> None:
        due = datetime.fromisoformat(said["due"])
        self.promises[case] = plan.promise(kind="callback", due_at=due, **self._on(case, on)).pk

    def _keep_it(self, case: str, said: Params, on: dict[str, Any], words: str) -> None:
        settle.keep_promise(commitment_id=self.promises[case], **on)

    def _plan_it(self, case: str, said: Params, on: dict[str, Any], words: str) -> None:
        due, owner = datetime.fromisoformat(said["due"]), self.centre.users[said["by"]].pk
        made = plan.add_work_item(title=words, owner_user_id=owner, due_at=due, **self._on(case, on))
        self.items[case] = made.pk

    def _finish_it(self, case: str, said: Params, on: dict[str, Any], words: str) -> None:
        settle.finish_work_item(work_item_id=self.items[case], **on)

    def _open(self, case: str) -> int:
        found = Escalation.objects.filter(ticket_id=self.tickets[case]).values_list("pk", flat=True).first()
        if found is None:
            raise Refused("unknown_escalation", "")
        return found


OWN = {
    "triage": StagedHands._triage_as, "escalate": StagedHands._escalate_it, "confirm_duty": StagedHands._confirm_it,
    "acknowledge": StagedHands._acknowledge_it, "review": StagedHands._review_it,
    "contact_customer": StagedHands._contact_it, "ring": StagedHands._ring_it, "answer": StagedHands._answer_it,
    "promise": StagedHands._promise_it, "keep": StagedHands._keep_it, "plan_step": StagedHands._plan_it,
    "finish": StagedHands._finish_it,
}  # fmt: skip


class Stage(Replay):
    """Plays cases with an engine that looks at every due instant; keeps what was applied, case by case."""

    hands: StagedHands

    def __init__(self) -> None:
        super().__init__(0)
        self.hands = StagedHands(self.hands.centre)
        self.applied: dict[str, list[Step]] = defaultdict(list)
        self.refused: Counter[str] = Counter()

    def take(self, case: str, step: Step) -> None:
        """Run one step; only what was applied has happened."""
        before = sum(self.tally.applied.values())
        super().take(case, step)
        if sum(self.tally.applied.values()) > before:
            self.applied[case].append(step)

    def stage(self, cases: dict[str, list[Step]]) -> datetime:
        """Play all steps on the plain path of production, then let the engine go on; return until when it looked."""
        at = None
        with override_settings(LEDGER_WIRING="servicedesk.demo.replay.wiring"):
            for case, step in in_order(cases):
                at = step.at_utc
                self.pass_time(at)
                self.seal()
                self.take(case, step)
            until = (at or datetime.min) + AFTER
            self.pass_time(until)
            self._fire(until)
            self.seal()
        return until
