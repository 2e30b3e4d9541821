"""A formal management escalation and the duties it makes (X-04, A-06, A-07)."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ledger.actor import Actor
from ledger.ids import uuid7


class EscalationQuerySet(models.QuerySet["Escalation"]):
    def visible_to(self, actor: Actor) -> Self:
        """Escalations of visible tickets."""
        from tickets.access import visible

        return self.filter(visible(actor, prefix="ticket__"))


class Escalation(models.Model):
    """One request; one open per ticket, later requesters join it and its anchors stay (decisions 15)."""

    class Relation(models.TextChoices):
        CUSTOMER = "customer", _("Customer")
        AGENT = "agent", _("Agent on the customer's behalf")
        MONITORING = "monitoring", _("Monitoring")
        MANAGEMENT = "management", _("Management")
        OTHER = "other", _("Another interested party")

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    ticket = models.ForeignKey("tickets.Ticket", models.PROTECT, related_name="escalations")
    requested_at = models.DateTimeField()
    requester_name = models.CharField(max_length=120)
    requester_user = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    requester_contact = models.ForeignKey("accounts.Contact", models.PROTECT, null=True, related_name="+")
    relation = models.CharField(max_length=12, choices=Relation.choices)
    reason = models.TextField()
    severity = models.PositiveSmallIntegerField(default=1)
    production = models.BooleanField(help_text=_("Priority escalation applies as well as the duty manager's (X-01)"))
    stage = models.PositiveSmallIntegerField(default=1)
    stage_two_at = models.DateTimeField(null=True)
    duty_manager = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True)
    reviewed_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    contacted_at = models.DateTimeField(null=True)
    plan_agreed_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    objects = EscalationQuerySet.as_manager()

    class Meta:
        db_table = "esc_escalation"
        ordering = ["-requested_at"]
        constraints = [
            models.UniqueConstraint(fields=["ticket"], condition=Q(closed_at=None), name="escalation_one_open"),
            models.CheckConstraint(
                name="escalation_plan_after_contact", condition=Q(plan_agreed_at=None) | Q(contacted_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"escalation of {self.ticket_id}"


class Duty(models.Model):
    """Somebody who has to be told by a time, and the named human act that proves they were (X-04)."""

    class How(models.TextChoices):
        LINK = "link", _("One-tap link")
        REPLY = "reply", _("Verified reply")
        KEYPAD = "keypad", _("Keypad")
        CALL = "call", _("Recorded call")
        DESK = "desk", _("Signed in")

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    escalation = models.ForeignKey(Escalation, models.PROTECT, related_name="duties")
    stage = models.PositiveSmallIntegerField()
    role = models.CharField(max_length=32)
    person = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="duties")
    why = models.CharField(max_length=80, blank=True, help_text="How the person was found, e.g. fallback")
    told_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    how = models.CharField(max_length=8, choices=How.choices, blank=True)

    class Meta:
        db_table = "esc_duty"
        ordering = ["stage", "told_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["escalation", "stage", "role"], name="duty_once"),
            models.CheckConstraint(
                name="duty_confirmed_by_a_person",
                condition=Q(confirmed_at=None, how="")
                | (Q(confirmed_at__isnull=False) & Q(confirmed_by__isnull=False) & ~Q(how="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} of {self.escalation_id}"


class ConfirmLink(models.Model):
    """A one-tap link, single use, expiring; only its hash is kept (decisions 18)."""

    duty = models.ForeignKey(Duty, models.PROTECT, related_name="links")
    person = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    notification = models.ForeignKey("escalation.Notification", models.PROTECT, null=True, related_name="links")
    token_sha256 = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    used_ip = models.GenericIPAddressField(null=True)
    used_agent = models.CharField(max_length=200, blank=True)

    class Meta:
        db_table = "esc_confirm_link"

    def __str__(self) -> str:
        return f"link of {self.person_id}"
