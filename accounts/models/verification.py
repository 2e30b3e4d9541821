"""The only key that opens a ticket (P-02, V-04; decisions 16). Append-only."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from ledger.ids import uuid7


class Verification(models.Model):
    """One attempt to prove who a caller is, in one interaction. Never changed, never deleted (trigger).

    checks  {"company": bool, "account": bool, "contact": bool, "authority": bool}; all compared by the server.
    proof   pin, question, code, callback, portal, sender; internal, monitoring or token where nobody called.
    """

    class Outcome(models.TextChoices):
        PASSED = "passed", _("Passed")
        FAILED = "failed", _("Failed")
        LOCKED = "locked", _("Locked")

    class Proof(models.TextChoices):
        PIN = "pin", _("PIN")
        QUESTION = "question", _("Security question")
        CODE = "code", _("One-time code")
        CALLBACK = "callback", _("Call-back to a stored number")
        PORTAL = "portal", _("Portal session")
        SENDER = "sender", _("Authenticated sender")
        PROSPECT = "prospect", _("Prospect, no account data")
        INTERNAL = "internal", _("Internal work, no caller")
        MONITORING = "monitoring", _("Monitoring, no caller")
        TOKEN = "token", _("Integration, no caller")

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    interaction = models.ForeignKey("tickets.Interaction", models.PROTECT, null=True, related_name="verifications")
    ticket = models.ForeignKey("tickets.Ticket", models.PROTECT, null=True, related_name="verifications")
    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, null=True, related_name="+")
    contact = models.ForeignKey("accounts.Contact", models.PROTECT, null=True, related_name="verifications")
    checks = models.JSONField(default=dict)
    proof = models.CharField(max_length=12, choices=Proof.choices)
    outcome = models.CharField(max_length=8, choices=Outcome.choices)
    by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="verification_outcome_known", condition=models.Q(outcome__in=["passed", "failed", "locked"])
            )
        ]
        indexes = [models.Index(fields=["contact", "-at"], name="verification_contact_at")]

    def __str__(self) -> str:
        return f"{self.proof} {self.outcome}"


class FailureCounter(models.Model):
    """Failed proofs of one contact or one agent, in PostgreSQL so that a cache flush resets nothing (decisions 15)."""

    kind = models.CharField(max_length=8)  # contact | agent
    subject_id = models.BigIntegerField()
    failures = models.PositiveSmallIntegerField(default=0)
    first_at = models.DateTimeField(null=True)
    locked_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "subject_id"], name="failure_counter_once"),
            models.CheckConstraint(name="failure_counter_kind", condition=models.Q(kind__in=["contact", "agent"])),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_id}: {self.failures}"
