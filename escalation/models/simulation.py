"""What was simulated and audited: results are kept, nothing of them acts (escalation-engine design, simulator)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from ledger.ids import uuid7


class Simulation(models.Model):
    """Two versions of a policy over the same input, worked out beside the desk.

    old_name, new_name  "3" or "draft"; the shapes are kept as they were when it was asked for.
    source  {"from": …, "to": …} of stored tickets as ISO instants, or {"synthetic": name, "cases": n}.
    done    cases worked out so far. found: `Comparison.as_dict()`, None until it is done.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    policy = models.ForeignKey("escalation.Policy", models.PROTECT, related_name="simulations")
    old_name = models.CharField(max_length=12)
    new_name = models.CharField(max_length=12)
    old_shape = models.JSONField(null=True)
    new_shape = models.JSONField()
    source = models.JSONField()
    requested_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    done = models.PositiveIntegerField(default=0)
    found = models.JSONField(null=True)
    took_ms = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "esc_simulation"
        ordering = ["-requested_at"]
        indexes = [models.Index(fields=["policy", "-requested_at"], name="simulation_policy")]

    def __str__(self) -> str:
        return f"{self.policy_id}: {self.old_name} and {self.new_name}"


class Audit(models.Model):
    """One day's real tickets, what should have fired against what did. differences: at most 200, worst first."""

    on = models.DateField(unique=True)
    audited_at = models.DateTimeField()
    tickets = models.PositiveIntegerField()
    firings = models.PositiveIntegerField()
    found = models.PositiveIntegerField()
    differences = models.JSONField(default=list)
    took_ms = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "esc_audit"
        ordering = ["-on"]

    def __str__(self) -> str:
        return f"{self.on}: {self.found} of {self.firings}"
