"""Planned work: a window, what it touches, who approved it, who was told (C-29, V-21)."""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from accounts.models.organisation import DESK_ROLES
from ledger.actor import Actor
from ledger.ids import uuid7


class MaintenanceQuerySet(models.QuerySet["Maintenance"]):
    def visible_to(self, actor: Actor) -> Self:
        """The windows `actor` may learn of.

        Customers: those they were told of. Staff: what touches an organisation they may know, and their own.
        """
        if actor.kind == "system":
            return self
        touched = MaintenanceImpact.objects.filter(maintenance=models.OuterRef("pk"), left_out=False)
        if actor.organisation_ids is not None:
            return self.filter(noticed_at__isnull=False).filter(
                models.Exists(touched.filter(organisation_id__in=actor.organisation_ids, told_at__isnull=False))
            )
        if actor.kind == "integration" or actor.company_wide:
            return self
        if not actor.is_staff:
            return self.none()
        if actor.has_role(*DESK_ROLES) and not actor.regions:
            return self
        known = models.Exists(touched.filter(organisation__in=Organisation.objects.visible_to(actor)))
        return self.filter(known | Q(requested_by_id=actor.user_id) | Q(owner_id=actor.user_id))


class Maintenance(models.Model):
    """One window of planned work. Times are UTC; `time_zone` is the wall people speak of.

    round_no      counts the rounds of approval: whatever changes after a request begins a new one.
    needed        functions that must approve in this round.
    off_peak      whether the window lies outside the working hours of everybody it touches; else `off_peak_reason`.
    notice_by     latest moment at which the notices still keep every customer's lead time; else `lead_reason`.
    words         what customers read of the work; never names anybody.
    """

    class Kind(models.TextChoices):
        CUTOVER = "cutover", _("Cutover")
        UPGRADE = "upgrade", _("Upgrade")
        REPAIR = "repair", _("Repair")
        TEST = "test", _("Test")

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        REQUESTED = "requested", _("Waits for approval")
        APPROVED = "approved", _("Approved")
        NOTICED = "noticed", _("Customers told")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")

    OVER = (State.DONE, State.FAILED, State.CANCELLED)

    number = models.CharField(max_length=16, unique=True, editable=False)
    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.CUTOVER)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    version = models.PositiveIntegerField(default=1)
    title = models.CharField(max_length=160)
    words = models.TextField(max_length=2000)
    way_back = models.TextField(max_length=2000, blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    time_zone = models.CharField(max_length=64)
    down_minutes = models.PositiveSmallIntegerField(default=0)
    international = models.BooleanField(default=False)
    off_peak = models.BooleanField(default=True)
    off_peak_reason = models.TextField(max_length=1000, blank=True)
    lead_reason = models.TextField(max_length=1000, blank=True)
    notice_by = models.DateTimeField(null=True)
    services = models.ManyToManyField("catalogue.Service", related_name="maintenances", blank=True)
    owner = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    requested_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    requested_at = models.DateTimeField(null=True)
    round_no = models.PositiveSmallIntegerField(default=1)
    needed = models.JSONField(default=list)
    approved_at = models.DateTimeField(null=True)
    noticed_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    outcome = models.TextField(max_length=2000, blank=True)
    impact_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    objects = MaintenanceQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(name="maintenance_ends_after_start", condition=Q(ends_at__gt=F("starts_at"))),
            models.CheckConstraint(
                name="maintenance_state_known",
                condition=Q(
                    state__in=["draft", "requested", "approved", "noticed", "running", "done", "failed", "cancelled"]
                ),
            ),
            models.CheckConstraint(
                name="maintenance_runs_approved",
                condition=~Q(state__in=["noticed", "running"]) | Q(approved_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["state", "starts_at"], name="maintenance_state_start"),
            models.Index(fields=["starts_at", "id"], name="maintenance_start"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def chain(self) -> str:
        """The ledger chain of this window."""
        return f"maintenance:{self.number}"

    @property
    def over(self) -> bool:
        """Whether it has ended, one way or another."""
        return self.state in self.OVER


class MaintenanceImpact(models.Model):
    """One service the window touches, for its customer. `left_out` = computed, taken out by hand with a reason.

    told_at  when the customer was told of it; a customer sees a window only by such a row.
    """

    class Cause(models.TextChoices):
        DIRECT = "direct", _("Worked on")
        UPSTREAM = "upstream", _("Runs over it")
        HAND = "hand", _("Added by hand")

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    maintenance = models.ForeignKey(Maintenance, models.PROTECT, related_name="impacts")
    service = models.ForeignKey("catalogue.Service", models.PROTECT, related_name="+")
    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    cause = models.CharField(max_length=8, choices=Cause.choices)
    left_out = models.BooleanField(default=False)
    reason = models.TextField(max_length=1000, blank=True)
    told_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["organisation_id", "service_id"]
        constraints = [models.UniqueConstraint(fields=["maintenance", "service"], name="maintenance_impact_once")]
        indexes = [
            models.Index(fields=["service"], name="maintenance_of_service", condition=Q(left_out=False)),
            models.Index(fields=["organisation"], name="maintenance_of_customer", condition=Q(left_out=False)),
        ]

    def __str__(self) -> str:
        return f"{self.maintenance_id} on {self.service_id}"


class MaintenanceApproval(models.Model):
    """One function's decision in one round, by one person; nobody decides twice or on their own work."""

    maintenance = models.ForeignKey(Maintenance, models.PROTECT, related_name="approvals")
    round_no = models.PositiveSmallIntegerField()
    function = models.CharField(max_length=16)
    person = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    approved = models.BooleanField()
    reason = models.TextField(max_length=1000, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["maintenance", "round_no", "person"], name="maintenance_one_vote"),
            models.UniqueConstraint(fields=["maintenance", "round_no", "function"], name="maintenance_function_once"),
        ]

    def __str__(self) -> str:
        return f"{self.function} of {self.maintenance_id}"


class NoticeLead(models.Model):
    """How many working days before a window customers of a segment are told; an empty segment = all others."""

    segment = models.CharField(max_length=16, choices=Organisation.Segment.choices, blank=True, unique=True)
    working_days = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["segment"]

    def __str__(self) -> str:
        return f"{self.segment or '*'}: {self.working_days}"
