"""Registry of what runs where, and what monitoring says of it (A-09, A-10)."""

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from ledger.actor import Actor
from ledger.ids import uuid7


class TenantQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """Rows of the organisations `actor` may learn of."""
        if actor.organisation_ids is not None:
            return self.filter(organisation_id__in=actor.organisation_ids)
        if actor.kind in {"system", "integration"} or actor.company_wide:
            return self
        return self.filter(organisation__in=Organisation.objects.visible_to(actor))


class Site(models.Model):
    """A place of an organisation."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="sites")
    name = models.CharField(max_length=120)
    address = models.CharField(max_length=240, blank=True)
    time_zone = models.CharField(max_length=64, default="UTC")
    region = models.CharField(max_length=32, blank=True)

    objects = TenantQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Service(models.Model):
    """One service of an organisation. `complete` = registered in time with all that work needs (A-09)."""

    class Type(models.TextChoices):
        NETWORK = "network", _("Network")
        VOICE = "voice", _("Voice")
        CLOUD = "cloud", _("Cloud and data centre")
        SECURITY = "security", _("Security")

    class State(models.TextChoices):
        UP = "up", _("Up")
        DEGRADED = "degraded", _("Degraded")
        DOWN = "down", _("Down")
        UNKNOWN = "unknown", _("Unknown")

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    service_id = models.CharField(max_length=40, unique=True)
    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="services")
    type = models.CharField(max_length=16, choices=Type.choices)
    name = models.CharField(max_length=160)
    site = models.ForeignKey(Site, models.PROTECT, null=True, blank=True, related_name="services")
    state = models.CharField(max_length=8, choices=State.choices, default=State.UNKNOWN)
    criticality = models.PositiveSmallIntegerField(default=3, help_text=_("1 highest to 4 lowest"))
    segment = models.CharField(max_length=40, blank=True, help_text=_("Network segment"))
    monitoring_keys = ArrayField(models.CharField(max_length=120), default=list, blank=True)
    remote_access = models.CharField(max_length=160, blank=True)
    complete = models.BooleanField(default=False)
    upstream = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="downstream")

    objects = TenantQuerySet.as_manager()

    class Meta:
        ordering = ["service_id"]
        constraints = [
            models.CheckConstraint(name="service_criticality", condition=models.Q(criticality__range=(1, 4)))
        ]
        indexes = [models.Index(OpClass(Upper("service_id"), name="text_pattern_ops"), name="service_id_prefix")]

    def __str__(self) -> str:
        return f"{self.service_id} {self.name}"


class Alert(models.Model):
    """What monitoring said of a service. `cleared_at` None = still active."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="alerts")
    service = models.ForeignKey(Service, models.PROTECT, related_name="alerts")
    key = models.CharField(max_length=160)
    summary = models.CharField(max_length=240)
    traffic_affecting = models.BooleanField(default=False)
    raised_at = models.DateTimeField()
    cleared_at = models.DateTimeField(null=True, blank=True)

    objects = TenantQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key"], condition=models.Q(cleared_at=None), name="alert_active_once")
        ]

    def __str__(self) -> str:
        return self.summary
