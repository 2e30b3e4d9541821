"""Every command of the lifecycle as `POST /api/v1/tickets/{number}/{command}/`: a shape, and the room's function.

The table at the end is the whole of it. Doors check shape, commands check rules.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Contact, Organisation, Team, User
from catalogue.models import Service, Site
from escalation.commands.request import request_escalation
from escalation.models import Escalation
from ledger import clock
from ledger.actor import Actor
from ledger.errors import Refused
from servicedesk.api.base import DoorView, once, wanted_version
from servicedesk.api.fields import Ref, Strict, TicketNumber
from servicedesk.api.v1 import shapes
from servicedesk.api.v1.tickets import answer
from tickets import words
from tickets.commands import (
    close,
    correct,
    link,
    log,
    note,
    note_undo,
    plan,
    resolve,
    resume,
    settle,
    suspend,
    tier,
    triage,
    verify,
    work,
)
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


@dataclass(frozen=True, slots=True)
class Spec:
    """One command: its body, its function, whether it moves the version, the scope it needs, fixed parameters.

    child  the field that names the row acted on instead of the ticket; it must belong to the ticket of the address.
    """

    shape: type[Strict]
    run: Callable[..., Any]
    versioned: bool = True
    scope: str = "tickets:write"
    fixed: tuple[tuple[str, Any], ...] = ()
    child: str = ""


CHILDREN = {"suspension": Suspension, "note": Note, "work_item": WorkItem, "commitment": Commitment}
REFERENCES = {
    "service",
    "site",
    "team",
    "contact",
    "organisation",
    "suspension",
    "work_item",
    "commitment",
    "note",
    "into",
    "other",
    "owner_user",
    "owner_team",
    "owner_contact",
    "requester_contact",
    "user",
}


def _triage(*, ticket_id: int, version: int | None, actor: Actor, at: Any, **fields: Any) -> Any:
    """Classify and route; without a service the one named when it was logged is taken."""
    if not fields.get("service_id") and not fields.get("no_service_reason"):
        fields["service_id"] = Ticket.objects.filter(pk=ticket_id).values_list("service_id", flat=True).first()
    return triage.triage(ticket_id=ticket_id, version=version, actor=actor, at=at, triage=triage.Triage(**fields))


COMMANDS: dict[str, Spec] = {
    "begin-verification": Spec(Empty, log.begin_verification),
    "verify": Spec(VerifyIn, verify.verify_without_caller),
    "reject": Spec(RejectIn, verify.reject),
    "triage": Spec(TriageIn, _triage),
    "sign-for": Spec(Empty, work.sign_for),
    "record-contact": Spec(ContactOutcomeIn, work.record_contact, versioned=False),
    "add-progress": Spec(ProgressIn, note.add_progress, versioned=False),
    "escalate-tier": Spec(EscalateTierIn, tier.escalate_tier),
    "return-tier": Spec(ReturnTierIn, tier.return_tier),
    "assign": Spec(AssignIn, work.assign),
    "transfer": Spec(TransferIn, work.transfer),
    "request-suspension": Spec(SuspensionIn, suspend.request_suspension),
    "consent": Spec(ConsentIn, suspend.record_consent, child="suspension"),
    "approve": Spec(DecideIn, suspend.decide_suspension, fixed=(("approved", True),), child="suspension"),
    "decline": Spec(DecideIn, suspend.decide_suspension, fixed=(("approved", False),), child="suspension"),
    "resume": Spec(Reason, resume.resume),
    "resolve": Spec(ResolveIn, resolve.resolve),
    "confirm": Spec(ConfirmIn, resolve.confirm),
    "dispute": Spec(Reason, resolve.dispute),
    "close": Spec(CloseIn, close.close),
    "reopen": Spec(Reason, close.reopen),
    "cancel": Spec(Reason, close.cancel),
    "reprioritise": Spec(ReprioritiseIn, correct.reprioritise),
    "reclassify": Spec(ReclassifyIn, correct.reclassify),
    "correct-customer": Spec(CustomerIn, correct.correct_customer),
    "merge": Spec(MergeIn, link.merge),
    "undo-merge": Spec(Empty, link.undo_merge),
    "link": Spec(LinkIn, link.link, versioned=False),
    "split": Spec(SplitIn, link.split, versioned=False),
    "retract-note": Spec(NoteRefIn, note_undo.retract_note, versioned=False, child="note"),
    "add-work-item": Spec(WorkItemIn, plan.add_work_item, versioned=False),
    "finish-work-item": Spec(FinishItemIn, settle.finish_work_item, versioned=False, child="work_item"),
    "skip-work-item": Spec(SkipItemIn, settle.skip_work_item, versioned=False, child="work_item"),
    "promise": Spec(PromiseIn, plan.promise, versioned=False),
    "keep-promise": Spec(KeepPromiseIn, settle.keep_promise, versioned=False, child="commitment"),
    "move-promise": Spec(MovePromiseIn, settle.move_promise, versioned=False, child="commitment"),
    "request-escalation": Spec(EscalationIn, request_escalation, versioned=False, scope="escalations:write"),
}


class CommandView(DoorView):
    """One command on one ticket. Answers the ticket as it stands afterwards, with its new ETag."""

    name: str
    spec: Spec

    def run(self, request: Request, number: str) -> Response:
        """Run the command: 200, 400 shape, 404 unknown, 409 twin running, 412 stale, 422 refused, 428 no version."""
        ticket_id = Ticket.objects.visible_to(self.actor).filter(number=number).values_list("pk", flat=True).first()
        if ticket_id is None:
            raise Refused("unknown_ticket", "There is no such thing, or it is not yours to see.")
        shape = self.spec.shape(data=request.data or {}, context={"request": request})
        shape.is_valid(raise_exception=True)
        given = {(f"{k}_id" if k in REFERENCES else k): v for k, v in shape.validated_data.items()}
        if "notes" in given:
            given["note_ids"] = given.pop("notes")
        given |= dict(self.spec.fixed)
        if self.spec.versioned:
            given["version"] = wanted_version(request)
        subject = {} if self.spec.child else {"ticket_id": ticket_id}
        if self.spec.child:
            self._same_ticket(given[f"{self.spec.child}_id"], ticket_id)

        def act() -> Response:
            self.spec.run(**subject, actor=self.actor, at=clock.now(), **given)
            return answer(number, self.actor)

        return once(request, act)

    def _same_ticket(self, child_id: int, ticket_id: int) -> None:
        if not CHILDREN[self.spec.child].objects.filter(pk=child_id, ticket_id=ticket_id).exists():
            raise Refused("bad_request", "That does not belong to this ticket.", field=self.spec.child)


def command_view(name: str, spec: Spec) -> Any:
    """Return the view of one command, described for OpenAPI."""
    headers = [OpenApiParameter("Idempotency-Key", OpenApiTypes.STR, OpenApiParameter.HEADER)]
    if spec.versioned:
        headers.append(OpenApiParameter("If-Match", OpenApiTypes.STR, OpenApiParameter.HEADER, required=True))

    @extend_schema(
        operation_id=f"tickets_{name.replace('-', '_')}",
        tags=["commands"],
        request=spec.shape if spec.shape is not Empty else None,
        responses={200: shapes.TicketOut},
        parameters=headers,
        description=(spec.run.__doc__ or "").split("\n\n")[0],
    )
    def post(self: CommandView, request: Request, number: str) -> Response:
        return self.run(request, number)

    scopes = {"read": spec.scope, "write": spec.scope}
    named = f"{name.title().replace('-', '')}View"
    kind = type(named, (CommandView,), {"name": name, "spec": spec, "scopes": scopes, "post": post})
    return kind.as_view()
