"""A pause of the clocks: the customer's consent and a second person, per function (C-22)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ledger.ids import uuid7
from tickets import words


class Suspension(models.Model):
    """One request to pause. `needed` names the functions that must approve; all people are distinct."""

    class State(models.TextChoices):
        REQUESTED = "requested", _("Requested")
        APPROVED = "approved", _("Approved")
        DECLINED = "declined", _("Declined")
        ENDED = "ended", _("Ended")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    ticket = models.ForeignKey("tickets.Ticket", models.PROTECT, related_name="suspensions")
    state = models.CharField(max_length=10, choices=State.choices, default=State.REQUESTED)
    reason_code = models.CharField(max_length=24, choices=words.SuspensionReason.choices)
    reason = models.TextField()
    until = models.DateTimeField()
    needed = models.JSONField(default=list)
    requested_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    requested_at = models.DateTimeField()
    consent = models.BooleanField(null=True)
    consent_at = models.DateTimeField(null=True)
    consent_contact = models.ForeignKey("accounts.Contact", models.PROTECT, null=True, related_name="+")
    consent_how = models.CharField(max_length=16, blank=True, help_text="portal | call | email | integration")
    consent_recorded_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["ticket"], condition=Q(state__in=["requested", "approved"]), name="suspension_one_open"
            ),
            models.CheckConstraint(
                name="suspension_approved_has_consent",
                condition=~Q(state="approved") | (Q(consent=True) & Q(approved_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"suspension of {self.ticket_id}"


class SuspensionApproval(models.Model):
    """One function's decision, by one person; nobody decides twice or on their own request."""

    FUNCTIONS = ("monitoring", "customer_service")

    suspension = models.ForeignKey(Suspension, models.PROTECT, related_name="approvals")
    function = models.CharField(max_length=20)
    person = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    approved = models.BooleanField()
    reason = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["suspension", "function"], name="approval_once_per_function"),
            models.UniqueConstraint(fields=["suspension", "person"], name="approval_once_per_person"),
        ]

    def __str__(self) -> str:
        return f"{self.function}: {self.approved}"

    @property
    def shown(self) -> str:
        """The function in the reader's language."""
        return gettext(self.function.replace("_", " "))
