"""The words of a ticket: kinds, states, tiers, priorities. One place, translated."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    FAULT = "fault", _("Fault")
    REQUEST = "request", _("Request")
    INQUIRY = "inquiry", _("Inquiry")
    BILLING = "billing", _("Billing")
    SECURITY = "security", _("Security incident")
    COMPLAINT = "complaint", _("Complaint")
    PROBLEM = "problem", _("Problem")


class State(models.TextChoices):
    INTAKE = "intake", _("Intake")
    AUTH = "auth", _("Verification")
    TRIAGE = "triage", _("Triage")
    L1 = "l1", _("L1")
    L2 = "l2", _("L2")
    L3 = "l3", _("L3")
    SUSPENDED = "suspended", _("Suspended")
    CLOSURE = "closure", _("Closure")
    SURVEY = "survey", _("Survey")
    CLOSED = "closed", _("Closed")
    REJECTED = "rejected", _("Rejected")
    CANCELLED = "cancelled", _("Cancelled")


TIERS = (State.L1, State.L2, State.L3)
WORKING = (*TIERS, State.SUSPENDED)
ENDED = (State.CLOSED, State.REJECTED, State.CANCELLED)
OPEN = tuple(s for s in State if s not in ENDED)
UNVERIFIED = (State.INTAKE, State.AUTH)


class Tier(models.TextChoices):
    L1 = "l1", _("L1")
    L2 = "l2", _("L2")
    L3 = "l3", _("L3")


class Priority(models.TextChoices):
    P1 = "P1", "P1"
    P2 = "P2", "P2"
    P3 = "P3", "P3"
    P4 = "P4", "P4"


class Level(models.TextChoices):
    """Impact and urgency."""

    HIGH = "high", _("High")
    MEDIUM = "medium", _("Medium")
    LOW = "low", _("Low")


class Scope(models.TextChoices):
    SINGLE = "single", _("Single service")
    MULTIPLE = "multiple", _("Multiple sites")
    LOCATION = "location", _("Location")
    NETWORK = "network", _("Network-wide")


class Category(models.TextChoices):
    NETWORK_INTERRUPTION = "network_interruption", _("Network: interruption")
    NETWORK_DEGRADATION = "network_degradation", _("Network: loss, delay, errors")
    CLOUD = "cloud", _("Cloud and data centre")
    SECURITY = "security", _("Security")
    BILLING = "billing", _("Billing")
    NEW_SERVICE = "new_service", _("New service")
    OTHER = "other", _("Other")


class Channel(models.TextChoices):
    CALL = "call", _("Call")
    EMAIL = "email", _("E-mail")
    PORTAL = "portal", _("Portal")
    CHAT = "chat", _("Chat")
    WALK_IN = "walk_in", _("Walk-in")
    ALARM = "alarm", _("Alarm")
    API = "api", _("Integration")
    INTERNAL = "internal", _("Internal")


class Cause(models.TextChoices):
    """Cause codes at resolution (C-21)."""

    OUR_NETWORK = "our_network", _("Our network")
    OUR_CONFIGURATION = "our_configuration", _("Our configuration")
    CUSTOMER_SIDE = "customer_side", _("Customer's side")
    THIRD_PARTY = "third_party", _("Third party")
    POWER = "power", _("Power")
    HARDWARE = "hardware", _("Hardware")
    SOFTWARE = "software", _("Software")
    CAPACITY = "capacity", _("Capacity")
    NO_FAULT = "no_fault", _("No fault found")
    OTHER = "other", _("Other")


class Resolution(models.TextChoices):
    FIXED = "fixed", _("Fixed")
    WORKAROUND = "workaround", _("Workaround")
    ANSWERED = "answered", _("Answered")
    DELIVERED = "delivered", _("Delivered")
    NO_FAULT = "no_fault", _("No fault found")
    BY_CUSTOMER = "by_customer", _("Solved by the customer")


class SuspensionReason(models.TextChoices):
    """Conditions on which a fault may be suspended (C-22)."""

    CUSTOMER_UNAVAILABLE = "customer_unavailable", _("Customer's site or person not available")
    CUSTOMER_REQUEST = "customer_request", _("Customer asked to wait")
    PARTS = "parts", _("Waits for parts")
    THIRD_PARTY = "third_party", _("Waits for a third party")
    MAINTENANCE = "maintenance", _("Waits for a planned change")
    FORCE_MAJEURE = "force_majeure", _("Force majeure")
