"""How a member of staff can be reached, in the person's own order (escalation-engine.md, "Delivery")."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from ledger.ids import uuid7


class ContactMethod(models.Model):
    """One way to reach one person: a channel with its address, and its place in the person's order (0 first).

    address      mailbox, E.164 number, hook or web address; empty for `push`, which is the browser signed in.
    verified_at  when the person typed the code a test message brought; None = never counted on for a page.
    code_sha256  hash of that code, good until `code_until`, for `code_tries` wrong answers.
    test_result  what became of the last test: "", "sent" or "failed" with `test_error`.
    """

    class Channel(models.TextChoices):
        EMAIL = "email", _("E-mail")
        CHAT = "chat", _("Chat")
        SMS = "sms", _("SMS")
        VOICE = "voice", _("Voice call")
        PUSH = "push", _("Desktop notification")
        WEBHOOK = "webhook", _("Webhook")

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    user = models.ForeignKey("accounts.User", models.CASCADE, related_name="contact_methods")
    channel = models.CharField(max_length=8, choices=Channel.choices)
    address = models.CharField(max_length=400, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    enabled = models.BooleanField(default=True)
    verified_at = models.DateTimeField(null=True)
    code_sha256 = models.CharField(max_length=64, blank=True)
    code_until = models.DateTimeField(null=True)
    code_tries = models.PositiveSmallIntegerField(default=0)
    tested_at = models.DateTimeField(null=True)
    test_result = models.CharField(max_length=8, blank=True)
    test_error = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["user", "channel", "address"], name="contact_method_once"),
            models.CheckConstraint(
                name="contact_method_has_address",
                condition=models.Q(channel="push", address="") | (~models.Q(channel="push") & ~models.Q(address="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} of {self.user_id}"

    @property
    def usable(self) -> bool:
        """Whether pages may go this way."""
        return self.enabled and self.verified_at is not None
