"""Case notes, public or internal, and their files."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ledger.actor import Actor
from ledger.ids import uuid7
from tickets import words


class NoteQuerySet(models.QuerySet["Note"]):
    def visible_to(self, actor: Actor) -> Self:
        """Notes of visible tickets; customers and tokens bound to one see public ones only (A-08)."""
        from tickets.access import visible

        rows = self.filter(visible(actor, prefix="ticket__"))
        inside = actor.is_staff or actor.kind == "system" or "notes:internal" in actor.scopes
        return rows if inside else rows.filter(public=True, retracted_at=None)


class Note(models.Model):
    """A case note. The words stand in the ledger's side table; Markdown, cleaned at render. Never changed."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    ticket = models.ForeignKey("tickets.Ticket", models.PROTECT, related_name="notes")
    text = models.OneToOneField("ledger.EntryText", models.PROTECT, related_name="note")
    public = models.BooleanField()
    progress = models.BooleanField(default=False, help_text=_("Counts as progress (C-20)"))
    author_user = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    author_contact = models.ForeignKey("accounts.Contact", models.PROTECT, null=True, related_name="+")
    author_name = models.CharField(max_length=120)
    channel = models.CharField(max_length=12, choices=words.Channel.choices)
    at = models.DateTimeField()
    retracted_at = models.DateTimeField(null=True)

    objects = NoteQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["ticket", "-at"], name="note_ticket_at")]

    def __str__(self) -> str:
        return f"note {self.uuid}"

    @property
    def body(self) -> str:
        """The Markdown source; empty once redacted."""
        return self.text.body


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def visible_to(self, actor: Actor) -> Self:
        """Files of visible notes."""
        from tickets.access import visible

        rows = self.filter(visible(actor, prefix="ticket__"))
        inside = actor.is_staff or actor.kind == "system" or "notes:internal" in actor.scopes
        return rows if inside else rows.filter(note__public=True, note__retracted_at=None)


class Attachment(models.Model):
    """A file of a note. Stored under a random name outside the web root; served by a permission check only."""

    class Scan(models.TextChoices):
        CLEAN = "clean", _("Clean")
        UNSCANNED = "unscanned", _("Not scanned")
        QUARANTINED = "quarantined", _("Quarantined")

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    ticket = models.ForeignKey("tickets.Ticket", models.PROTECT, related_name="attachments")
    note = models.ForeignKey(Note, models.PROTECT, related_name="attachments")
    file = models.FileField(max_length=200)
    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    scan = models.CharField(max_length=12, choices=Scan.choices, default=Scan.UNSCANNED)
    at = models.DateTimeField()

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(name="attachment_not_empty", condition=Q(size__gt=0))]

    def __str__(self) -> str:
        return self.name
