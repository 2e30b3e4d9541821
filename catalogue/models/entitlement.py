"""What an organisation was promised (C-15, X-01)."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ledger.ids import uuid7


class Entitlement(models.Model):
    """A plan with its calendar. Decides clocks and shifts. `valid_to` None = open-ended."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="entitlements")
    plan = models.CharField(max_length=80)
    calendar = models.ForeignKey("catalogue.Calendar", models.PROTECT)
    weekend_cover = models.BooleanField(default=False)
    production = models.BooleanField(default=False)
    targets = models.JSONField(
        default=dict, blank=True, help_text=_('Minutes by priority: {"P1": {"respond": 15, "resolve": 240}}')
    )
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="entitlement_ends_after_start", condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from"))
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.plan}"
