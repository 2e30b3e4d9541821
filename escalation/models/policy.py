"""Policies as data: a version never changes (trigger), a running clock keeps its own (I11)."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ledger.ids import uuid7


class Policy(models.Model):
    """A named set of rules for one kind of subject. `key` is what clocks are called by."""

    class Subject(models.TextChoices):
        TICKET = "ticket", _("Ticket")
        ESCALATION = "escalation", _("Escalation")

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    key = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    subject = models.CharField(max_length=12, choices=Subject.choices)
    current = models.ForeignKey("escalation.PolicyVersion", models.PROTECT, null=True, related_name="+")

    class Meta:
        db_table = "esc_policy"
        verbose_name_plural = "policies"

    def __str__(self) -> str:
        return self.name


class PolicyVersion(models.Model):
    """One published version. `conditions`: {"kind": [...], "production": true, "starts_on": "logged"}; absent = any."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    policy = models.ForeignKey(Policy, models.PROTECT, related_name="versions")
    n = models.PositiveSmallIntegerField()
    conditions = models.JSONField(default=dict)
    on_entitlement_calendar = ArrayField(
        models.CharField(max_length=2), default=list, blank=True,
        help_text=_("Priorities whose clock counts on the entitlement's calendar (decisions 15)"),
    )  # fmt: skip
    sha256 = models.CharField(max_length=64)
    published_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField()

    class Meta:
        db_table = "esc_policy_version"
        constraints = [models.UniqueConstraint(fields=["policy", "n"], name="policy_version_once")]

    def __str__(self) -> str:
        return f"{self.policy} v{self.n}"


class Rule(models.Model):
    """One row of the tables in escalation-engine.md.

    anchor       event that arms it: "start" (with the clock), or a later fact ("stage_two", "dispatched",
                 "specialists_dispatched", "customer_contacted", "fired:F-2").
    offset_s     seconds after the anchor, on the clock. latest_s: never later than this after the clock's start.
    variants     [{"when": {…}, "offset_s": n}, …]: the first whose conditions hold replaces `offset_s` (C-08, C-10).
    when         conditions of the ticket under which the rule is armed at all; empty = always.
    repeat_s     None = once; max_occurrences None = for ever.
    pausable     held while the clock is paused.
    stop_on      facts that cancel it ("resolved", "signed_for", …).
    targets      roles to page, in words of `escalation.oncall`; "unreached" and "all_told" are computed.
    """

    version = models.ForeignKey(PolicyVersion, models.PROTECT, related_name="rules")
    position = models.PositiveSmallIntegerField(default=0)
    code = models.CharField(max_length=12)
    label = models.CharField(max_length=120)
    customer_label = models.CharField(max_length=120, blank=True)
    anchor = models.CharField(max_length=40)
    offset_s = models.PositiveIntegerField()
    latest_s = models.PositiveIntegerField(null=True, blank=True)
    repeat_s = models.PositiveIntegerField(null=True, blank=True)
    max_occurrences = models.PositiveSmallIntegerField(null=True, blank=True)
    calendar = models.ForeignKey("catalogue.Calendar", models.PROTECT, null=True, blank=True)
    pausable = models.BooleanField(default=False)
    stop_on = ArrayField(models.CharField(max_length=40), default=list)
    targets = ArrayField(models.CharField(max_length=40), default=list)
    variants = models.JSONField(default=list, blank=True)
    when = models.JSONField(default=dict, blank=True)
    breach = models.BooleanField(
        default=True, help_text=_("Firing means a promise was broken; false = a warning or a page")
    )
    severity = models.PositiveSmallIntegerField(default=2)

    class Meta:
        db_table = "esc_rule"
        ordering = ["position", "code"]
        constraints = [
            models.UniqueConstraint(fields=["version", "code"], name="rule_code_once"),
            models.CheckConstraint(
                name="rule_f_has_no_calendar", condition=~Q(code__startswith="F-") | Q(calendar=None)
            ),
            models.CheckConstraint(name="rule_repeat_positive", condition=Q(repeat_s=None) | Q(repeat_s__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.label}"
