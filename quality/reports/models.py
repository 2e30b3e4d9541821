"""One report per run of a fault; each version of it is written, filed, and from then on never changed (C-26)."""

from typing import Self

from django.db import models
from django.db.models import F, Q

from ledger.actor import Actor
from ledger.ids import uuid7


class FaultReport(models.Model):
    """The report on one run of one fault ticket. What it says stands in its editions."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    ticket = models.ForeignKey("tickets.Ticket", models.PROTECT, related_name="fault_reports")
    run_no = models.PositiveSmallIntegerField()
    created_at = models.DateTimeField()

    class Meta:
        db_table = "quality_fault_report"
        constraints = [models.UniqueConstraint(fields=["ticket", "run_no"], name="report_once_per_run")]

    def __str__(self) -> str:
        return f"report on {self.ticket_id}, run {self.run_no}"


class EditionQuerySet(models.QuerySet["Edition"]):
    def visible_to(self, actor: Actor) -> Self:
        """Editions of visible tickets; customers and tokens bound to one see released ones only (decisions 10)."""
        from tickets.access import visible

        rows = self.filter(visible(actor, prefix="report__ticket__"))
        return rows if sees_inside(actor) else rows.filter(released_at__isnull=False)


def sees_inside(actor: Actor) -> bool:
    """Whether `actor` reads drafts and inner words; customers and tokens bound to one customer do not."""
    return not actor.is_customer and (actor.organisation_ids is None or "notes:internal" in actor.scopes)


class Edition(models.Model):
    """One version of a report: a draft until `filed_at`, then final (the database refuses any change but its release).

    version      moves with every save of the draft; a save against an older one is refused (decisions 19).
    people       [{"part", "user" | "contact" | "team" | "label", "note"}, …]; ids are public (C-24).
    measures     [{"title", "owner": user's public id, "due_on", "item": work item's once filed}, …].
    began_at, ended_at  of the interruption as its writer knows it.
    through_seq  last fact of the ticket's chain the filed version speaks of. figures: clocks and times, frozen with it.
    sha256       of everything above, salted with `salt`; the same stands in the ledger's entry.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    report = models.ForeignKey(FaultReport, models.PROTECT, related_name="editions")
    number = models.PositiveSmallIntegerField()
    version = models.PositiveIntegerField(default=1)
    why = models.CharField(max_length=400, blank=True)
    title = models.CharField(max_length=200)
    summary = models.TextField(blank=True)
    cause = models.TextField(blank=True)
    repair = models.TextField(blank=True)
    prevention = models.TextField(blank=True)
    confirmation = models.TextField(blank=True)
    internal = models.TextField(blank=True)
    effect_name = models.CharField(max_length=40, blank=True)
    effect_value = models.CharField(max_length=20, blank=True)
    began_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    people = models.JSONField(default=list)
    measures = models.JSONField(default=list)
    written_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    filed_at = models.DateTimeField(null=True)
    filed_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    in_time = models.BooleanField(null=True, help_text="None = no clock counted")
    through_seq = models.PositiveIntegerField(null=True)
    figures = models.JSONField(default=dict)
    salt = models.CharField(max_length=32, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    released_at = models.DateTimeField(null=True)
    released_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")

    objects = EditionQuerySet.as_manager()

    class Meta:
        db_table = "quality_report_edition"
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["report", "number"], name="edition_once"),
            models.UniqueConstraint(fields=["report"], condition=Q(filed_at=None), name="edition_one_draft"),
            models.CheckConstraint(
                name="edition_filed_is_whole",
                condition=Q(filed_at=None)
                | (Q(through_seq__isnull=False) & ~Q(sha256="") & ~Q(cause="") & ~Q(prevention="")),
            ),
            models.CheckConstraint(
                name="edition_released_after_filing",
                condition=Q(released_at=None) | (Q(filed_at__isnull=False) & Q(released_at__gte=F("filed_at"))),
            ),
        ]
        indexes = [models.Index(fields=["-filed_at", "-id"], name="edition_filed")]

    def __str__(self) -> str:
        return f"edition {self.number} of {self.report_id}"

    @property
    def filed(self) -> bool:
        """Whether it is final."""
        return self.filed_at is not None
