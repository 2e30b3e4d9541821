"""Commands in any order against a small model: the state is what the facts say it is, and never anything else."""

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from ledger.actor import SYSTEM
from ledger.errors import Refused
from ledger.models import Entry
from ledger.verify import verify
from tests.tickets.path import FAULT, MONTH, Path
from tests.tickets.test_ending_a_ticket import DECIDED, SOLVED
from tickets.commands import link, log, note, resolve, suspend, tier, triage
from tickets.commands import verify as gate
from tickets.models import Ticket

TIERS = ("l1", "l2", "l3")
# step → states it works in → the state after. "tier" stands for the tier the ticket had.
MODEL = {
    "begin": {"intake": "auth"},
    "reject": {"intake": "rejected", "auth": "rejected"},
    "verify": {"auth": "triage"},
    "triage": {"triage": "l1"},
    "up": {"l1": "l2", "l2": "l3"},
    "down": {"l3": "l2", "l2": "l1"},
    "suspend": dict.fromkeys(TIERS, "suspended"),
    "resume": {"suspended": "tier"},
    "resolve": dict.fromkeys(TIERS, "closure"),
    "confirm": {"closure": "survey"},
    "dispute": {"closure": "tier"},
    "close": {"survey": "closed"},
    "reopen": {"closed": "triage"},
    "cancel": dict.fromkeys(("triage", "suspended", *TIERS), "cancelled"),
    "merge": dict.fromkeys(("triage", "suspended", *TIERS), "cancelled"),
    "note": {s: s for s in ("triage", "suspended", "closure", "survey", "closed", "cancelled", *TIERS)},
}


class Life(RuleBasedStateMachine):
    """One ticket and what the model says of it. Every run is rolled back."""

    path: Path
    other: Ticket

    def __init__(self) -> None:
        super().__init__()
        self.undo = transaction.atomic()
        self.undo._from_testcase = True  # proofs need the outermost transaction; this one stands for it
        self.undo.__enter__()
        self.ticket = self.path.logged()
        self.state, self.tier, self.version = "intake", "", 1

    def teardown(self) -> None:
        report = verify(at=self.path.now, chain=self.ticket.chain)
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)
        assert report.holds, report.broken

    @rule(step=st.sampled_from([*MODEL, "begin", "verify", "triage", "resolve"]))
    def take(self, step: str) -> None:
        after = MODEL[step].get(self.state)
        before = Entry.objects.filter(chain=self.ticket.chain).count()
        try:
            getattr(self, f"_{step}")()
        except Refused:
            assert after is None, f"{step} was refused in {self.state}"
            assert Entry.objects.filter(chain=self.ticket.chain).count() == before
            return
        assert after is not None, f"{step} was done in {self.state}"
        self.state = self.tier if after == "tier" else after
        self.tier = self.state if self.state in TIERS else self.tier

    @invariant()
    def the_state_is_what_the_facts_say(self) -> None:
        row = Ticket.objects.get(pk=self.ticket.pk)
        assert row.state == self.state
        folded = "intake"
        for data in Entry.objects.filter(chain=row.chain).order_by("seq").values_list("data", flat=True):
            if "state_to" in data:
                assert data.get("state_from", folded) == folded
                folded = data["state_to"]
        assert folded == row.state
        assert row.version >= self.version
        self.version = row.version

    def _said(self, actor=None, minutes: int = 1) -> dict:
        return {"ticket_id": self.ticket.pk, "actor": actor or self.path.cast.cy_actor, "at": self.path.tick(minutes)}

    def _begin(self) -> None:
        log.begin_verification(**self._said())

    def _reject(self) -> None:
        gate.reject(reason="spam", **self._said())

    def _verify(self) -> None:
        if self.state == "auth":
            self.path.attempt(self.ticket, call=self.ticket.interactions.get())
        gate.verify(callback_number="+61355500142", callback_confirmed=True, **self._said())

    def _triage(self) -> None:
        said = triage.Triage(**FAULT, service_id=self.path.cast.service.pk, tier="l1")
        triage.triage(triage=said, **self._said())

    def _up(self) -> None:
        tier.escalate_tier(tried="Loop test at the port", criteria=["our_products"], **self._said())

    def _down(self) -> None:
        tier.return_tier(reason="It is a matter for below", **self._said())

    def _suspend(self) -> None:
        cast, until = self.path.cast, self.path.now + timedelta(hours=5)
        suspend.request_suspension(reason_code="parts", reason="Waits for a card", until=until, **self._said(SYSTEM))
        asked = Ticket.objects.get(pk=self.ticket.pk).suspensions.get(state="requested").pk
        suspend.record_consent(suspension_id=asked, given=True, how="portal", actor=cast.ada_actor, at=self.path.tick())
        for function, actor in (("monitoring", cast.mo_actor), ("customer_service", cast.cy_actor)):
            suspend.decide_suspension(
                suspension_id=asked, function=function, approved=True, actor=actor, at=self.path.tick()
            )

    def _resume(self) -> None:
        suspend.resume(reason="The card has come", **self._said())

    def _resolve(self) -> None:
        resolve.resolve(**SOLVED, **self._said())

    def _confirm(self) -> None:
        resolve.confirm(how="customer", **self._said())

    def _dispute(self) -> None:
        resolve.dispute(reason="It is down again", **self._said())

    def _close(self) -> None:
        resolve.close(**DECIDED, **self._said(minutes=MONTH))

    def _reopen(self) -> None:
        resolve.reopen(reason="It is down again", **self._said())

    def _cancel(self) -> None:
        resolve.cancel(reason="The customer withdrew it", **self._said())

    def _merge(self) -> None:
        link.merge(into_id=self.other.pk, **self._said())

    def _note(self) -> None:
        note.add_note(body="Looked at it", public=False, **self._said())


@pytest.mark.django_db
def test_any_order_of_commands_leaves_what_the_facts_say(path):
    class Mine(Life):
        pass

    Mine.path, Mine.other = path, path.signed()
    quick = settings(
        max_examples=8,
        stateful_step_count=18,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        derandomize=True,
        phases=[Phase.generate],
    )
    run_state_machine_as_test(Mine, settings=quick)
