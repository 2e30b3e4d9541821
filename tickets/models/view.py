"""Views of the queue that agents keep: their own, and those they share with one of their teams (A-01)."""

from typing import Self

from django.db import models
from django.db.models import Q

from ledger.actor import Actor
from ledger.ids import uuid7


class QueueViewQuerySet(models.QuerySet["QueueView"]):
    def visible_to(self, actor: Actor) -> Self:
        """One's own, and those shared with one's teams; what it lists is narrowed to the reader all the same."""
        if not actor.is_staff:
            return self.none()
        return self.filter(Q(owner_id=actor.user_id) | Q(team_id__in=actor.team_ids))


class QueueView(models.Model):
    """A view somebody kept. Only its owner changes it.

    team      whose members find it beside their own; None = nobody else.
    settings  {"view", "filters": {name: value or values}, "order", "group", "columns"}, as the queue's address says it.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    owner = models.ForeignKey("accounts.User", models.PROTECT, related_name="queue_views")
    team = models.ForeignKey("accounts.Team", models.SET_NULL, null=True, related_name="queue_views")
    name = models.CharField(max_length=40)
    settings = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    objects = QueueViewQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="queue_view_named_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def key(self) -> str:
        """Its public id as text."""
        return str(self.uuid)
