"""Promises with an hour on them, and whom to wake (escalation-engine design, docs/ARCHITECTURE.md)."""

from escalation.models.clock import Alarm, Clock, Engine, Firing, Gap, Sealed, Segment, Timer, Unsealed
from escalation.models.escalation import ConfirmLink, Duty, Escalation
from escalation.models.notification import Ack, Notification
from escalation.models.policy import Policy, PolicyVersion, Rule
from escalation.models.roster import RosterSlot, Shift

__all__ = [
    "Ack",
    "Alarm",
    "Clock",
    "ConfirmLink",
    "Duty",
    "Engine",
    "Escalation",
    "Firing",
    "Gap",
    "Notification",
    "Policy",
    "PolicyVersion",
    "RosterSlot",
    "Rule",
    "Sealed",
    "Segment",
    "Shift",
    "Timer",
    "Unsealed",
]
