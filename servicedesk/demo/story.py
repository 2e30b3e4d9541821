"""One ticket's script: the steps a story is made of. Every step is a real command at its own past instant."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from accounts.verification import Proof
from ledger.actor import SYSTEM
from quality.reports.commands.draft import draft_report
from quality.reports.commands.file import file_report, release_report
from quality.reports.commands.save import save_report
from quality.reports.content import Content, Measure
from servicedesk.demo.desk import Desk
from tickets.commands import interaction, log, note, resolve, suspend, triage, verify, work
from tickets.commands.acknowledge import record_acknowledgement
from tickets.commands.tier import escalate_tier
from tickets.models import Interaction, Ticket

Steps = Iterator[datetime]
MINUTE = timedelta(minutes=1)


class Story:
    """A ticket under way. `at` is the instant of the step being taken; `agent` the name of whoever has it."""

    approvers = (("Hana Sato", "monitoring"), ("Diego Marin", "customer_service"))

    def __init__(self, desk: Desk, minutes_ago: float, agent: str = "Priya Raman") -> None:
        self.desk, self.at, self.agent = desk, desk.ago(minutes_ago), agent
        self.ticket: Ticket | None = None
        self.call: Interaction | None = None
        self.caller = ""

    def wait(self, minutes: float) -> datetime:
        """Move on and return the new instant, to be yielded before the next step."""
        self.at += timedelta(minutes=minutes)
        return self.at

    @property
    def on(self) -> dict:
        """Ticket, actor and time: what almost every command takes."""
        return {"ticket_id": self.ticket.pk, "actor": self.desk.staff(self.agent), "at": self.at}

    def by(self, name: str) -> dict:
        """The same, by another member of staff."""
        return {**self.on, "actor": self.desk.staff(name)}

    def as_customer(self, name: str) -> dict:
        """The same, by a contact of the customer."""
        return {**self.on, "actor": self.desk.customer(name)}

    def rings(self, caller: str, title: str, **fields) -> Steps:
        """An inbound call is answered and written down; nobody is verified yet."""
        self.caller = caller
        contact = self.desk.contacts[caller]
        yield self.wait(0)
        self.call = interaction.start_interaction(
            channel="call", direction="in", caller_number=contact.phones.all()[0].number, called_queue="Faults",
            answered_at=self.at + timedelta(seconds=7), actor=self.desk.staff(self.agent), at=self.at,
        )  # fmt: skip
        yield self.wait(1)
        self._log("call", title, fields, contact)

    def verified_call(self, caller: str, title: str, proof: str = "callback", **fields) -> Steps:
        """A call whose caller proves who they are; the ticket stands in triage and the call has ended."""
        yield from self.rings(caller, title, **fields)
        yield self.wait(0.5)
        log.begin_verification(**self.on)
        yield from self.proves(caller, proof)
        contact = self.desk.contacts[caller]
        verify.verify(callback_number=contact.phones.all()[0].number, callback_confirmed=True, **self.on)
        yield self.wait(1)
        self.hangs_up(f"{contact.name} reported: {title}")

    def proves(self, caller: str, method: str, value: str = "") -> Steps:
        """The caller proves it by PIN, or by being called back on a stored number."""
        contact, outbound = self.desk.contacts[caller], None
        number, pin = contact.phones.all()[0].number, self.desk.pins[contact.organisation_id]
        actor = self.desk.staff(self.agent)
        yield self.wait(0.5)
        if method == "callback":
            outbound = interaction.start_interaction(
                channel="call",
                direction="out",
                caller_number=number,
                started_at=self.at - timedelta(seconds=10),
                answered_at=self.at,
                actor=actor,
                at=self.at,
            )
            interaction.end_interaction(interaction_id=outbound.pk, disposition="reached", actor=actor, at=self.at)
        proof = Proof(
            method=method, value=value or (pin if method == "pin" else ""),
            outbound_interaction_id=outbound.pk if outbound else None,
        )  # fmt: skip
        verify.attempt_verification(
            interaction_id=self.call.pk, contact_id=contact.pk, company=contact.organisation.name, proof=proof,
            account_number=contact.organisation.account_number, **self.on,
        )  # fmt: skip

    def hangs_up(self, summary: str, disposition: str = "") -> None:
        """End the call in hand, summed up."""
        interaction.end_interaction(
            interaction_id=self.call.pk, summary=summary, disposition=disposition,
            actor=self.desk.staff(self.agent), at=self.at,
        )  # fmt: skip

    def written(self, writer: str, title: str, channel: str = "portal", **fields) -> Steps:
        """A report by portal, or by an authenticated e-mail: verified by what it came through."""
        contact = self.desk.contacts[writer]
        actor = self.desk.customer(writer) if channel == "portal" else SYSTEM
        yield self.wait(0)
        self.call = interaction.start_interaction(channel=channel, direction="in", actor=actor, at=self.at)
        self._log(channel, title, fields, contact, actor)
        log.begin_verification(**{**self.on, "actor": SYSTEM})
        proof = Proof(method="portal") if channel == "portal" else Proof(method="sender", value=contact.email)
        verify.attempt_verification(
            interaction_id=self.call.pk, contact_id=contact.pk, company=contact.organisation.name, proof=proof,
            account_number=contact.organisation.account_number, **{**self.on, "actor": actor},
        )  # fmt: skip
        number = contact.phones.all()[0].number
        verify.verify(callback_number=number, callback_confirmed=True, **{**self.on, "actor": SYSTEM})
        interaction.end_interaction(interaction_id=self.call.pk, actor=SYSTEM, at=self.at)
        yield self.wait(0.5)
        record_acknowledgement(ticket_id=self.ticket.pk, how="email", actor=SYSTEM, at=self.at)

    def alarm(self, organisation: str, title: str, channel: str = "alarm", method: str = "monitoring", **f) -> Steps:
        """Work nobody called about: an alarm, or something staff found."""
        yield self.wait(0)
        made = log.LogTicket(
            channel=channel, title=title, organisation_id=self.desk.organisations[organisation].pk,
            caller_name="Network monitoring", caller_organisation="Halden Networks",
            caller_email="noc@halden.example", caller_phone="+61355502199", **({"description": title} | f),
        )  # fmt: skip
        self.ticket = log.log_ticket(made, actor=self.desk.staff(self.agent), at=self.at)
        log.begin_verification(**self.on)
        verify.verify_without_caller(method=method, **self.on)

    def _log(self, channel: str, title: str, fields: dict, contact, actor=None) -> None:
        said = {
            "channel": channel, "title": title, "interaction_id": self.call.pk, "contact_id": contact.pk,
            "organisation_id": contact.organisation_id, "description": title,
        }  # fmt: skip
        intake = log.LogTicket(**(said | fields))
        self.ticket = log.log_ticket(intake, actor=actor or self.desk.staff(self.agent), at=self.at)

    def triaged(self, service: str = "", category: str = "other", impact: str = "medium", urgency: str = "medium",
                team: str = "", **answers) -> Steps:  # fmt: skip
        """Classify and route; `team` by name overrides the routing rules."""
        yield self.wait(1)
        found = self.desk.services.get(service)
        scope = "single" if category.startswith("network") else ""
        answers = {"kind": self.ticket.kind, "scope": scope} | answers
        if found is None:
            answers = {"no_service_reason": "It concerns no single service"} | answers
        said = triage.Triage(
            category=category, impact=impact, urgency=urgency, service_id=found.pk if found else None,
            site_id=found.site_id if found else None, team_id=self.desk.teams[team].pk if team else None, **answers,
        )  # fmt: skip
        self.ticket = triage.triage(triage=said, **self.on)

    def signed(self, by: str = "", after: float = 3) -> Steps:
        """A member of the team takes it; `by` becomes the agent of what follows."""
        yield self.wait(after)
        self.agent = by or self.agent
        self.ticket = work.sign_for(**self.on)

    def reached(self, text: str, outcome: str = "reached", after: float = 4) -> Steps:
        """The reporter is contacted."""
        yield self.wait(after)
        work.record_contact(outcome=outcome, text=text, **self.on)

    def news(self, body: str, public: bool = False, after: float = 10, by: str = "", **more) -> Steps:
        """Progress is written, inside or for the customer too."""
        yield self.wait(after)
        note.add_progress(body=body, public=public, **{**self.by(by or self.agent), **more})

    def up(self, tried: str, criteria: tuple[str, ...] = ("specialist",), team: str = "", after: float = 5) -> Steps:
        """Pass it a tier up."""
        yield self.wait(after)
        team_id = self.desk.teams[team].pk if team else None
        self.ticket = escalate_tier(tried=tried, criteria=list(criteria), team_id=team_id, **self.on)

    def suspended(self, reason_code: str, reason: str, until: timedelta, consents: str, after: float = 5) -> Steps:
        """Asked for, consented by the customer, approved by both functions."""
        yield self.wait(after)
        until = self.at + until
        ticket = suspend.request_suspension(reason_code=reason_code, reason=reason, until=until, **self.on)
        asked = ticket.suspensions.get(state="requested")
        yield self.wait(3)
        suspend.record_consent(
            suspension_id=asked.pk, given=True, how="portal", actor=self.desk.customer(consents), at=self.at
        )
        for who, function in self.approvers:
            yield self.wait(2)
            self.ticket = suspend.decide_suspension(
                suspension_id=asked.pk, function=function, approved=True, actor=self.desk.staff(who), at=self.at
            )

    def resolved(self, cause: str, resolution: str, cause_code: str = "our_configuration", code: str = "fixed",
                 after: float = 15) -> Steps:  # fmt: skip
        """Solved; the customer is asked."""
        yield self.wait(after)
        self.ticket = resolve.resolve(
            resolution_code=code, cause_code=cause_code, cause=cause, resolution=resolution,
            participants_confirmed=True, **self.on,
        )  # fmt: skip

    def reported(self, says: str, measure: str, owner: str, released_by: str = "", after: float = 30) -> Steps:
        """The fault report is written and filed by whoever has the ticket; another releases it."""
        yield self.wait(after)
        actor = self.desk.staff(self.agent)
        draft = draft_report(ticket_id=self.ticket.pk, actor=actor, at=self.at)
        step = Measure(title=measure, owner=self.desk.users[owner].uuid)
        content = Content(prevention=says, measures=[step])
        save_report(edition_id=draft.pk, content=content, actor=actor, at=self.at)
        yield self.wait(5)
        file_report(edition_id=draft.pk, people_confirmed=True, actor=actor, at=self.at)
        if released_by:
            yield self.wait(20)
            release_report(edition_id=draft.pk, actor=self.desk.staff(released_by), at=self.at)

    def confirmed(self, by: str, after: float = 20) -> Steps:
        """The customer says so."""
        yield self.wait(after)
        self.ticket = resolve.confirm(how="customer", **self.as_customer(by))
