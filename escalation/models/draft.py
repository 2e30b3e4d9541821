"""Policies being changed: one open draft each, and the moving of running clocks onto a version (escalation-engine.md,
"Policy edits")."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from ledger.ids import uuid7


class PolicyDraft(models.Model):
    """The next version of a policy while it is written; at most one per policy.

    shape         what will be published, as in `escalation.shapes`.
    version       moves with every save; a save that saw another one is refused as stale.
    base          the version it was begun from; None = the policy had none.
    writers       keys of everybody who wrote in it: none of them is its second reader.
    comparison    what the simulator said of this draft against the version in force; None = not asked yet.
    compared_sha  fingerprint of the shape the comparison was made for; a later change makes it worthless.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    policy = models.OneToOneField("escalation.Policy", models.PROTECT, related_name="draft")
    base = models.ForeignKey("escalation.PolicyVersion", models.PROTECT, null=True, related_name="+")
    shape = models.JSONField()
    version = models.PositiveIntegerField(default=1)
    begun_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    begun_at = models.DateTimeField()
    saved_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    saved_at = models.DateTimeField()
    writers = ArrayField(models.BigIntegerField(), default=list, db_default=[])
    comparison = models.JSONField(null=True)
    compared_sha = models.CharField(max_length=64, blank=True, db_default="")
    compared_at = models.DateTimeField(null=True)
    compared_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")

    class Meta:
        db_table = "esc_policy_draft"

    def __str__(self) -> str:
        return f"draft of {self.policy_id}, {self.version}"


class PolicyMove(models.Model):
    """The running clocks of one policy on their way to a version; resumed where it stopped.

    fire       codes of rules that fire at once where they are already past; every other past rule is skipped.
    after_id   the last clock looked at; those whose ticket was in somebody's hands come again in the next round.
    round_no   how often the clocks were gone through. left: clocks that had to wait in this round.
    """

    class State(models.TextChoices):
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        STOPPED = "stopped", _("Stopped")

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    policy = models.ForeignKey("escalation.Policy", models.PROTECT, related_name="moves")
    to = models.ForeignKey("escalation.PolicyVersion", models.PROTECT, related_name="+")
    fire = ArrayField(models.CharField(max_length=12), default=list)
    state = models.CharField(max_length=8, choices=State.choices, default=State.RUNNING)
    total = models.PositiveIntegerField()
    moved = models.PositiveIntegerField(default=0)
    left = models.PositiveIntegerField(default=0)
    after_id = models.BigIntegerField(default=0)
    round_no = models.PositiveSmallIntegerField(default=1)
    begun_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    begun_at = models.DateTimeField()
    touched_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "esc_policy_move"
        ordering = ["-begun_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["policy"], condition=models.Q(state="running"), name="policy_one_move_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.policy_id} → {self.to_id}: {self.moved}/{self.total}"
