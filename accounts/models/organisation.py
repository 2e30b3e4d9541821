"""The tenant: a customer sees its own organisation and nothing else (V-03, A-01)."""

from typing import Self

from django.contrib.postgres.indexes import GistIndex, OpClass
from django.db import models
from django.db.models.functions import Lower, Upper
from django.utils.translation import gettext_lazy as _

from ledger.actor import Actor
from ledger.ids import uuid7

DESK_ROLES = (
    "agent", "supervisor", "duty_manager", "quality_reviewer", "security_lead", "administrator", "approver_monitoring",
    "approver_service",
)  # fmt: skip


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def visible_to(self, actor: Actor) -> Self:
        """The organisations whose existence `actor` may learn of (decisions 10)."""
        if actor.organisation_ids is not None:
            return self.filter(pk__in=actor.organisation_ids)
        if actor.kind in {"system", "integration"} or actor.company_wide:
            return self
        if not actor.is_staff:
            return self.none()
        if actor.has_role(*DESK_ROLES):
            in_region = models.Q(region__in=actor.regions) | models.Q(pk__in=actor.ladder_organisation_ids)
            return self.filter(in_region) if actor.regions else self
        return self.filter(pk__in=actor.ladder_organisation_ids)


class Organisation(models.Model):
    """A customer. `production` marks those with a formal escalation path (X-01)."""

    class Category(models.TextChoices):
        ENTERPRISE = "enterprise", _("Enterprise")
        GOVERNMENT = "government", _("Government")
        WHOLESALE = "wholesale", _("Wholesale partner")
        CHANNEL = "channel", _("Channel partner")

    class Segment(models.TextChoices):
        PREMIUM = "premium", _("Premium")
        MANAGED = "managed", _("Managed")
        GENERAL = "general", _("General")
        CHANNEL = "channel", _("Channel")

    class Status(models.TextChoices):
        PROSPECT = "prospect", _("Prospect")
        ACTIVE = "active", _("Active")
        SUSPENDED = "suspended", _("Suspended")
        FORMER = "former", _("Former")

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    name = models.CharField(max_length=160)
    account_number = models.CharField(max_length=32, unique=True)
    service_category = models.CharField(max_length=16, choices=Category.choices)
    segment = models.CharField(max_length=16, choices=Segment.choices, default=Segment.GENERAL)
    region = models.CharField(max_length=32, blank=True)
    time_zone = models.CharField(max_length=64, default="UTC")
    language = models.CharField(max_length=16, default="en")
    production = models.BooleanField(default=False)
    status = models.CharField(max_length=16, choices=Status.choices, default=Status.ACTIVE)
    created_at = models.DateTimeField()

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                name="organisation_category_known",
                condition=models.Q(service_category__in=["enterprise", "government", "wholesale", "channel"]),
            ),
            models.CheckConstraint(
                name="organisation_status_known",
                condition=models.Q(status__in=["prospect", "active", "suspended", "former"]),
            ),
        ]
        indexes = [
            # GiST, not GIN: the planner thinks a scan of all names cheaper than GIN for a long text, and it is not
            GistIndex(OpClass(Lower("name"), name="gist_trgm_ops(siglen=64)"), name="organisation_name_gist"),
            models.Index(OpClass(Upper("account_number"), name="text_pattern_ops"), name="organisation_account_prefix"),
        ]

    def __str__(self) -> str:
        return self.name
