"""One attempt table for both outboxes (decisions 17)."""

from django.db import models
from django.db.models import Q


class DeliveryAttempt(models.Model):
    """One try to hand one message to a provider. Exactly one of `outbox` and `notification` is set."""

    outbox = models.ForeignKey("ledger.OutboxMessage", models.PROTECT, null=True, related_name="tries")
    notification = models.ForeignKey("escalation.Notification", models.PROTECT, null=True, related_name="tries")
    recipient = models.CharField(max_length=254, blank=True)
    n = models.PositiveSmallIntegerField()
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=12, blank=True, help_text="sent | failed | refused | lost")
    provider_ref = models.CharField(max_length=200, blank=True)
    error = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="attempt_of_one_message",
                condition=Q(outbox__isnull=False, notification=None) | Q(outbox=None, notification__isnull=False),
            )
        ]
        indexes = [
            models.Index(fields=["notification", "n"], name="attempt_notification"),
            models.Index(fields=["outbox", "n"], name="attempt_outbox"),
        ]

    def __str__(self) -> str:
        return f"try {self.n}: {self.outcome}"


class HookEvent(models.Model):
    """One signed call of a provider, kept so that the same one is never acted on twice (replay).

    outcome  what it did: a receipt's or keypad's word, or the code of a refusal.
    """

    source = models.CharField(max_length=20)
    event_id = models.CharField(max_length=200)
    kind = models.CharField(max_length=20)
    received_at = models.DateTimeField()
    outcome = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "event_id"], name="hook_event_once")]
        indexes = [models.Index(fields=["received_at"], name="hook_event_age")]

    def __str__(self) -> str:
        return f"{self.source} {self.event_id}"
