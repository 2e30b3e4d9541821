"""What a customer reads on one ticket. Each property asks the database once, when a template first wants it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.functional import cached_property
from django.utils.translation import gettext as _t

from accounts.models import Contact
from escalation.models import Escalation
from escalation.queries import ClockView, clocks_of
from ledger.actor import Actor
from quality.models import Survey
from quality.own_answers import open_round
from quality.reports.models import Edition
from quality.reports.queries import released
from servicedesk.portal import lists, people, promised, words
from tickets.commands.close import reopen_days
from tickets.models import Commitment, Note, Suspension, Ticket, WorkItem
from tickets.words import ENDED, TIERS, UNVERIFIED, Kind, State, SuspensionReason

SHOWN = 200


@dataclass
class TicketPage:
    """One ticket for one contact at one instant."""

    ticket: Ticket
    contact: Contact
    actor: Actor
    at: datetime

    @cached_property
    def standing(self) -> words.Standing:
        return words.standing(self.ticket, escalated=self.escalation is not None)

    @property
    def track(self) -> list[tuple[str, str]]:
        return words.track(self.ticket)

    @property
    def ended(self) -> bool:
        return self.ticket.state in ENDED

    @property
    def at_work(self) -> bool:
        """Whether work goes on: received, in a team's hands or paused."""
        return self.ticket.state in (State.TRIAGE, *TIERS, State.SUSPENDED)

    @property
    def solved(self) -> bool:
        """Whether the work is over: solved by us, answered, closed or withdrawn."""
        return self.ended or self.ticket.state in (State.CLOSURE, State.SURVEY)

    @property
    def report(self) -> str:
        """What was reported, in the reporter's words: the statement, else the letter."""
        own = self.ticket.channel in {"email", "portal"}
        return self.ticket.problem_what or (self.ticket.description if own else "")

    @cached_property
    def fault_report(self) -> Edition | None:
        """The report we released on it. 1 query, none before the work is over."""
        return released(self.ticket, self.actor) if self.solved and self.ticket.kind == Kind.FAULT else None

    @property
    def may_withdraw(self) -> bool:
        return self.at_work and self.may_report

    @property
    def waits_for_gate(self) -> bool:
        return self.ticket.state in UNVERIFIED

    @property
    def who(self) -> str:
        """Who works on it, in one sentence; "" when nobody does any more."""
        ticket = self.ticket
        if ticket.state in UNVERIFIED:
            return _t("We check who reported it, then a team takes it.")
        if ticket.state == State.TRIAGE:
            return _t("We have received it and choose the right team.")
        if ticket.state == State.SUSPENDED:
            return _t("The work is paused; our time limits stand still until it goes on.")
        if ticket.state not in TIERS:
            return ""
        if ticket.owner is not None:
            return _t("%(name)s works on it.") % {"name": ticket.owner.name}
        return _t("%(team)s has it; a specialist takes it next.") % {"team": words.team_name(ticket.team)}

    @cached_property
    def clocks(self) -> list[ClockView]:
        """Clocks that have words for customers and still mean something. 3 queries."""
        return [c for c in clocks_of(self.ticket, self.at) if c.customer_label and c.state != "cancelled"]

    @cached_property
    def commitments(self) -> list[Commitment]:
        """Promises people made, moved ones too. 1 query."""
        return list(self.ticket.commitments.all())

    @property
    def next_news(self) -> datetime | None:
        """By when the customer hears from us: the earliest promise of news still to come."""
        if not self.at_work:
            return None
        people_said = [c.due_at for c in self.commitments if c.state == "open" and c.kind != "resolution"]
        news = {words.label("Next news"), words.label("First answer")}
        counted = [c.due_at for c in self.clocks if words.label(c.customer_label) in news and promised.ticks(c)]
        return min([d for d in (*people_said, *counted) if d], default=None)

    @property
    def promises(self) -> list[promised.Promise]:
        """Promised times: people's and the policies', open ones first; of one name the next one."""
        return promised.in_order(self.clocks, self.commitments, self.at)

    @cached_property
    def suspension(self) -> Suspension | None:
        """The pause that is asked for or runs. 1 query, none where there can be none."""
        if self.ticket.state not in (*TIERS, State.SUSPENDED):
            return None
        rows = self.ticket.suspensions.filter(state__in=["requested", "approved"])
        return rows.select_related("requested_by").first()

    @property
    def pause_reason(self) -> str:
        """Why we ask to pause, in the customer's words."""
        found = self.suspension
        return str(words.PAUSES[SuspensionReason(found.reason_code)]) if found else ""

    @property
    def asks_consent(self) -> bool:
        found = self.suspension
        return found is not None and found.state == "requested" and found.consent is None

    @property
    def may_consent(self) -> bool:
        return bool(self.actor.authorities & {"approve", "change"})

    @cached_property
    def who_may_consent(self) -> list[Contact]:
        return lists.who_may(self.contact.organisation_id, "approve", "change")

    @property
    def asks_confirmation(self) -> bool:
        return self.ticket.state == State.CLOSURE

    @cached_property
    def survey(self) -> Survey | None:
        """The question round this contact can still answer. 1 query, none before the solution is confirmed."""
        if self.ticket.state not in (State.SURVEY, State.CLOSED):
            return None
        return open_round(self.ticket, self.actor, self.at)

    @property
    def may_report(self) -> bool:
        return "report" in self.actor.authorities

    @cached_property
    def escalation(self) -> Escalation | None:
        """The open formal escalation. 1 query."""
        if not self.at_work:
            return None
        rows = Escalation.objects.visible_to(self.actor).filter(ticket=self.ticket, closed_at=None)
        return rows.select_related("duty_manager").first()

    @property
    def may_escalate(self) -> bool:
        return "escalate" in self.actor.authorities

    @cached_property
    def who_may_escalate(self) -> list[Contact]:
        return lists.who_may(self.contact.organisation_id, "escalate")

    @cached_property
    def ladder(self) -> list[people.Rung]:
        return [rung for rung in people.ladder(self.contact.organisation, self.at) if rung.called]

    @property
    def may_write(self) -> bool:
        """Whether a reply goes anywhere: not before the gate, not on a withdrawn ticket."""
        return self.may_report and self.ticket.state not in (*UNVERIFIED, State.REJECTED, State.CANCELLED)

    @property
    def reopen_until(self) -> datetime | None:
        """Until when a reply reopens a closed ticket; None for any other."""
        closed = self.ticket.closed_at if self.ticket.state == State.CLOSED else None
        return closed + timedelta(days=reopen_days()) if closed else None

    @property
    def reopens(self) -> bool:
        return self.reopen_until is not None and self.at <= self.reopen_until

    @cached_property
    def notes(self) -> list[Note]:
        """Public notes with their files, newest first. 2 queries."""
        rows = Note.objects.visible_to(self.actor).filter(ticket=self.ticket)
        return list(rows.select_related("text").prefetch_related("attachments")[:SHOWN])

    @cached_property
    def plan(self) -> list[dict[str, Any]]:
        """The public items of the action plan with owners and dates (A-08). 1 query."""
        rows = self.ticket.work_items.filter(public=True).exclude(state=WorkItem.State.SKIPPED)
        rows = rows.select_related("owner_user", "owner_team", "owner_contact")
        if self.solved:  # what nobody ticked off is no open work once the trouble is over
            rows = rows.exclude(state=WorkItem.State.OPEN, owner_contact=None)
        return [
            {
                "item": item,
                "owner": words.owner_of(item),
                "mine": item.owner_contact_id == self.contact.pk and item.state == "open" and not self.ended,
            }
            for item in rows
        ]
