"""Policies as data: a version never changes (trigger), a running clock keeps its own (I11)."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q, Value
from django.utils.translation import gettext_lazy as _

from ledger.ids import uuid7

NEVER_SILENCED = ("F-2", "T-4", "T-5")


class Policy(models.Model):
    """A named set of rules for one kind of subject. `key` is what clocks are called by."""

    class Subject(models.TextChoices):
        TICKET = "ticket", _("Ticket")
        ESCALATION = "escalation", _("Escalation")
        INTERACTION = "interaction", _("Call or other contact")
        MESSAGE = "message", _("Message")
        COMMITMENT = "commitment", _("Promise")
        WORK_ITEM = "work_item", _("Step of a plan")
        HANDOVER = "handover", _("Shift handover")
        MAJOR_INCIDENT = "major_incident", _("Major incident")
        MAINTENANCE = "maintenance", _("Planned maintenance")
        CANARY = "canary", _("Canary of the engine")

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    key = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    subject = models.CharField(max_length=16, choices=Subject.choices)
    current = models.ForeignKey("escalation.PolicyVersion", models.PROTECT, null=True, related_name="+")

    class Meta:
        db_table = "esc_policy"
        verbose_name_plural = "policies"

    def __str__(self) -> str:
        return self.name


class PolicyVersion(models.Model):
    """One published version. `conditions`: {"kind": [...], "production": true, "starts_on": "logged"}; absent = any.

    enforce_from   clocks that start from then on take this version, until then the one before; None = at publication.
    ack_silence_s  an acknowledgement silences the rules that allow it for so long without progress; None = not at all.
    note, diff     what changed, and the comparison its publisher was shown (empty = none).
    read_by, read_word  who read the comparison before, and what they said of it; None = nobody was demanded.

    Every field, condition and word is explained in docs/policies.md.
    """

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
    enforce_from = models.DateTimeField(null=True, blank=True)
    ack_silence_s = models.PositiveIntegerField(null=True, blank=True)
    note = models.TextField(blank=True, default="", db_default="")
    diff = models.JSONField(blank=True, default=dict, db_default=Value({}, models.JSONField()))
    read_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    read_at = models.DateTimeField(null=True)
    read_word = models.CharField(max_length=400, blank=True, default="", db_default="")

    class Meta:
        db_table = "esc_policy_version"
        constraints = [models.UniqueConstraint(fields=["policy", "n"], name="policy_version_once")]

    def __str__(self) -> str:
        return f"{self.policy} v{self.n}"


class Rule(models.Model):
    """One row of the tables in escalation-engine.md; every word is explained in docs/policies.md.

    anchor       event that arms it: "start" (with the clock), or a later fact ("stage_two", "dispatched",
                 "specialists_dispatched", "customer_contacted", "fired:F-2", "due", "before_due").
    offset_s     seconds after the anchor, on the clock. latest_s: never later than this after the clock's start.
    unit         "s", or "work_day": offset_s / 86400 working days after the anchor, at the same wall time or, with
                 `end_of_day`, when that day's last window closes. Such a rule neither repeats nor pauses.
    variants     [{"when": {…}, "offset_s": n}, …]: the first whose conditions hold replaces `offset_s` (C-08, C-10).
    when         conditions of the ticket under which the rule is armed at all; empty = always.
    repeat_s     None = once; max_occurrences None = for ever.
    pausable     held while the clock is paused.
    stop_on      facts that cancel it ("resolved", "signed_for", …). restart_on: facts that begin its wait anew.
    silenced_by_ack  an acknowledgement holds it back for the version's `ack_silence_s`; never F-2, T-4, T-5.
    targets      roles to page, in words of `escalation.oncall`; "unreached" and "all_told" are computed.
    """

    class Unit(models.TextChoices):
        SECONDS = "s", _("Seconds on the clock")
        WORK_DAYS = "work_day", _("Working days")

    version = models.ForeignKey(PolicyVersion, models.PROTECT, related_name="rules")
    position = models.PositiveSmallIntegerField(default=0)
    code = models.CharField(max_length=12)
    label = models.CharField(max_length=120)
    customer_label = models.CharField(max_length=120, blank=True)
    anchor = models.CharField(max_length=40)
    offset_s = models.PositiveIntegerField()
    unit = models.CharField(max_length=8, choices=Unit.choices, default=Unit.SECONDS, db_default="s")
    end_of_day = models.BooleanField(default=False, db_default=False)
    latest_s = models.PositiveIntegerField(null=True, blank=True)
    repeat_s = models.PositiveIntegerField(null=True, blank=True)
    max_occurrences = models.PositiveSmallIntegerField(null=True, blank=True)
    calendar = models.ForeignKey("catalogue.Calendar", models.PROTECT, null=True, blank=True)
    pausable = models.BooleanField(default=False)
    stop_on = ArrayField(models.CharField(max_length=40), default=list)
    restart_on = ArrayField(models.CharField(max_length=40), default=list, db_default=[], blank=True)
    silenced_by_ack = models.BooleanField(default=False, db_default=False)
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
            models.CheckConstraint(
                name="rule_never_silenced", condition=~Q(code__in=NEVER_SILENCED) | Q(silenced_by_ack=False)
            ),
            models.CheckConstraint(
                name="rule_work_day_is_whole",
                condition=~Q(unit="work_day") | Q(repeat_s=None, pausable=False, latest_s=None),
            ),
            models.CheckConstraint(name="rule_repeat_positive", condition=Q(repeat_s=None) | Q(repeat_s__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.label}"
