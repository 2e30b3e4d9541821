"""Outbox rows of the engine, written in the firing's transaction (decisions 17)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ledger.ids import uuid7


class Notification(models.Model):
    """One person to be told of one firing by one channel. `idem_key` goes out as Message-ID and idempotency header.

    The chain of proof, each with its instant: created_at (meant) → rendered_at → sent_at (handed over) → receipt_at
    (the provider's word, `receipt` and `provider_ref`) → seen_at → the duty's confirmed_at.

    firing, ticket, user  without a foreign key in the database, which would lock their rows at every page of a storm: a
             firing is never deleted, and triggers refuse to delete a person or ticket that is named here (adr/0009).
    held_at  since when bundling holds it back; held_by = the page whose digest told of it in the end.
    address  for a person: one address of several; empty = the first of the channel.
    """

    class Channel(models.TextChoices):
        EMAIL = "email", _("E-mail")
        CHAT = "chat", _("Chat")
        WEB = "web", _("On screen")
        SMS = "sms", _("SMS")
        VOICE = "voice", _("Voice call")
        PUSH = "push", _("Desktop notification")
        WEBHOOK = "webhook", _("Webhook")

    class State(models.TextChoices):
        PENDING = "pending", _("Waiting")
        SENDING = "sending", _("Being sent")
        SENT = "sent", _("Handed over")
        SEEN = "seen", _("Seen")
        SUPERSEDED = "superseded", _("No longer needed")
        BUNDLED = "bundled", _("Held by bundling")
        FAILED = "failed", _("Failed")

    class Receipt(models.TextChoices):
        DELIVERED = "delivered", _("Delivered")
        ANSWERED = "answered", _("Answered")
        READ = "read", _("Read")
        UNDELIVERED = "undelivered", _("Not delivered")

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    firing = models.ForeignKey(
        "escalation.Firing",
        models.PROTECT,
        null=True,
        db_index=False,
        db_constraint=False,
        related_name="notifications",
    )  # found by `notification_once`
    escalation = models.ForeignKey(
        "escalation.Escalation", models.PROTECT, null=True, db_index=False, related_name="notifications"
    )
    ticket = models.ForeignKey(
        "tickets.Ticket", models.PROTECT, null=True, db_constraint=False, related_name="notifications"
    )
    duty = models.ForeignKey("escalation.Duty", models.PROTECT, null=True, db_index=False, related_name="notifications")
    role = models.CharField(max_length=40)
    why = models.CharField(max_length=80, blank=True)
    user = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, db_constraint=False, related_name="notifications"
    )
    address = models.CharField(max_length=400, blank=True, help_text="Break-glass address where nobody was found")
    channel = models.CharField(max_length=8, choices=Channel.choices)
    kind = models.CharField(max_length=16, default="page", help_text="page | news | stand_down")
    idem_key = models.UUIDField(unique=True)
    severity = models.PositiveSmallIntegerField(default=2)
    state = models.CharField(max_length=12, choices=State.choices, default=State.PENDING)
    created_at = models.DateTimeField()
    next_at = models.DateTimeField(help_text="Real time")
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    lease_token = models.UUIDField(null=True)
    rendered_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    receipt_at = models.DateTimeField(null=True)
    receipt = models.CharField(max_length=12, blank=True, default="", db_default="", choices=Receipt.choices)
    provider_ref = models.CharField(max_length=200, blank=True, default="", db_default="")
    held_at = models.DateTimeField(null=True)
    held_by = models.ForeignKey("self", models.PROTECT, null=True, db_index=False, related_name="+")
    seen_at = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)

    class Meta:
        db_table = "esc_notification"
        constraints = [
            models.UniqueConstraint(
                fields=["firing", "role", "user", "address", "channel"],
                name="notification_once",
                nulls_distinct=False,
                condition=Q(firing__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["severity", "next_at"],
                name="notification_waiting",
                condition=Q(state__in=["pending", "sending"]),
            ),
            models.Index(fields=["user", "-created_at"], name="notification_inbox", condition=Q(channel="web")),
            models.Index(fields=["escalation"], name="notification_esc", condition=Q(escalation__isnull=False)),
            models.Index(fields=["duty"], name="notification_duty", condition=Q(duty__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.channel} {self.state}"


class Ack(models.Model):
    """An acknowledgement of a firing that is not a duty (sign-for pages and the like): stops re-pages only."""

    clock = models.ForeignKey("escalation.Clock", models.PROTECT, related_name="acks")
    firing = models.ForeignKey("escalation.Firing", models.PROTECT, null=True, related_name="acks")
    user = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=16)
    at = models.DateTimeField()

    class Meta:
        db_table = "esc_ack"
        constraints = [models.UniqueConstraint(fields=["firing", "user"], name="ack_once")]

    def __str__(self) -> str:
        return f"ack by {self.user_id}"
