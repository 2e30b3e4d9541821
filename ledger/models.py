"""What happened, what must still be told, what was already asked. Append-only where it says so (decisions 9)."""

from django.db import models

from ledger.ids import uuid7


class Entry(models.Model):
    """One fact in one hash chain. The database refuses UPDATE, DELETE and TRUNCATE.

    `data` holds no personal data and no free text: those stand in `EntryText`, the entry holds id and salted hash.
    """

    chain = models.CharField(max_length=80)
    seq = models.PositiveIntegerField()
    name = models.CharField(max_length=80)
    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=16)
    actor_ref = models.CharField(max_length=64)
    data = models.JSONField(default=dict)
    prev_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        verbose_name_plural = "entries"
        constraints = [models.UniqueConstraint(fields=["chain", "seq"], name="ledger_entry_once_per_seq")]
        indexes = [models.Index(fields=["name", "-at"], name="ledger_entry_name_at")]

    def __str__(self) -> str:
        return f"{self.chain}#{self.seq} {self.name}"


class EntryText(models.Model):
    """Free text or personal data beside the chain. Only its body may ever be blanked, with `redacted_at`."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    chain = models.CharField(max_length=80, db_index=True)
    kind = models.CharField(max_length=32)
    body = models.TextField()
    salt = models.CharField(max_length=32)
    sha256 = models.CharField(max_length=64)
    redacted_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class OutboxMessage(models.Model):
    """Something to tell the outside, written in the transaction of its fact; sent by `channels` under a lease."""

    class State(models.TextChoices):
        PENDING = "pending"
        SENDING = "sending"
        SENT = "sent"
        DEAD = "dead"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="messages", null=True)
    topic = models.CharField(max_length=80)
    payload = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=State.choices, default=State.PENDING)
    priority = models.SmallIntegerField(default=5)
    due_at = models.DateTimeField(help_text="Real time, not demonstration time")
    attempts = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    lease_token = models.UUIDField(null=True)
    last_error = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="outbox_state_known", condition=models.Q(state__in=["pending", "sending", "sent", "dead"])
            )
        ]
        indexes = [
            models.Index(
                fields=["due_at", "priority"],
                name="outbox_waiting",
                condition=models.Q(state__in=["pending", "sending"]),
            )
        ]

    def __str__(self) -> str:
        return f"{self.topic} {self.state}"


class IdempotencyKey(models.Model):
    """One answered POST, kept 24 h, so that a repeat gets the same answer and no second effect."""

    client = models.CharField(max_length=80)
    key = models.CharField(max_length=200)
    request_hash = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True, help_text="Empty while its twin runs")
    headers = models.JSONField(default=dict)
    body = models.JSONField(null=True)
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["client", "key"], name="idempotency_once_per_client")]

    def __str__(self) -> str:
        return f"{self.client} {self.key}"


class DemoClock(models.Model):
    """Demonstration time: at `real_epoch` the desk's clock shows `demo_epoch` and runs `speed` times as fast."""

    real_epoch = models.DateTimeField()
    demo_epoch = models.DateTimeField()
    speed = models.FloatField(default=1.0)

    class Meta:
        constraints = [models.CheckConstraint(name="democlock_one_row", condition=models.Q(pk=1))]

    def __str__(self) -> str:
        return f"demonstration time × {self.speed}"


class Anchor(models.Model):
    """Count and hash of all chain heads at an instant; also written outside the database and mailed."""

    at = models.DateTimeField()
    chains = models.PositiveBigIntegerField()
    entries = models.PositiveBigIntegerField()
    hash = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d} {self.hash[:12]}"
