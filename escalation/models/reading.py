"""A draft shown to a second reader before it is published: who was asked, who read it, with which word."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ledger.ids import uuid7


class PolicyReading(models.Model):
    """One question to read a draft and its comparison, and its answer. It is worth something for that draft alone.

    draft, sha256  public id of the draft and fingerprint of what it said when the question was put.
    reader         who was asked; answered_by: who answered, whoever else may read included.
    word           what the reader said: of the reading, or why not.
    """

    class State(models.TextChoices):
        ASKED = "asked", _("Asked")
        READ = "read", pgettext_lazy("of a draft, past tense", "Read")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    policy = models.ForeignKey("escalation.Policy", models.PROTECT, related_name="readings")
    draft = models.UUIDField()
    sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=9, choices=State.choices, default=State.ASKED)
    reader = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    asked_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField()
    answered_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    word = models.CharField(max_length=400, blank=True, default="")

    class Meta:
        db_table = "esc_policy_reading"
        ordering = ["-asked_at", "-pk"]
        indexes = [models.Index(fields=["policy", "-asked_at"], name="policy_reading_last")]
        constraints = [
            models.UniqueConstraint(fields=["policy"], condition=Q(state="asked"), name="policy_one_reading_at_a_time"),
            models.CheckConstraint(
                name="policy_reading_answered",
                condition=Q(state__in=["asked", "withdrawn"])
                | Q(answered_by__isnull=False, answered_at__isnull=False) & ~Q(word=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.policy_id}: {self.state}"
