"""Steps of a formal escalation, for stories that have one."""

from datetime import datetime

from accounts.models import User
from escalation.commands import confirm, engage, request, review
from escalation.models import Duty, Escalation
from ledger.actor import Actor
from servicedesk.demo.story import Steps, Story
from tickets.commands import plan


class Escalated(Story):
    """A story with a formal escalation. The duty manager is whoever the roster says, as on a real day."""

    escalation: Escalation

    @property
    def manager(self) -> Actor:
        """The duty manager of this escalation."""
        return self.desk.staff(User.objects.get(pk=self.escalation.duty_manager_id).name)

    def asks(self, reason: str, relation: str, contact: str = "", by: str = "", after: float = 2) -> Steps:
        """Somebody asks for management; the duties exist from the next step on."""
        yield self.wait(after)
        found = self.desk.contacts.get(contact)
        self.escalation = request.request_escalation(
            reason=reason, relation=relation, requester_contact_id=found.pk if found else None,
            **self.by(by or self.agent),
        )  # fmt: skip

    def found(self) -> Steps:
        """Take up the escalation that the ticket asked for by itself, being critical."""
        yield self.wait(0.5)
        self.escalation = Escalation.objects.get(ticket=self.ticket, closed_at=None)

    def duty(self, role: str) -> Duty:
        """The duty of `role`."""
        return Duty.objects.select_related("person").get(escalation=self.escalation, role=role)

    def confirms(self, role: str, after: float = 2) -> Steps:
        """The person named confirms, signed in."""
        yield self.wait(after)
        duty = self.duty(role)
        confirm.confirm_duty(duty_id=duty.pk, actor=self.desk.staff(duty.person.name), at=self.at)

    def phones(self, role: str, note: str, reached: bool = True, after: float = 2) -> Steps:
        """An agent calls the person named and writes down how it went."""
        yield self.wait(after)
        duty = self.duty(role)
        confirm.record_phone_confirmation(
            duty_id=duty.pk, number=duty.person.phone, outcome="reached" if reached else "not_reached", note=note,
            actor=self.desk.staff(self.agent), at=self.at,
        )  # fmt: skip

    def engages(self, team: str, text: str, after: float = 1) -> Steps:
        """The duty manager brings a team in."""
        yield self.wait(after)
        engage.engage_team(
            escalation_id=self.escalation.pk,
            team_id=self.desk.teams[team].pk,
            text=text,
            actor=self.manager,
            at=self.at,
        )

    def reviewed(self, text: str, after: float = 3) -> Steps:
        """The duty manager has read the case."""
        yield self.wait(after)
        review.record_review(escalation_id=self.escalation.pk, text=text, actor=self.manager, at=self.at)

    def contacted(self, contact: str, text: str, after: float = 5) -> Steps:
        """The duty manager has spoken with the customer."""
        yield self.wait(after)
        review.record_customer_contact(
            escalation_id=self.escalation.pk, text=text, contact_id=self.desk.contacts[contact].pk, actor=self.manager,
            at=self.at,
        )  # fmt: skip

    def item(self, title: str, due: datetime | None, owner: str = "", contact: str = "", done: str = "") -> None:
        """Put one item on the action plan, at the present step; `done` = its evidence, done at once."""
        who = {"owner_contact_id": self.desk.contacts[contact].pk} if contact else {}
        who = who or {"owner_user_id": self.desk.users[owner].pk}
        made = plan.add_work_item(title=title, due_at=due, public=True, **{**self.on, "actor": self.manager}, **who)
        if done:
            plan.finish_work_item(work_item_id=made.pk, evidence=done, actor=self.manager, at=self.at)

    def agreed(self, after: float = 10) -> Steps:
        """The plan is agreed with the customer."""
        yield self.wait(after)
        review.agree_plan(escalation_id=self.escalation.pk, actor=self.manager, at=self.at)
