"""Configuration of triage: priority matrix, routing rules, playbooks (V-08, C-03)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from ledger.ids import uuid7
from tickets import words


class PriorityCell(models.Model):
    """Priority proposed for an impact and an urgency."""

    impact = models.CharField(max_length=8, choices=words.Level.choices)
    urgency = models.CharField(max_length=8, choices=words.Level.choices)
    priority = models.CharField(max_length=2, choices=words.Priority.choices)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["impact", "urgency"], name="priority_cell_once")]

    def __str__(self) -> str:
        return f"{self.impact} × {self.urgency} = {self.priority}"


class RoutingRule(models.Model):
    """Which team gets what; the first that matches by `position` wins. Empty = any.

    skill       somebody active of the team must have it, else the team is passed over.
    alternates  share the work: of all teams named, those who speak the customer's language, then the least loaded.
    """

    position = models.PositiveSmallIntegerField()
    category = models.CharField(max_length=24, choices=words.Category.choices, blank=True)
    kind = models.CharField(max_length=12, choices=words.Kind.choices, blank=True)
    region = models.CharField(max_length=32, blank=True)
    language = models.CharField(
        max_length=16, blank=True, db_default="", default="", help_text=_("Of the customer, as en or zh-hans")
    )
    skill = models.CharField(
        max_length=40, blank=True, db_default="", default="", help_text=_("Somebody of the team has it")
    )
    tier = models.CharField(max_length=2, choices=words.Tier.choices)
    team = models.ForeignKey("accounts.Team", models.PROTECT, related_name="routing_rules")
    alternates = models.ManyToManyField(
        "accounts.Team",
        blank=True,
        related_name="+",
        help_text=_("Teams that share the work; the least loaded gets it"),
    )
    specialists = models.ManyToManyField(
        "accounts.Team",
        blank=True,
        related_name="+",
        help_text=_("Specialists and contractor engaged at sign-for (C-19)"),
    )
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return f"{self.position}. {self.category or '*'} {self.tier} → {self.team}"


class Playbook(models.Model):
    """A versioned template of work items, attached at triage by category. A running one keeps its version."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    key = models.SlugField(max_length=40)
    version = models.PositiveSmallIntegerField(default=1)
    name = models.CharField(max_length=120)
    category = models.CharField(max_length=24, choices=words.Category.choices, blank=True)
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "version"], name="playbook_version_once")]

    def __str__(self) -> str:
        return f"{self.name} v{self.version}"


class PlaybookStep(models.Model):
    """One step. `due_minutes` None = no deadline."""

    playbook = models.ForeignKey(Playbook, models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    mandatory = models.BooleanField(default=False)
    public = models.BooleanField(default=False)
    due_minutes = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["playbook", "position"], name="playbook_step_once")]

    def __str__(self) -> str:
        return self.title
