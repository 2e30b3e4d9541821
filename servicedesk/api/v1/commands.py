"""Every command of the lifecycle as `POST /api/v1/tickets/{number}/{command}/`: a shape, and the room's function.

The table at the end is the whole of it. Doors check shape, commands check rules.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from escalation.commands.request import request_escalation
from ledger import clock
from ledger.actor import Actor
from ledger.errors import Refused
from servicedesk.api.base import DoorView, once, wanted_version
from servicedesk.api.fields import Strict
from servicedesk.api.v1 import bodies, shapes
from servicedesk.api.v1.tickets import answer
from tickets.commands import (
    approve,
    close,
    correct,
    engage,
    link,
    log,
    note,
    note_undo,
    plan,
    resolve,
    resume,
    settle,
    share,
    suspend,
    tag,
    tier,
    triage,
    undo,
    verify,
    work,
)
from tickets.models import Commitment, Note, Suspension, Ticket, WorkItem


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
    "begin-verification": Spec(bodies.Empty, log.begin_verification),
    "verify": Spec(bodies.VerifyIn, verify.verify_without_caller),
    "reject": Spec(bodies.RejectIn, verify.reject),
    "triage": Spec(bodies.TriageIn, _triage),
    "sign-for": Spec(bodies.Empty, work.sign_for),
    "record-contact": Spec(bodies.ContactOutcomeIn, work.record_contact, versioned=False),
    "add-progress": Spec(bodies.ProgressIn, note.add_progress, versioned=False),
    "escalate-tier": Spec(bodies.EscalateTierIn, tier.escalate_tier),
    "return-tier": Spec(bodies.ReturnTierIn, tier.return_tier),
    "assign": Spec(bodies.AssignIn, work.assign),
    "tag": Spec(bodies.TagsIn, tag.tag_ticket),
    "undo": Spec(bodies.UndoIn, undo.undo, versioned=False),
    "transfer": Spec(bodies.TransferIn, work.transfer),
    "request-suspension": Spec(bodies.SuspensionIn, suspend.request_suspension),
    "consent": Spec(bodies.ConsentIn, suspend.record_consent, child="suspension"),
    "approve": Spec(bodies.DecideIn, suspend.decide_suspension, fixed=(("approved", True),), child="suspension"),
    "decline": Spec(bodies.DecideIn, suspend.decide_suspension, fixed=(("approved", False),), child="suspension"),
    "resume": Spec(bodies.Reason, resume.resume),
    "resolve": Spec(bodies.ResolveIn, resolve.resolve),
    "confirm": Spec(bodies.ConfirmIn, resolve.confirm),
    "dispute": Spec(bodies.Reason, resolve.dispute),
    "close": Spec(bodies.CloseIn, close.close),
    "reopen": Spec(bodies.Reason, close.reopen),
    "cancel": Spec(bodies.Reason, close.cancel),
    "reprioritise": Spec(bodies.ReprioritiseIn, correct.reprioritise),
    "request-priority": Spec(bodies.ReprioritiseIn, approve.request_priority),
    "request-reopen": Spec(bodies.Reason, approve.request_reopen),
    "reclassify": Spec(bodies.ReclassifyIn, correct.reclassify),
    "correct-customer": Spec(bodies.CustomerIn, correct.correct_customer),
    "merge": Spec(bodies.MergeIn, link.merge),
    "undo-merge": Spec(bodies.Empty, link.undo_merge),
    "link": Spec(bodies.LinkIn, link.link, versioned=False),
    "split": Spec(bodies.SplitIn, link.split, versioned=False),
    "retract-note": Spec(bodies.NoteRefIn, note_undo.retract_note, versioned=False, child="note"),
    "add-work-item": Spec(bodies.WorkItemIn, plan.add_work_item, versioned=False),
    "finish-work-item": Spec(bodies.FinishItemIn, settle.finish_work_item, versioned=False, child="work_item"),
    "skip-work-item": Spec(bodies.SkipItemIn, settle.skip_work_item, versioned=False, child="work_item"),
    "extend-work-item": Spec(bodies.ExtendItemIn, settle.extend_work_item, versioned=False, child="work_item"),
    "engage": Spec(bodies.EngageIn, engage.engage, versioned=False),
    "restrict": Spec(bodies.Reason, share.restrict_ticket),
    "share": Spec(bodies.ShareIn, share.share_ticket),
    "lift-restriction": Spec(bodies.Reason, share.lift_restriction),
    "promise": Spec(bodies.PromiseIn, plan.promise, versioned=False),
    "keep-promise": Spec(bodies.KeepPromiseIn, settle.keep_promise, versioned=False, child="commitment"),
    "move-promise": Spec(bodies.MovePromiseIn, settle.move_promise, versioned=False, child="commitment"),
    "request-escalation": Spec(bodies.EscalationIn, request_escalation, versioned=False, scope="escalations:write"),
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
        request=spec.shape if spec.shape is not bodies.Empty else None,
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
