"""One step of a plan → one call of the command every door uses."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from servicedesk.demo.replay.centre import Centre
from tickets.commands import log, note, resolve, suspend, tier, triage, verify, work
from tickets.models import Suspension
from tickets.replay_map import Params, Step

HOW = {"customer": "customer", "no_answer": "no_answer", "agent": "agent_call"}
WORDS = "Replayed from the log, row {row}"


class Hands:
    """Runs steps; remembers which ticket each case became."""

    def __init__(self, centre: Centre) -> None:
        self.centre = centre
        self.tickets: dict[str, int] = {}
        self.pauses: dict[str, int] = {}

    def run(self, case: str, step: Step) -> None:
        """Execute one step. Raises Refused as its command does, KeyError for a command no plan knows."""
        act = COMMANDS[step.command]
        on = {"actor": self.centre.actor(step.params["by"]), "at": step.at_utc}
        act(self, case, step.params, on, WORDS.format(row=step.source_row))

    def _on(self, case: str, on: dict[str, Any]) -> dict[str, Any]:
        return {"ticket_id": self.tickets[case], **on}

    def _log(self, case: str, said: Params, on: dict[str, Any], words: str) -> None:
        intake = log.LogTicket(
            channel=said["channel"], kind=said["kind"], title=f"Case {case}", description=words,
            organisation_id=self.centre.organisation_id, caller_name="Log", caller_organisation="Replayed customer",
            caller_email="log@replay.example", caller_phone="+3225550100",
        )  # fmt: skip
        self.tickets[case] = log.log_ticket(intake, **on).pk

    def _begin(self, case: str, said: Params, on: dict[str, Any], words: str) -> None:
        log.begin_verification(**self._on(case, on))

    def _verify(self, case: str, said: Params, on: dict[str, Any], words: str) -> None:
        verify.verify_without_caller(method=said["method"], **self._on(case, on))

    def _triage(self, case: str, said: Params, on: dict[str, Any], words: str) -> None:
        answers = triage.Triage(
            kind="fault", category="other", impact="medium", urgency="medium", service_id=self.centre.service_id,
            tier=said["tier"], team_id=self.centre.teams[said["team"]],
        )  # fmt: skip
        triage.triage(triage=answers, **self._on(case, on))

    def _sign_for(self, case: str, said: Params, on: dict[str, Any], words: str) -> None:
        work.sign_for(**self._on(case, on))

    def _assign(self, case: str, said: Params, on: dict[str, Any], words: str) -> None:
        person = self.centre.users[said["to"]].pk if said["to"] else None
        work.assign(user_id=person, reason=words, **self._on(case, on))

    def _transfer(self, case: str, said: Params, on: dict[str, Any], words: str) -> None:
        work.transfer(team_id=self.centre.teams[said["team"]], reason=words, **self._on(case, on))

    def _escalate(self, case: str, said: Params, on: dict[str, Any], words: str) -> None:
        criteria = ["specialist"] if said["tier"] == "l2" else ["not_known_issue"]
        team = self.centre.teams[said["team"]]
        tier.escalate_tier(tried=words, criteria=criteria, team_id=team, **self._on(case, on))

    def _return(self, case: str, said: Params, on: dict[str, Any], words: str) -> None:
        tier.return_tier(reason=words, team_id=self.centre.teams[said["team"]], **self._on(case, on))

    def _contact(self, case: str, said: Params, on: dict[str, Any], words: str) -> None:
        work.record_contact(outcome=said["outcome"], text=words, **self._on(case, on))

    def _progress(self, case: str, said: Params, on: dict[str, Any], words: str) -> None:
        note.add_progress(body=words, public=said["audience"] == "public", **self._on(case, on))

    def _suspend(self, case: str, said: Params, on: dict[str, Any], words: str) -> None:
        until = datetime.fromisoformat(said["until"])
        ticket = suspend.request_suspension(reason_code=said["reason"], reason=words, until=until, **self._on(case, on))
        self.pauses[case] = Suspension.objects.filter(ticket=ticket).latest("pk").pk

    def _consent(self, case: str, said: Params, on: dict[str, Any], words: str) -> None:
        suspend.record_consent(suspension_id=self.pauses.get(case, 0), given=True, how="portal", **on)

    def _approve(self, case: str, said: Params, on: dict[str, Any], words: str) -> None:
        suspension_id = self.pauses.get(case, 0)
        suspend.decide_suspension(suspension_id=suspension_id, function=said["function"], approved=True, **on)

    def _resume(self, case: str, said: Params, on: dict[str, Any], words: str) -> None:
        suspend.resume(reason=words, **self._on(case, on))

    def _resolve(self, case: str, said: Params, on: dict[str, Any], words: str) -> None:
        resolve.resolve(
            resolution_code=said["code"], cause_code=said["cause"], cause=words, resolution=words,
            participants_confirmed=True, **self._on(case, on),
        )  # fmt: skip

    def _confirm(self, case: str, said: Params, on: dict[str, Any], words: str) -> None:
        resolve.confirm(how=HOW[said["how"]], **self._on(case, on))

    def _dispute(self, case: str, said: Params, on: dict[str, Any], words: str) -> None:
        resolve.dispute(reason=words, **self._on(case, on))

    def _close(self, case: str, said: Params, on: dict[str, Any], words: str) -> None:
        decided = {"knowledge_decision": said["knowledge"], "follow_up_decision": said["follow_up"]}
        resolve.close(**decided, **self._on(case, on))

    def _reopen(self, case: str, said: Params, on: dict[str, Any], words: str) -> None:
        resolve.reopen(reason=words, **self._on(case, on))

    def _cancel(self, case: str, said: Params, on: dict[str, Any], words: str) -> None:
        resolve.cancel(reason=words, **self._on(case, on))


COMMANDS: dict[str, Callable[[Hands, str, Params, dict[str, Any], str], None]] = {
    "log": Hands._log, "begin_verification": Hands._begin, "verify": Hands._verify, "triage": Hands._triage,
    "sign_for": Hands._sign_for, "assign": Hands._assign, "transfer": Hands._transfer,
    "escalate_tier": Hands._escalate, "return_tier": Hands._return, "record_contact": Hands._contact,
    "add_progress": Hands._progress, "request_suspension": Hands._suspend, "consent": Hands._consent,
    "approve": Hands._approve, "resume": Hands._resume, "resolve": Hands._resolve, "confirm": Hands._confirm,
    "dispute": Hands._dispute, "close": Hands._close, "reopen": Hands._reopen, "cancel": Hands._cancel,
}  # fmt: skip
