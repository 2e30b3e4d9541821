"""Policy version 1: numbers of the source procedures. Seconds throughout; every row is editable data, none is code."""

from typing import Any

from django.utils.translation import gettext_noop as _

MINUTE, HOUR, DAY = 60, 3600, 86_400
FIRST_CONTACTS = ["account_manager", "director_support", "vp_customer_experience"]
WRITTEN = ["email", "chat", "portal"]
WORK_KINDS = ["fault", "request", "inquiry", "billing", "security", "complaint"]


def rule(code: str, label: str, anchor: str, offset_s: int, targets: list[str], stop_on: list[str], **more: Any):
    """Return one row of the rules table."""
    return {
        "code": code, "label": label, "anchor": anchor, "offset_s": offset_s, "targets": targets, "stop_on": stop_on,
        **more,
    }  # fmt: skip


PRIORITY_ESCALATION = {
    "key": "priority_escalation",
    "name": _("Priority escalation"),
    "subject": "escalation",
    "conditions": {"production": True},
    "rules": [
        rule("F-1", _("Contact the management team"), "start", 0, FIRST_CONTACTS, ["duties_confirmed", "resolved"],
             repeat_s=3 * MINUTE, max_occurrences=3, breach=False, severity=1),
        rule("F-1D", _("Management team contacted"), "start", 10 * MINUTE, ["unreached:second"],
             ["duties_confirmed", "resolved"], severity=1, customer_label=_("Management informed")),
        rule("F-2", _("CEO informed"), "stage_two", 20 * MINUTE, ["ceo"], ["resolved"], latest_s=30 * MINUTE,
             severity=1),
        rule("F-3", _("News to everyone informed"), "fired:F-2", 30 * MINUTE, ["all_told"], ["resolved"],
             repeat_s=30 * MINUTE, severity=1),
    ],
}  # fmt: skip

DUTY_MANAGER = {
    "key": "duty_manager",
    "name": _("Duty manager"),
    "subject": "escalation",
    "conditions": {},
    "rules": [
        rule("D-0", _("Call the duty manager"), "start", 0, ["duty_manager"],
             ["duty_manager_confirmed", "reviewed_and_contacted", "resolved"], repeat_s=3 * MINUTE,
             max_occurrences=3, breach=False, severity=1),
        rule("D-1", _("Review and customer contact, reminder"), "start", 20 * MINUTE, ["duty_manager"],
             ["reviewed_and_contacted", "resolved"], breach=False, severity=1),
        rule("D-1D", _("Reviewed and customer contacted"), "start", 30 * MINUTE,
             ["duty_manager", "duty_manager:second"], ["reviewed_and_contacted", "resolved"], severity=1,
             customer_label=_("A manager contacts you")),
        rule("D-2", _("Action plan agreed"), "customer_contacted", HOUR, ["duty_manager", "duty_manager:second"],
             ["plan_agreed", "resolved"], severity=1, customer_label=_("Action plan agreed")),
    ],
}  # fmt: skip

FAULT_HANDLING = {
    "key": "fault_handling",
    "name": _("Fault handling"),
    "subject": "ticket",
    "conditions": {"starts_on": "dispatched", "kind": ["fault"], "dispatched": True},
    "on_entitlement_calendar": ["P3", "P4"],
    "rules": [
        rule("T-1", _("Sign for it, warning"), "dispatched", 5 * MINUTE, ["supervisor"], ["signed_for", "resolved"],
             breach=False),
        rule("T-1D", _("Signed for"), "dispatched", 10 * MINUTE, ["duty_manager"], ["signed_for", "resolved"]),
        rule("T-2", _("Reporter contacted"), "specialists_dispatched", 15 * MINUTE, ["supervisor"],
             ["contact_recorded", "redispatched", "resolved"]),
        rule("T-3", _("Progress note"), "start", 30 * MINUTE, ["owner", "supervisor"], ["resolved"],
             repeat_s=30 * MINUTE, pausable=True, restart_on=["progress"], customer_label=_("Next news")),
        rule("T-4", _("Director of the response centre informed"), "start", 2 * HOUR, ["centre_director"], ["resolved"],
             pausable=True, severity=1),
        rule("T-5", _("Deputy general manager informed"), "start", 3 * HOUR, ["deputy_gm"], ["resolved"],
             pausable=True, severity=1),
    ],
}  # fmt: skip

RESPONSE = {
    "key": "response",
    "name": _("Response and resolution"),
    "subject": "ticket",
    "conditions": {"starts_on": "logged", "kind": WORK_KINDS},
    "rules": [
        rule("E-1", _("First answer"), "received", 24 * HOUR, ["owner", "supervisor"], ["answered", "resolved"],
             when={"channel": WRITTEN}, customer_label=_("First answer"),
             variants=[{"when": {"urgent": True}, "offset_s": 2 * HOUR},
                       {"when": {"working_day": False}, "offset_s": 48 * HOUR}]),
        rule("E-2", _("Solved"), "start", 24 * HOUR, ["owner", "supervisor"], ["resolved"], pausable=True,
             customer_label=_("Solution"), variants=[{"when": {"complex": True}, "offset_s": 48 * HOUR}]),
        rule("E-3", _("Receipt confirmed"), "received", 30 * MINUTE, ["supervisor"], ["acknowledged", "resolved"],
             customer_label=_("Receipt confirmed")),
    ],
}  # fmt: skip

UNVERIFIED = {
    "key": "unverified",
    "name": _("Unverified caller"),
    "subject": "ticket",
    "conditions": {"starts_on": "logged", "verified": False},
    "rules": [
        rule("U-1", _("Caller verified"), "received", 30 * MINUTE, ["agent", "supervisor"], ["verified", "resolved"]),
    ],
}  # fmt: skip

MANAGEMENT_LADDER = {
    "key": "management_ladder",
    "name": _("Management ladder"),
    "subject": "ticket",
    "conditions": {"starts_on": "logged", "kind": WORK_KINDS, "priority": ["P1", "P2"]},
    "rules": [
        rule("M-1", _("Account manager informed"), "start", 15 * MINUTE, ["account_manager"], ["resolved"],
             breach=False),
        rule("M-2", _("Service delivery manager informed"), "start", 30 * MINUTE, ["service_delivery_manager"],
             ["resolved"], breach=False),
        rule("M-3", _("Technical account manager informed"), "start", 45 * MINUTE, ["technical_account_manager"],
             ["resolved"], breach=False),
        rule("M-4", _("Regional manager informed"), "start", 60 * MINUTE, ["regional_manager"], ["resolved"],
             breach=False),
        rule("M-5", _("Executive support informed"), "start", 90 * MINUTE, ["executive_support"], ["resolved"],
             breach=False, severity=1),
    ],
}  # fmt: skip

FAULT_REPORT = {
    "key": "fault_report",
    "name": _("Fault report"),
    "subject": "ticket",
    "conditions": {"starts_on": "resolved", "kind": ["fault"]},
    "on_entitlement_calendar": ["P1", "P2", "P3", "P4"],
    "rules": [
        rule("R-1", _("Fault report, reminder"), "resolved", DAY, ["owner"], ["report_filed"], unit="work_day",
             breach=False, severity=3, variants=[{"when": {"overdue": True}, "offset_s": 0}]),
        rule("R-1D", _("Fault report filed"), "resolved", 2 * DAY, ["owner", "quality_reviewer"], ["report_filed"],
             unit="work_day", severity=3, variants=[{"when": {"overdue": True}, "offset_s": DAY}]),
    ],
}  # fmt: skip

TELEPHONE_ANSWER = {
    "key": "telephone_answer",
    "name": _("Telephone answer"),
    "subject": "interaction",
    "conditions": {"channel": ["call"], "direction": ["in"]},
    "rules": [
        rule("K-1", _("Call answered"), "start", 20, ["board"], ["answered", "ended"], severity=3,
             variants=[{"when": {"busy": True}, "offset_s": MINUTE}]),
    ],
}  # fmt: skip

PROMISES = {
    "key": "promises",
    "name": _("Promises to customers"),
    "subject": "commitment",
    "conditions": {},
    "rules": [
        rule("W-1", _("Promise falls due soon"), "before_due", 15 * MINUTE, ["owner"], ["kept", "moved"],
             breach=False, severity=3),
        rule("W-1D", _("Promise kept"), "due", 0, ["owner", "supervisor"], ["kept", "moved"]),
    ],
}  # fmt: skip

WORK_ITEMS = {
    "key": "work_items",
    "name": _("Steps of plans"),
    "subject": "work_item",
    "conditions": {"source": ["plan", "engagement", "improvement"]},
    "rules": [
        rule("W-1", _("Step falls due soon"), "before_due", 15 * MINUTE, ["owner"], ["done", "skipped"],
             breach=False, severity=3),
        rule("W-1D", _("Step done"), "due", 0, ["owner", "supervisor"], ["done", "skipped"], severity=3),
    ],
}  # fmt: skip

HANDOVER = {
    "key": "handover",
    "name": _("Shift handover"),
    "subject": "handover",
    "conditions": {},
    "rules": [
        rule("H-1", _("Handover accepted"), "start", 0, ["outgoing_manager", "incoming_manager", "duty_manager"],
             ["accepted"]),
    ],
}  # fmt: skip

MAJOR_INCIDENT = {
    "key": "major_incident",
    "name": _("Major incident"),
    "subject": "major_incident",
    "conditions": {},
    "rules": [
        rule("I-1", _("Update sent"), "start", 30 * MINUTE, ["commander", "duty_manager"], ["restored", "reviewed"],
             repeat_s=30 * MINUTE, restart_on=["updated"], severity=1),
        rule("I-2", _("Review done"), "restored", 5 * DAY, ["commander", "duty_manager"], ["reviewed"],
             unit="work_day", severity=3),
    ],
}  # fmt: skip

PLANNED_WORK = {
    "key": "maintenance",
    "name": _("Planned maintenance"),
    "subject": "maintenance",
    "conditions": {},
    "rules": [
        rule("G-1", _("Approvals given, reminder"), "before_due", DAY, ["owner"], ["approved", "noticed"],
             breach=False, severity=3),
        rule("G-1D", _("Customers told in time"), "due", 0, ["owner", "duty_manager"], ["noticed"]),
        rule("G-2", _("Outcome told"), "begun", DAY, ["owner", "duty_manager"], ["ended"], severity=3),
    ],
}  # fmt: skip

# The engine's own: armed each minute by `escalation.commands.watch`, heard of by nobody but a sink.
CANARY = {
    "key": "canary",
    "name": _("Canary"),
    "subject": "canary",
    "conditions": {},
    "rules": [rule("Z-1", _("Canary heard"), "start", 1, ["owner"], ["heard"], breach=False, severity=3)],
}  # fmt: skip

POLICIES: list[dict[str, Any]] = [
    PRIORITY_ESCALATION, DUTY_MANAGER, FAULT_HANDLING, RESPONSE, UNVERIFIED, MANAGEMENT_LADDER, FAULT_REPORT,
    TELEPHONE_ANSWER, PROMISES, WORK_ITEMS, HANDOVER, MAJOR_INCIDENT, PLANNED_WORK,
]  # fmt: skip
