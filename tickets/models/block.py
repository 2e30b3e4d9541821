"""Text blocks: sentences agents send again and again, with places for what belongs to the ticket."""

import re

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from ledger.ids import uuid7

PLACE = re.compile(r"\{(\w+)\}")
PLACES = ("number", "title", "customer", "contact", "service", "team", "agent", "due")


class TextBlock(models.Model):
    """One block in one language. team None = every team's; active False = kept, not offered."""

    class For(models.TextChoices):
        PUBLIC = "public", _("Public notes")
        INTERNAL = "internal", _("Internal notes")
        BOTH = "both", _("Both")

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    name = models.CharField(max_length=80)
    body = models.TextField(
        max_length=4000, help_text=_("Places: {number} {title} {customer} {contact} {service} {team} {agent} {due}")
    )
    language = models.CharField(max_length=10, default="en", choices=[("en", "English"), ("zh-hans", "简体中文")])
    use = models.CharField(max_length=8, choices=For.choices, default=For.PUBLIC)
    team = models.ForeignKey("accounts.Team", models.CASCADE, null=True, blank=True, related_name="text_blocks")
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["name", "language", "team"], name="text_block_once", nulls_distinct=False)
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.language})"

    def clean(self) -> None:
        """Refuse a place nobody fills."""
        unknown = sorted(set(PLACE.findall(self.body)) - set(PLACES))
        if unknown:
            message = _("Nobody fills %(places)s. Use one of %(known)s.")
            names = {"places": " ".join(f"{{{u}}}" for u in unknown), "known": " ".join(f"{{{p}}}" for p in PLACES)}
            raise ValidationError({"body": message % names})
