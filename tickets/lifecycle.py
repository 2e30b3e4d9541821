"""What each step of a ticket demands, in words: state, who, verification, guards. Buttons and commands ask the same."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from ledger.actor import Actor
from ledger.errors import Refused
from tickets import guards as g
from tickets.access import require_may_comment, require_may_work
from tickets.guards import Guard
from tickets.models import Interaction, Ticket
from tickets.words import OPEN, TIERS, UNVERIFIED, WORKING, State

PAST_GATE = tuple(s for s in State if s not in (*UNVERIFIED, State.REJECTED))
AT_WORK = (State.TRIAGE, *WORKING)
LIVE_CHANNELS = ("call", "walk_in", "chat")


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step: the states it may be taken in, who may, and its guards.

    verb       what it does, for the sentence of a refusal.
    authority  what a customer's contact must hold to take it; empty = customers may not.
    gated      False only for documenting, verifying and rejecting (P-02).
    staff      work = those who may change the ticket; comment = also ladder roles; see = who may see it.
    """

    verb: Any
    states: tuple[str, ...]
    authority: str = ""
    gated: bool = True
    staff: str = "work"
    guards: tuple[Guard, ...] = ()


STEPS: dict[str, Step] = {
    "begin_verification": Step(
        verb=_("verify the caller"), states=(State.INTAKE,), gated=False, guards=(g.FOUR_FIELDS, g.DESCRIBED)
    ),
    "update_intake": Step(verb=_("change the intake"), states=UNVERIFIED, gated=False),
    "document": Step(verb=_("document a contact"), states=tuple(State), gated=False, staff="see"),
    "verify": Step(verb=_("verify the caller"), states=(State.AUTH, *AT_WORK, State.CLOSURE), gated=False),
    "reject": Step(verb=_("reject it"), states=UNVERIFIED, gated=False),
    "acknowledge": Step(verb=_("acknowledge it"), states=PAST_GATE),
    "triage": Step(verb=_("triage it"), states=(State.TRIAGE,)),
    "reclassify": Step(verb=_("reclassify it"), states=AT_WORK),
    "reprioritise": Step(verb=_("change the priority"), states=AT_WORK),
    "request_approval": Step(verb=_("ask for another priority"), states=AT_WORK),
    "request_reopen": Step(verb=_("ask to reopen it"), states=(State.CLOSED,)),
    "correct_customer": Step(verb=_("correct the customer"), states=AT_WORK),
    "sign_for": Step(verb=_("sign for it"), states=TIERS),
    "record_contact": Step(verb=_("record a contact"), states=(*AT_WORK, State.CLOSURE)),
    "assign": Step(verb=_("assign it"), states=WORKING),
    "transfer": Step(verb=_("transfer it"), states=TIERS),
    "escalate_tier": Step(verb=_("move it up a tier"), states=TIERS, guards=(g.NOT_TOP,)),
    "return_tier": Step(verb=_("return it a tier"), states=TIERS, guards=(g.NOT_BOTTOM,)),
    "add_note": Step(verb=_("add a note"), states=PAST_GATE, authority="report", staff="comment"),
    "add_progress": Step(verb=_("add progress"), states=tuple(s for s in OPEN if s not in UNVERIFIED), staff="comment"),
    "retract_note": Step(verb=_("retract a note"), states=PAST_GATE, authority="report", staff="comment"),
    "redact_note": Step(verb=_("redact a note"), states=PAST_GATE, staff="see"),
    "request_suspension": Step(verb=_("suspend it"), states=TIERS, guards=(g.NO_OPEN_SUSPENSION,)),
    "record_consent": Step(verb=_("record consent"), states=TIERS, authority="approve|change"),
    "decide_suspension": Step(verb=_("decide on the suspension"), states=TIERS, staff="see"),
    "withdraw_suspension": Step(verb=_("withdraw the suspension"), states=TIERS),
    "resume": Step(verb=_("resume it"), states=(State.SUSPENDED,)),
    "resolve": Step(verb=_("resolve it"), states=TIERS, guards=(g.MANDATORY_DONE,)),
    "confirm": Step(verb=_("confirm the solution"), states=(State.CLOSURE,), authority="report"),
    "dispute": Step(verb=_("dispute the solution"), states=(State.CLOSURE,), authority="report"),
    "close": Step(verb=_("close it"), states=(State.SURVEY,)),
    "reopen": Step(verb=_("reopen it"), states=(State.CLOSED,), authority="report"),
    "follow_up": Step(
        verb=_("follow it up"),
        states=(State.CLOSED, State.CANCELLED, State.SURVEY),
        authority="report",
    ),
    "cancel": Step(verb=_("cancel it"), states=AT_WORK, authority="report"),
    "merge": Step(verb=_("merge it"), states=AT_WORK, guards=(g.NOT_MERGED,)),
    "undo_merge": Step(verb=_("undo the merge"), states=(State.CANCELLED,), guards=(g.MERGED,)),
    "link": Step(verb=_("link it"), states=PAST_GATE),
    "split": Step(verb=_("split it"), states=(*AT_WORK, State.CLOSURE)),
    "plan": Step(verb=_("change the plan"), states=tuple(s for s in OPEN if s not in UNVERIFIED), staff="comment"),
    "finish_work_item": Step(
        verb=_("finish a step of the plan"),
        states=tuple(s for s in OPEN if s not in UNVERIFIED),
        authority="report",
        staff="see",
    ),
    "promise": Step(verb=_("change a promise"), states=tuple(s for s in OPEN if s not in UNVERIFIED)),
    "add_participant": Step(verb=_("add a participant"), states=PAST_GATE),
    "tag": Step(verb=_("tag it"), states=tuple(State)),
    "snooze": Step(verb=_("snooze it"), states=OPEN, staff="see"),
    "watch": Step(verb=_("watch it"), states=tuple(State), staff="see"),
    "share": Step(verb=_("share it"), states=PAST_GATE),
}
GUARDS: dict[str, list[Guard]] = {name: list(step.guards) for name, step in STEPS.items()}


def require_verified(ticket: Ticket, actor: Actor, *, live: bool | None = None) -> None:
    """Raise Refused("not_verified") unless a verified caller, or work without one, stands behind the ticket (P-02).

    Refused too while the member of staff has an unverified live caller on this very ticket, verified as it may be.
    live  what `live_unverified` answers, where it was asked before; None = ask.
    """
    if ticket.state in (*UNVERIFIED, State.REJECTED) or ticket.verification_id is None:
        raise Refused(
            "not_verified",
            _("Nothing can be done before the caller is verified. Verify the caller, or reject the ticket."),
        )
    if actor.is_staff and (live_unverified(ticket, actor) if live is None else live):
        raise Refused(
            "not_verified",
            _("The caller on the line is not verified. Verify this caller, or end the call, before you act."),
        )


def live_unverified(ticket: Ticket, actor: Actor) -> bool:
    """Whether this member of staff speaks, now and on this ticket, to somebody not verified (decisions 16)."""
    live = Interaction.objects.filter(ticket=ticket, agent_id=actor.user_id, ended_at=None, direction="in")
    return live.filter(verified=False, channel__in=LIVE_CHANNELS).exists()


def require(ticket: Ticket, step: str, actor: Actor) -> None:
    """Raise Refused with the first reason why `actor` cannot take `step` now; return None if it can.

    Order: verification (P-02), permission, state, guards.
    """
    demand = STEPS[step]
    if demand.gated and not (step == "correct_customer" and _voided(ticket)):
        require_verified(ticket, actor)
    _require_allowed(ticket, demand, actor)
    require_state(ticket, step)
    for guard in demand.guards:
        if not guard(ticket):
            raise Refused(guard.code, guard.message)


def require_state(ticket: Ticket, step: str) -> None:
    """Raise Refused("wrong_state") unless the ticket's state lets somebody take `step`."""
    demand = STEPS[step]
    if ticket.state not in demand.states:
        raise Refused(
            "wrong_state",
            _("A ticket in “%(state)s” does not let you %(step)s. Bring it to the right step first.")
            % {"state": ticket.get_state_display(), "step": demand.verb},
            state=ticket.state,
        )


def why_not(ticket: Ticket, step: str, actor: Actor) -> Refused | None:
    """Return the refusal `require` would raise, None if the step can be taken. Writes nothing; for buttons."""
    try:
        require(ticket, step, actor)
    except Refused as refusal:
        return refusal
    return None


def _voided(ticket: Ticket) -> bool:
    return ticket.state in PAST_GATE and ticket.verification_id is None


def _require_allowed(ticket: Ticket, demand: Step, actor: Actor) -> None:
    if actor.kind == "system":
        return
    if actor.is_customer:
        if not demand.authority or actor.authorities.isdisjoint(demand.authority.split("|")):
            raise Refused("not_allowed", _("You may not do this yourself. Ask the service desk to do it."))
    elif actor.kind == "integration":
        if "tickets:write" not in actor.scopes:
            raise Refused("not_allowed", _("This token may not change tickets. Ask for the scope tickets:write."))
    elif not actor.is_staff:
        raise Refused("not_allowed", _("You may not do this yourself. Ask the service desk to do it."))
    elif demand.staff == "work":
        require_may_work(ticket, actor)
    elif demand.staff == "comment":
        require_may_comment(ticket, actor)
