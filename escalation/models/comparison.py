"""What a draft changes, worked out beside the desk: asked for on the page, taken by a worker, kept with its draft."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ledger.ids import uuid7


class PolicyComparison(models.Model):
    """A draft against the version in force, over stored tickets. The result goes to the draft it was made of.

    draft, sha256  public id of the draft and fingerprint of what it said; `before` None = no version was in force.
    done, total    cases worked out, of how many. attempts: how often a worker took it.
    touched_at     real time (not the desk's) at which its worker last said that it goes on.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")
        STOPPED = "stopped", _("Stopped")

    LIVE = (State.WAITING, State.RUNNING)

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    policy = models.ForeignKey("escalation.Policy", models.PROTECT, related_name="comparisons")
    draft = models.UUIDField()
    sha256 = models.CharField(max_length=64)
    before = models.JSONField(null=True)
    after = models.JSONField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    requested_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    requested_at = models.DateTimeField()
    touched_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "esc_policy_comparison"
        ordering = ["-requested_at", "-pk"]
        indexes = [models.Index(fields=["policy", "-requested_at"], name="policy_comparison_last")]
        constraints = [
            models.UniqueConstraint(
                fields=["policy"], condition=Q(state__in=["waiting", "running"]), name="policy_one_comparison_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.policy_id}: {self.state}, {self.done}/{self.total}"

    @property
    def live(self) -> bool:
        """Whether it waits for a worker or is being worked out."""
        return self.state in self.LIVE
