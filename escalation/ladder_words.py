"""The words a policy may be written in, by what its clock runs on: anchors, events, targets, conditions."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Organisation
from accounts.models.staff import LadderRole, Role
from escalation.models import Escalation
from tickets.models import Commitment, Interaction, WorkItem
from tickets.words import Category, Channel, Kind, Priority

Words = dict[str, Any]
START: Words = {"start": _("after the start of the clock")}
PROMISED: Words = START | {"due": _("at what was promised"), "before_due": _("before what was promised")}
ANCHORS: dict[str, Words] = {
    "ticket": START
    | {
        "received": _("after receipt"),
        "dispatched": _("after each dispatch"),
        "specialists_dispatched": _("after the specialists were dispatched"),
        "resolved": _("after the ticket was resolved"),
    },
    "escalation": {
        "start": _("after the request"),
        "stage_two": _("after the second stage began"),
        "customer_contacted": _("after the contact with the customer"),
    },
    "interaction": {"start": _("after the first ring")},
    "message": {"start": _("after receipt"), "received": _("after receipt")},
    "commitment": PROMISED,
    "work_item": PROMISED,
    "handover": {"start": _("after the start of the shift")},
    "canary": START,
    "maintenance": PROMISED | {"begun": _("after the work began")},
    "major_incident": {
        "start": _("after the declaration"),
        "declared": _("after the declaration"),
        "updated": _("after the last update"),
        "restored": _("after the restoration"),
    },
}
SETTLED: Words = {
    "kept": _("kept"),
    "done": pgettext_lazy("a step of a plan", "done"),
    "moved": _("moved before it was due"),
    "skipped": _("skipped with a reason"),
    "broken": _("broken"),
    "cancelled": _("cancelled"),
}
RESOLVED: Words = {"resolved": _("the ticket is resolved")}
EVENTS: dict[str, Words] = {
    "ticket": RESOLVED
    | {
        "signed_for": _("somebody signs for it"),
        "contact_recorded": _("the contact with the reporter is recorded"),
        "redispatched": _("it is dispatched again"),
        "dispatched": _("it is dispatched"),
        "answered": _("it is answered"),
        "acknowledged": _("the receipt is confirmed"),
        "verified": _("the caller is verified"),
        "rejected": _("it is rejected"),
        "cancelled": _("it is cancelled"),
        "progress": _("a progress note is written"),
        "report_filed": _("the report is filed"),
        "reopened": _("it is reopened"),
        "disputed": _("the customer disputes"),
    },
    "escalation": RESOLVED
    | {
        "duties_confirmed": _("all contacts are confirmed"),
        "duty_manager_confirmed": _("the duty manager confirms"),
        "reviewed_and_contacted": _("it is reviewed and the customer contacted"),
        "plan_agreed": _("the plan is agreed"),
    },
    "interaction": {"answered": _("it is answered"), "ended": _("the call ends")},
    "message": RESOLVED | {"answered": _("it is answered")},
    "commitment": SETTLED | RESOLVED,
    "work_item": SETTLED | RESOLVED,
    "handover": {"accepted": _("the handover is accepted")},
    "canary": {"heard": _("it is heard")},
    "maintenance": {
        "approved": _("it is approved"),
        "noticed": _("the customers are told"),
        "begun": _("the work begins"),
        "ended": _("the outcome is told"),
    },
    "major_incident": {
        "updated": _("an update is sent"),
        "restored": _("the service is restored"),
        "reviewed": _("the review is done"),
    },
}
SAME_MOMENT = {
    "stage_two": {"duties_confirmed"},
    "customer_contacted": {"customer_contacted"},
    "dispatched": {"dispatched", "redispatched"},
    "resolved": {"resolved"},
    "updated": {"updated"},
    "restored": {"restored"},
    "begun": {"begun"},
}
STARTS_ON: Words = {
    "logged": _("the ticket is logged"),
    "dispatched": _("the ticket is dispatched"),
    "resolved": _("the ticket is resolved"),
}
COMPUTED: Words = {
    "all_told": _("everyone told so far"),
    "unreached:second": _("deputy, manager or duty manager of whom nobody reached"),
    "owner": _("owner of the ticket"),
    "agent": _("agent of the call"),
    "commander": _("commander of the major incident"),
    "outgoing_manager": _("manager of the shift that ends"),
    "incoming_manager": _("manager of the shift that begins"),
    "board": _("nobody: shown on the board and measured"),
}
TOLD_BY: dict[str, set[str]] = {
    "unreached:second": {"escalation"},
    "all_told": {"escalation"},
    "commander": {"major_incident"},
    "outgoing_manager": {"handover"},
    "incoming_manager": {"handover"},
}
ROLES: Words = {**dict(LadderRole.choices), **{role.value: role.label for role in (
    Role.SUPERVISOR, Role.DUTY_MANAGER, Role.QUALITY, Role.SECURITY)}}  # fmt: skip

FLAGS: Words = {
    "production": _("Production"),
    "critical": _("Critical"),
    "urgent": _("Urgent"),
    "complex": _("Complex"),
    "verified": _("Verified"),
    "dispatched": _("Dispatched"),
    "working_day": _("Received on a working day"),
    "overdue": _("Solved late"),
    "busy": _("All agents on calls"),
    "mandatory": _("Mandatory"),
    "public": _("Public"),
}
CHOICES: dict[str, tuple[Any, dict[Any, Any]]] = {
    "kind": (_("Kind"), dict(Kind.choices)),
    "priority": (_("Priority"), dict(Priority.choices)),
    "category": (_("Category"), dict(Category.choices)),
    "segment": (_("Segment"), dict(Organisation.Segment.choices)),
    "service_category": (_("Service category"), dict(Organisation.Category.choices)),
    "channel": (_("Channel"), dict(Channel.choices)),
    "direction": (_("Direction"), dict(Interaction.Direction.choices)),
    "relation": (_("Asked for by"), dict(Escalation.Relation.choices)),
    "severity": (_("Weight"), {1: _("1, severe"), 2: _("2, serious"), 3: _("3, moderate")}),
    "promise": (_("Promise of"), dict(Commitment.Kind.choices)),
    "source": (_("Step of"), dict(WorkItem.Source.choices)),
}
# Clocks of these run on nothing else, so a condition on anything else would never hold.
ONLY: dict[tuple[str, str], set[str]] = {("interaction", "channel"): {"call"}, ("interaction", "direction"): {"in"}}
DAYS = (_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"))
TYPED: Words = {"region": _("Region"), "queue": _("Called queue")}
OTHERS: Words = TYPED | {"local_time": _("Hours at the customer"), "weekday": _("Weekday")}
CUSTOMERS = {"segment", "service_category", "production", "region"}
TIMES = {"local_time", "weekday"}
TICKET_FLAGS = {"critical", "urgent", "complex", "verified", "dispatched", "working_day"}
TICKET_CHOICES = {"kind", "priority", "category", "channel"}
FURTHER: dict[str, set[str]] = {
    "ticket": TICKET_FLAGS | TICKET_CHOICES | {"overdue"},
    "escalation": {"severity", "relation"},
    "interaction": {"channel", "direction", "queue", "busy"},
    "commitment": TICKET_FLAGS | TICKET_CHOICES | {"promise"},
    "work_item": TICKET_FLAGS | TICKET_CHOICES | {"source", "mandatory", "public"},
    "major_incident": {"severity"},
}
ENDS_BY_ITSELF = {"interaction", "commitment", "work_item", "handover", "major_incident", "maintenance"}


def known_conditions(subject: str) -> set[str]:
    """Return the facts a condition may ask about, for clocks on this subject."""
    return CUSTOMERS | TIMES | FURTHER.get(subject, set())


def choices_of(subject: str, name: str) -> dict[Any, Any]:
    """Return the values a condition may ask for on this subject, with their words."""
    words, only = CHOICES[name][1], ONLY.get((subject, name))
    return words if only is None else {value: said for value, said in words.items() if value in only}


def anchor_words(subject: str, anchor: str, codes: dict[str, str] | None = None) -> str:
    """Return what a rule counts from, in words. codes: labels by code, for "fired:F-2"."""
    kind, _colon, code = anchor.partition(":")
    if kind == "fired":
        return _("after %(rule)s fired") % {"rule": f"{code} {(codes or {}).get(code, '')}".strip()}
    return str(ANCHORS.get(subject, START).get(anchor, anchor))


def event_words(subject: str, event: str) -> str:
    """Return an event that stops or restarts a rule, in words."""
    return str(EVENTS.get(subject, {}).get(event, event))


def target_words(word: str) -> str:
    """Return whom a rule tells, in words."""
    if word in COMPUTED:
        return str(COMPUTED[word])
    role, _colon, second = word.partition(":")
    name = str(ROLES.get(role, role.replace("_", " ")))
    return _("next after %(role)s") % {"role": name.lower()} if second else name
