"""How well we did: one-time surveys (V-15, C-05, C-12); fault reports stand in `quality.reports`."""

from django.db import models
from django.db.models import Q

from ledger.ids import uuid7
from quality.reports.models import Edition, FaultReport

__all__ = ["Edition", "FaultReport", "Survey"]


class Survey(models.Model):
    """One question round for one resolved ticket. The link's token is kept as a hash; answered once, 30 days."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    ticket = models.ForeignKey("tickets.Ticket", models.PROTECT, related_name="surveys")
    contact = models.ForeignKey("accounts.Contact", models.PROTECT, null=True, related_name="+")
    token_sha256 = models.CharField(max_length=64, unique=True)
    language = models.CharField(max_length=16, default="en")
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    expired_recorded = models.BooleanField(default=False, db_default=False)
    rating = models.PositiveSmallIntegerField(null=True)
    response_rating = models.PositiveSmallIntegerField(null=True)
    comment = models.ForeignKey("ledger.EntryText", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(name="survey_rating_range", condition=Q(rating=None) | Q(rating__range=(1, 5))),
            models.CheckConstraint(
                name="survey_response_range", condition=Q(response_rating=None) | Q(response_rating__range=(1, 5))
            ),
            models.CheckConstraint(
                name="survey_answered_has_rating", condition=Q(answered_at=None) | Q(rating__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"survey of {self.ticket_id}"
