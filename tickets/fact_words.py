"""Words for the values that facts hold, as they stand in the middle of a sentence."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models.staff import LadderRole, Role
from tickets import words
from tickets.models import Interaction, Participant, TicketLink

CHANNELS = {
    "call": _("by phone"), "email": _("by e-mail"), "portal": _("through the portal"), "chat": _("by chat"),
    "walk_in": _("in person"), "alarm": _("by an alarm"), "api": _("by an integration"), "internal": _("from inside"),
}  # fmt: skip
PROOFS = {
    "pin": _("PIN"), "question": _("security question"), "code": _("one-time code"),
    "callback": _("call-back to a stored number"), "portal": _("portal session"), "sender": _("authenticated sender"),
    "prospect": _("prospect, no account data shown"), "internal": _("work from inside, nobody called"),
    "monitoring": _("alarm, nobody called"), "token": _("integration, nobody called"),
}  # fmt: skip
FUNCTIONS = {
    "monitoring": _("monitoring"), "customer_service": _("customer service"), "supervision": _("supervision"),
}  # fmt: skip
ROLES: Mapping[str, Any] = dict(LadderRole.choices) | dict(Role.choices)
FIELDS = {
    "title": _("title"), "description": _("description"), "caller_name": _("caller"),
    "caller_organisation": _("caller's company"), "caller_email": _("caller's e-mail"),
    "caller_phone": _("caller's phone"), "callback_number": _("call-back number"), "problem_what": _("what happens"),
    "problem_since": _("since when"), "problem_where": _("where"), "problem_impact": _("whom it hits"),
    "problem_changed": _("what changed"), "kind": _("kind"), "urgent": _("urgent"), "service_id": _("service"),
    "site_id": _("site"), "category": _("category"), "issue_type": _("issue type"), "impact": _("impact"),
    "urgency": _("urgency"), "scope": _("scope"), "no_service_reason": _("why no service"),
    "infrastructure": _("current infrastructure"), "objectives": _("business objectives"),
    "requirements": _("technical requirements"), "timeline": _("timeline"),
}  # fmt: skip

# By field, or by fact and field where a field means something else in one fact.
VALUES: dict[str, Mapping[str, Any]] = {
    "proof": PROOFS,
    "method": PROOFS,
    "channel": CHANNELS,
    "function": FUNCTIONS,
    "what": {"priority": _("priority above the proposal"), "reopen": _("reopening after the set time")},
    "role": ROLES,
    "kind": dict(words.Kind.choices),
    "category": dict(words.Category.choices),
    "impact": dict(words.Level.choices),
    "urgency": dict(words.Level.choices),
    "scope": dict(words.Scope.choices),
    "from": dict(words.Tier.choices),
    "to": dict(words.Tier.choices),
    "code": dict(words.Resolution.choices),
    "cause_code": dict(words.Cause.choices),
    "relation": dict(TicketLink.Relation.choices),
    "part": dict(Participant.Part.choices),
    "disposition": dict(Interaction.Disposition.choices),
    "outcome": {"reached": _("reached"), "not_reached": _("not reached"), "left_message": _("message left")},
    "ticket.rejected.reason": {
        "failed": _("verification failed"), "locked": _("verification locked"), "spam": _("spam"),
        "out_of_remit": _("not ours to do"),
    },
    "ticket.suspension_requested.reason": dict(words.SuspensionReason.choices),
    "ticket.confirmed.how": {
        "customer": _("by the customer"), "agent_call": _("on the phone with the customer"),
        "evidence": _("by evidence: the customer was not reached"), "no_answer": _("by silence: no answer in time"),
    },
    "ticket.consent_given.how": {"portal": CHANNELS["portal"], "call": CHANNELS["call"], "email": CHANNELS["email"],
                                 "integration": CHANNELS["api"]},
    "escalation.confirmed.how": {
        "link": _("by the link sent"), "reply": _("by reply"), "keypad": _("by keypad"), "call": _("on the phone"),
        "desk": _("signed in"),
    },
    "escalation.closed.reason": {
        "resolved": _("the ticket is resolved"), "cancelled": _("the ticket is cancelled"),
        "merged": _("the ticket is merged"), "rejected": _("the ticket is rejected"),
    },
    "commitment.kind": {"callback": _("a call back"), "next_update": _("news"), "resolution": _("a solution")},
}  # fmt: skip
VALUES["ticket.consent_refused.how"] = VALUES["ticket.consent_given.how"]


def word(fact: str, field: str, value: str) -> str | None:
    """Return `value` of `field` in words for `fact`; None where it is no word of ours."""
    room = fact.partition(".")[0]
    for key in (f"{fact}.{field}", f"{room}.{field}", field):
        if key in VALUES and value in VALUES[key]:
            return str(VALUES[key][value])
    return None
