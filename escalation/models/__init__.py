"""Promises with an hour on them, and whom to wake (escalation-engine design, docs/ARCHITECTURE.md)."""

from escalation.models.board import BoardChoice
from escalation.models.clock import Alarm, Clock, Firing, Sealed, Segment, Timer, Unsealed
from escalation.models.comparison import PolicyComparison
from escalation.models.draft import PolicyDraft, PolicyMove
from escalation.models.engine import Engine, Gap
from escalation.models.escalation import ConfirmLink, Duty, Escalation
from escalation.models.handover import Handover, HandoverLine, HandoverPass, HandoverRemark, Part
from escalation.models.notification import Ack, Notification
from escalation.models.policy import Policy, PolicyVersion, Rule
from escalation.models.reading import PolicyReading
from escalation.models.roster import Roster, RosterLayer, RosterOverride, RosterSwap
from escalation.models.shift import Break, Shift
from escalation.models.simulation import Audit, Simulation
from escalation.models.slot import RosterFeed, RosterSlot

__all__ = [
    "Ack",
    "Alarm",
    "Audit",
    "BoardChoice",
    "Break",
    "Clock",
    "ConfirmLink",
    "Duty",
    "Engine",
    "Escalation",
    "Firing",
    "Gap",
    "Handover",
    "HandoverLine",
    "HandoverPass",
    "HandoverRemark",
    "Notification",
    "Part",
    "Policy",
    "PolicyComparison",
    "PolicyDraft",
    "PolicyMove",
    "PolicyReading",
    "PolicyVersion",
    "Roster",
    "RosterFeed",
    "RosterLayer",
    "RosterOverride",
    "RosterSlot",
    "RosterSwap",
    "Rule",
    "Sealed",
    "Segment",
    "Shift",
    "Simulation",
    "Timer",
    "Unsealed",
]
