"""The bodies of the commands on a ticket: what each takes, by public ids. Rules are the commands' own."""

from collections.abc import Callable
from typing import Any

from rest_framework import serializers

from accounts.models import Contact, Organisation, Team, User
from catalogue.models import Service, Site
from escalation.models import Escalation
from ledger.actor import Actor
from servicedesk.api.fields import Ref, Strict, TicketNumber
from tickets import words
from tickets.models import Commitment, Note, Suspension, SuspensionApproval, Ticket, WorkItem


def staff(actor: Actor) -> Any:
    """Members of staff a ticket may be given to; customers and bound tokens may name nobody."""
    if actor.organisation_ids is not None:
        return User.objects.none()
    return User.objects.filter(kind=User.Kind.STAFF, is_active=True)


def of_tickets(model: Any) -> Callable[[Actor], Any]:
    """Rows of `model` on tickets the actor may see."""
    return lambda actor: model.objects.filter(ticket__in=Ticket.objects.visible_to(actor))


def words_field(limit: int = 4000, **kwargs: Any) -> serializers.CharField:
    """A text of at most `limit` characters."""
    return serializers.CharField(max_length=limit, **kwargs)


class Empty(Strict):
    """No body."""


class Reason(Strict):
    reason = words_field()


class TagsIn(Strict):
    tags = serializers.ListField(child=serializers.CharField(max_length=40), max_length=10)


class UndoIn(Strict):
    seq = serializers.IntegerField(min_value=1, max_value=2**31 - 1, help_text="Number of one's own fact")


class VerifyIn(Strict):
    method = serializers.ChoiceField(["token"], default="token")


class RejectIn(Strict):
    reason = serializers.ChoiceField(["failed", "locked", "spam", "out_of_remit"])


class TriageIn(Strict):
    kind = serializers.ChoiceField(words.Kind.choices)
    category = serializers.ChoiceField(words.Category.choices)
    issue_type = words_field(60, required=False)
    impact = serializers.ChoiceField(words.Level.choices)
    urgency = serializers.ChoiceField(words.Level.choices)
    priority = serializers.ChoiceField(words.Priority.choices, required=False, allow_null=True)
    priority_reason = words_field(400, required=False)
    scope = serializers.ChoiceField(words.Scope.choices, required=False)
    service = Ref(lambda a: Service.objects.visible_to(a), name="service", lookup="service_id", required=False)
    no_service_reason = words_field(200, required=False)
    site = Ref(lambda a: Site.objects.visible_to(a), name="site", required=False)
    team = Ref(lambda a: Team.objects.visible_to(a), name="team", required=False)
    tier = serializers.ChoiceField(words.Tier.choices, required=False, allow_null=True)
    critical = serializers.BooleanField(default=False)
    restricted = serializers.BooleanField(required=False, allow_null=True)


class ContactOutcomeIn(Strict):
    outcome = serializers.ChoiceField(["reached", "not_reached", "left_message"])
    text = words_field(required=False)


class ProgressIn(Strict):
    body = words_field(20_000)
    public = serializers.BooleanField()


class EscalateTierIn(Strict):
    tried = words_field()
    criteria = serializers.ListField(child=words_field(60), max_length=10)
    team = Ref(lambda a: Team.objects.visible_to(a), name="team", required=False)


class ReturnTierIn(Reason):
    team = Ref(lambda a: Team.objects.visible_to(a), name="team", required=False)


class AssignIn(Strict):
    user = Ref(staff, name="person", allow_null=True)
    reason = words_field(400, required=False)


class TransferIn(Reason):
    team = Ref(lambda a: Team.objects.visible_to(a), name="team")
    user = Ref(staff, name="person", required=False, allow_null=True)


class SuspensionIn(Reason):
    reason_code = serializers.ChoiceField(words.SuspensionReason.choices)
    until = serializers.DateTimeField()


class ConsentIn(Strict):
    suspension = Ref(of_tickets(Suspension), name="suspension")
    given = serializers.BooleanField()
    contact = Ref(lambda a: Contact.objects.visible_to(a), name="contact", required=False)
    how = serializers.ChoiceField(["call", "email", "portal", "integration"])


class DecideIn(Strict):
    suspension = Ref(of_tickets(Suspension), name="suspension")
    function = serializers.ChoiceField(SuspensionApproval.FUNCTIONS)
    reason = words_field(required=False)


class ResolveIn(Strict):
    resolution_code = serializers.ChoiceField(words.Resolution.choices)
    cause_code = serializers.ChoiceField(words.Cause.choices)
    cause = words_field()
    resolution = words_field()
    participants_confirmed = serializers.BooleanField()


class ConfirmIn(Strict):
    how = serializers.ChoiceField(["customer", "agent_call", "evidence"])
    evidence = words_field(required=False)


class CloseIn(Strict):
    knowledge_decision = serializers.ChoiceField(["none", "draft", "linked"])
    follow_up_decision = serializers.ChoiceField(["none", "planned"])
    follow_up_at = serializers.DateTimeField(required=False, allow_null=True)


class ReprioritiseIn(Reason):
    priority = serializers.ChoiceField(words.Priority.choices)


class ReclassifyIn(Reason):
    kind = serializers.ChoiceField(words.Kind.choices, required=False)
    category = serializers.ChoiceField(words.Category.choices, required=False)
    issue_type = words_field(60, required=False)
    impact = serializers.ChoiceField(words.Level.choices, required=False)
    urgency = serializers.ChoiceField(words.Level.choices, required=False)
    scope = serializers.ChoiceField(words.Scope.choices, required=False)
    service = Ref(lambda a: Service.objects.visible_to(a), name="service", lookup="service_id", required=False)
    title = words_field(200, required=False)


class CustomerIn(Reason):
    organisation = Ref(lambda a: Organisation.objects.visible_to(a), name="organisation")
    contact = Ref(lambda a: Contact.objects.visible_to(a), name="contact")


class MergeIn(Strict):
    into = TicketNumber()


class LinkIn(Strict):
    other = TicketNumber()
    relation = serializers.ChoiceField(["parent", "duplicate", "related", "problem", "follows"])


class SplitIn(Strict):
    title = words_field(200)
    notes = serializers.ListField(child=Ref(of_tickets(Note), name="note"), max_length=50, default=list)


class NoteRefIn(Strict):
    note = Ref(of_tickets(Note), name="note")


class WorkItemIn(Strict):
    title = words_field(200)
    owner_user = Ref(staff, name="person", required=False)
    owner_team = Ref(lambda a: Team.objects.visible_to(a), name="team", required=False)
    owner_contact = Ref(lambda a: Contact.objects.visible_to(a), name="contact", required=False)
    due_at = serializers.DateTimeField(required=False, allow_null=True)
    mandatory = serializers.BooleanField(default=False)
    public = serializers.BooleanField(default=False)


class FinishItemIn(Strict):
    work_item = Ref(of_tickets(WorkItem), name="work item")
    evidence = words_field(required=False)


class SkipItemIn(Reason):
    work_item = Ref(of_tickets(WorkItem), name="work item")


class ExtendItemIn(Reason):
    work_item = Ref(of_tickets(WorkItem), name="work item")
    due_at = serializers.DateTimeField()


class EngageIn(Strict):
    team = Ref(lambda a: Team.objects.visible_to(a), name="team")
    text = words_field(200)


class ShareIn(Reason):
    user = Ref(staff, name="person")


class PromiseIn(Strict):
    kind = serializers.ChoiceField(Commitment.Kind.choices)
    due_at = serializers.DateTimeField()
    text = words_field(240, required=False)


class KeepPromiseIn(Strict):
    commitment = Ref(of_tickets(Commitment), name="promise")


class MovePromiseIn(Strict):
    commitment = Ref(of_tickets(Commitment), name="promise")
    due_at = serializers.DateTimeField()
    explanation = words_field()


class EscalationIn(Reason):
    relation = serializers.ChoiceField(Escalation.Relation.choices)
    requester_name = words_field(120, required=False)
    requester_contact = Ref(lambda a: Contact.objects.visible_to(a), name="contact", required=False)
