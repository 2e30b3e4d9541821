"""Every contact with the desk, whatever its outcome (V-06, P-01)."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from ledger.actor import Actor
from ledger.ids import uuid7
from tickets import words


class InteractionQuerySet(models.QuerySet["Interaction"]):
    def visible_to(self, actor: Actor) -> Self:
        """Interactions on visible tickets, own ones, and (desk staff) those with no ticket yet.

        One that names a customer already is for those who may learn of that customer (decisions 10).
        """
        from tickets.access import DESK_ROLES, visible

        on_ticket = Q(ticket__isnull=False) & visible(actor, prefix="ticket__")
        if actor.organisation_ids is not None or not actor.is_staff:
            return self.filter(on_ticket & ~Q(ticket=None)) if actor.kind != "system" else self
        desk = actor.has_role(*DESK_ROLES)
        if actor.company_wide or (desk and not actor.regions):
            return self.filter(on_ticket | Q(ticket=None))
        known = Q(agent_id=actor.user_id) | Q(organisation__in=Organisation.objects.visible_to(actor))
        return self.filter(on_ticket | Q(ticket=None) & (known | Q(organisation=None) if desk else known))

    def unfinished(self) -> Self:
        """Ended, with neither ticket nor disposition: the list nobody may leave (P-01)."""
        return self.filter(ticket=None, disposition="", ended_at__isnull=False)


class Interaction(models.Model):
    """A call, mail, message, walk-in or alarm. `ended_at` None = live."""

    class Direction(models.TextChoices):
        IN = "in", _("Inbound")
        OUT = "out", _("Outbound")

    class Disposition(models.TextChoices):
        INFORMATION = "information", _("Information given")
        WRONG_NUMBER = "wrong_number", _("Wrong number")
        HANG_UP = "hang_up", _("Caller hung up")
        NOT_REACHED = "not_reached", _("Not reached")
        REACHED = "reached", _("Reached")
        TRANSFERRED = "transferred", _("Transferred")
        SPAM = "spam", _("Spam")
        JOINED = "joined", _("Joined an existing ticket")

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    channel = models.CharField(max_length=12, choices=words.Channel.choices)
    direction = models.CharField(max_length=3, choices=Direction.choices, default=Direction.IN)
    caller_number = models.CharField(max_length=20, blank=True)
    called_queue = models.CharField(max_length=60, blank=True)
    started_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    agent = models.ForeignKey("accounts.User", models.PROTECT, null=True, blank=True, related_name="interactions")
    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, null=True, blank=True, related_name="+")
    contact = models.ForeignKey("accounts.Contact", models.PROTECT, null=True, blank=True, related_name="interactions")
    ticket = models.ForeignKey("tickets.Ticket", models.PROTECT, null=True, blank=True, related_name="interactions")
    disposition = models.CharField(max_length=16, choices=Disposition.choices, blank=True)
    summary = models.ForeignKey("ledger.EntryText", models.PROTECT, null=True, blank=True, related_name="+")
    recording_ref = models.CharField(max_length=200, blank=True)
    verified = models.BooleanField(default=False, help_text=_("A passed verification belongs to it"))

    objects = InteractionQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at", "-pk"]
        indexes = [
            models.Index(fields=["ticket", "-started_at"], name="interaction_ticket"),
            models.Index(
                fields=["agent", "ended_at"], name="interaction_unfinished", condition=Q(ticket=None, disposition="")
            ),
            models.Index(fields=["agent", "-started_at"], name="interaction_agent"),
            models.Index(fields=["-started_at"], name="interaction_rang", condition=Q(channel="call", direction="in")),
            models.Index(fields=["ticket", "agent"], name="interaction_live", condition=Q(ended_at=None)),
        ]
        constraints = [
            models.CheckConstraint(
                name="interaction_ends_after_start",
                condition=Q(ended_at=None) | Q(ended_at__gte=models.F("started_at")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.started_at:%Y-%m-%d %H:%M}"


class Draft(models.Model):
    """What an agent typed and has not saved yet: a call (key "call:<interaction>") or a note ("note:<number>")."""

    user = models.ForeignKey("accounts.User", models.CASCADE, related_name="drafts")
    key = models.CharField(max_length=80)
    data = models.JSONField(default=dict)
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="draft_once")]

    def __str__(self) -> str:
        return self.key
