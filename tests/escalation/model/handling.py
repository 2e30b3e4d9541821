"""What agents and customers do to a ticket, as rules of the model."""

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from escalation.reactions import TICKET_FACTS
from escalation.simulator.shapes import Event
from escalation.simulator.windows import instant
from tests.escalation.model import suspending
from tests.escalation.model.machine import HOUR, MINUTE, OPEN, TIERS, Model
from tickets.models import Commitment

PICK = st.integers(0, 1)
PRIORITIES = st.sampled_from(["P1", "P2", "P3", "P4"])
KINDS = st.sampled_from(["fault", "fault", "fault", "request", "billing"])
SOLUTION = {"resolution_code": "fixed", "cause_code": "hardware", "resolution": "Port replaced"}
CHANNELS = st.sampled_from(["call", "email", "portal"])


class Handling(Model):
    """The life of tickets."""

    @precondition(lambda self: len(self.desk.subjects) < self.tickets)
    @rule(which=PICK, kind=KINDS, priority=PRIORITIES, channel=CHANNELS, before=st.sampled_from([0, 0, 20, 1500]))
    def a_ticket_is_logged(self, which: int, kind: str, priority: str, channel: str, before: int) -> None:
        self.desk.log_ticket(
            self.customers[which], kind=kind, priority=priority, channel=channel, before=before * MINUTE
        )

    @precondition(lambda self: self.holidays < 2)
    @rule(which=PICK, ahead=st.integers(-1, 4))
    def the_holidays_are_edited(self, which: int, ahead: int) -> None:
        self.holidays += 1
        self.desk.now += 1
        self.desk.edit_holiday(self.customers[which], ahead)

    @precondition(lambda self: self.has("intake"))
    @rule(pick=PICK)
    def the_caller_is_verified(self, pick: int) -> None:
        ticket, at = self.some(pick, "intake"), instant(self.desk.now)
        columns = {"state": "triage", "verified_at": at}
        self.desk.say(ticket, "ticket.verified", columns, facts={"state": "triage", "verified": True})

    @precondition(lambda self: self.has("triage", *OPEN))
    @rule(pick=PICK)
    def receipt_is_confirmed(self, pick: int) -> None:
        ticket = self.some(pick, "triage", *OPEN)
        at = instant(self.desk.now)
        self.desk.say(ticket, "ticket.acknowledged", {"acknowledged_at": at}, facts={"acknowledged": True})

    @precondition(lambda self: self.has("triage", *TIERS))
    @rule(pick=PICK, tier=st.sampled_from(TIERS))
    def a_ticket_is_dispatched(self, pick: int, tier: str) -> None:
        ticket = self.some(pick, "triage", *TIERS)
        name = {"triage": "ticket.triaged"}.get(ticket.state)
        if name is None:
            name = "ticket.transferred" if ticket.state == tier else "ticket.tier_changed"
        complex_now = bool(ticket.facts["complex"]) or tier != "l1"
        columns = {"state": tier, "tier": tier, "team": self.world.team, "owner": None, "reached_l2": complex_now}
        self.desk.say(
            ticket, name, columns,
            facts={"state": tier, "dispatched": True, "owner": None, "complex": complex_now,
                   "team": self.world.team.pk},
        )  # fmt: skip

    @precondition(lambda self: self.has(*TIERS))
    @rule(pick=PICK)
    def a_ticket_is_signed_for(self, pick: int) -> None:
        ticket, person = self.some(pick, *TIERS), self.world.people[0]
        self.desk.say(ticket, "ticket.signed_for", {"owner": person}, facts={"owner": str(person.pk)})

    @precondition(lambda self: self.has(*OPEN))
    @rule(pick=PICK)
    def the_reporter_is_contacted(self, pick: int) -> None:
        self.desk.say(self.some(pick, *OPEN), "ticket.contact_recorded", {})

    @precondition(lambda self: self.has("triage", *OPEN))
    @rule(pick=PICK, progress=st.booleans(), answer=st.booleans())
    def a_note_is_written(self, pick: int, progress: bool, answer: bool) -> None:
        ticket = self.some(pick, "triage", *OPEN)
        columns = {"answered_at": instant(self.desk.now)} if answer else {}
        facts = {"answered": True} if answer else {}
        self.desk.say(ticket, "note.added", columns, facts=facts, progress=progress, first_answer=answer)

    @precondition(lambda self: self.has(*TIERS))
    @rule(pick=PICK, hours=st.sampled_from([1, 3, 40]))
    def a_suspension_is_approved(self, pick: int, hours: int) -> None:
        ticket = self.some(pick, *TIERS)
        ticket.until, ticket.reason = self.desk.now + hours * HOUR, ticket.state
        uuid = suspending.approved(ticket.row, self.world.people, instant(self.desk.now), instant(ticket.until))
        self.desk.say(
            ticket, "ticket.suspended", {"state": "suspended"}, {}, {"state": "suspended"}, suspension=str(uuid)
        )

    @precondition(lambda self: self.has(*TIERS))
    @rule(pick=PICK, state=st.sampled_from(["requested", "declined", "withdrawn"]))
    def a_suspension_is_only_talked_about(self, pick: int, state: str) -> None:
        """Nothing hears of it: what is asked for, declined or withdrawn moves no deadline (I14)."""
        ticket, name = self.some(pick, *TIERS), f"ticket.suspension_{state}"
        assert name not in TICKET_FACTS
        suspending.asked(ticket.row, self.world.people, instant(self.desk.now), state)
        self.desk.note(ticket, Event(self.desk.now, name, None, {}))

    @precondition(lambda self: self.has("suspended"))
    @rule(pick=PICK, in_time=st.booleans())
    def a_suspension_ends(self, pick: int, in_time: bool) -> None:
        ticket = self.some(pick, "suspended")
        if not in_time:
            self.desk.now = max(self.desk.now, ticket.until)
        suspending.ended(ticket.row, instant(self.desk.now))
        self.desk.say(ticket, "ticket.resumed", {"state": ticket.reason}, facts={"state": ticket.reason})

    @precondition(lambda self: self.has(*TIERS))
    @rule(pick=PICK)
    def a_ticket_is_resolved(self, pick: int) -> None:
        ticket = self.some(pick, *TIERS)
        ticket.reason = ticket.state
        columns = {"state": "closure", "resolved_at": instant(self.desk.now), **SOLUTION}
        self.desk.say(ticket, "ticket.resolved", columns,
                      facts={"state": "closure", "dispatched": False})  # fmt: skip

    @precondition(lambda self: self.has("closure"))
    @rule(pick=PICK)
    def the_solution_is_disputed(self, pick: int) -> None:
        ticket = self.some(pick, "closure")
        self.desk.say(ticket, "ticket.disputed", {"state": ticket.reason},
                      facts={"state": ticket.reason, "dispatched": True})  # fmt: skip

    @precondition(lambda self: self.has("closure"))
    @rule(pick=PICK)
    def a_ticket_is_reopened(self, pick: int) -> None:
        ticket = self.some(pick, "closure")
        columns = {"state": "triage", "run_no": ticket.row.run_no + 1, "owner": None}
        ticket.row.run_no += 1
        self.desk.say(ticket, "ticket.reopened", columns, facts={"state": "triage", "owner": None})

    @precondition(lambda self: self.has("triage", *OPEN))
    @rule(pick=PICK, priority=PRIORITIES)
    def a_ticket_is_reprioritised(self, pick: int, priority: str) -> None:
        ticket = self.some(pick, "triage", *OPEN)
        self.desk.say(ticket, "ticket.reprioritised", {"priority": priority},
                      facts={"priority": priority, "urgent": priority in ("P1", "P2")})  # fmt: skip

    @precondition(lambda self: self.has("triage", *OPEN))
    @rule(pick=PICK, kind=KINDS)
    def a_ticket_is_reclassified(self, pick: int, kind: str) -> None:
        ticket = self.some(pick, "triage", *OPEN)
        self.desk.say(ticket, "ticket.reclassified", {"kind": kind}, facts={"kind": kind})

    @precondition(lambda self: self.has("triage", *OPEN))
    @rule(pick=PICK, hours=st.sampled_from([1, 30, 100]))
    def the_solution_is_promised_later(self, pick: int, hours: int) -> None:
        ticket, due = self.some(pick, "triage", *OPEN), self.desk.now + hours * HOUR
        made = Commitment.objects.create(
            ticket=ticket.row, kind="resolution", due_at=instant(due), made_at=instant(self.desk.now)
        )
        self.desk.say(ticket, "commitment.moved", {}, {"due": due}, commitment=str(made.uuid))
