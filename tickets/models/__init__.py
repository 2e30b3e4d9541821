"""The call and its life."""

from tickets.models.approval import Approval, ApprovalDecision, ApprovalHandover, ApprovalRule
from tickets.models.block import TextBlock
from tickets.models.call import Appointment, AskedQuestion, CallScript, SalesInquiry
from tickets.models.interaction import Draft, Interaction
from tickets.models.maintenance import Maintenance, MaintenanceApproval, MaintenanceImpact, NoticeLead
from tickets.models.major import (
    MajorIncident,
    MajorOrganisation,
    MajorRecipient,
    MajorRole,
    MajorService,
    MajorTicket,
    MajorUpdate,
)
from tickets.models.note import Attachment, Note
from tickets.models.problem import Problem, ProblemTicket, RecurrenceRule
from tickets.models.routing import Playbook, PlaybookStep, PriorityCell, RoutingRule
from tickets.models.search import TicketWords
from tickets.models.snooze import Snooze
from tickets.models.suspension import Suspension, SuspensionApproval
from tickets.models.ticket import Participant, Ticket, TicketLink
from tickets.models.view import QueueView
from tickets.models.work import Commitment, WorkItem

__all__ = [
    "Appointment",
    "Approval",
    "ApprovalDecision",
    "ApprovalHandover",
    "ApprovalRule",
    "AskedQuestion",
    "Attachment",
    "CallScript",
    "Commitment",
    "Draft",
    "Interaction",
    "Maintenance",
    "MaintenanceApproval",
    "MaintenanceImpact",
    "MajorIncident",
    "MajorOrganisation",
    "MajorRecipient",
    "MajorRole",
    "MajorService",
    "MajorTicket",
    "MajorUpdate",
    "Note",
    "NoticeLead",
    "Participant",
    "Playbook",
    "PlaybookStep",
    "PriorityCell",
    "Problem",
    "ProblemTicket",
    "QueueView",
    "RecurrenceRule",
    "RoutingRule",
    "SalesInquiry",
    "Snooze",
    "Suspension",
    "SuspensionApproval",
    "TextBlock",
    "Ticket",
    "TicketLink",
    "TicketWords",
    "WorkItem",
]
