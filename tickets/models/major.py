"""Major incidents: one disturbance of many customers, led, told about and learned from (V-09, V-19, V-20)."""

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, FSMModelMixin, transition

from ledger.actor import Actor
from ledger.ids import uuid7
from tickets.words import Cause


class MajorIncidentQuerySet(models.QuerySet["MajorIncident"]):
    def visible_to(self, actor: Actor) -> Self:
        """The incidents whose existence `actor` may learn of; customers those that affect them (decisions 10)."""
        from tickets.major_access import visible

        return self.filter(visible(actor))

    def running(self) -> Self:
        """Declared and not restored yet."""
        return self.filter(state=MajorIncident.State.DECLARED)


class MajorIncident(FSMModelMixin, models.Model):
    """One major incident. `title` is ours; `public_titles` {language: words} are all that customers ever read of it.

    region  whose supervisors lead it, "" = everywhere. lead = the ticket it was declared from, if any.
    severity  1 severe to 3 moderate. cadence_minutes  how long customers wait for the next news at most.
    """

    class State(models.TextChoices):
        DECLARED = "declared", _("Running")
        RESTORED = "restored", _("Restored")
        REVIEW = "review", _("Under review")
        CLOSED = "closed", _("Closed")

    class Phase(models.TextChoices):
        INVESTIGATING = "investigating", _("Investigating")
        IDENTIFIED = "identified", _("Cause known")
        RESTORING = "restoring", _("Being restored")
        RESTORED = "restored", _("Restored")

    number = models.CharField(max_length=16, unique=True, editable=False)
    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    state = FSMField(choices=State.choices, default=State.DECLARED, protected=True)
    phase = models.CharField(max_length=16, choices=Phase.choices, default=Phase.INVESTIGATING)
    version = models.PositiveIntegerField(default=1)
    title = models.CharField(max_length=200)
    public_titles = models.JSONField(default=dict)
    severity = models.PositiveSmallIntegerField(default=1)
    region = models.CharField(max_length=32, blank=True)
    lead = models.ForeignKey("tickets.Ticket", models.PROTECT, null=True, related_name="+")
    commander = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    declared_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    declared_at = models.DateTimeField()
    since = models.DateTimeField(help_text=_("When the disturbance began"))
    bridge_url = models.URLField(max_length=400, blank=True)
    cadence_minutes = models.PositiveSmallIntegerField(default=30)
    next_update_at = models.DateTimeField(null=True)
    computed_at = models.DateTimeField(null=True)
    identified_at = models.DateTimeField(null=True)
    restored_at = models.DateTimeField(null=True)
    review_begun_at = models.DateTimeField(null=True)
    reviewed_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    cause_code = models.CharField(max_length=20, choices=Cause.choices, blank=True)
    cause = models.TextField(blank=True)
    review_summary = models.TextField(blank=True)
    review_went_well = models.TextField(blank=True)
    review_went_badly = models.TextField(blank=True)

    objects = MajorIncidentQuerySet.as_manager()

    class Meta:
        ordering = ["-declared_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="major_state_known", condition=Q(state__in=["declared", "restored", "review", "closed"])
            ),
            models.CheckConstraint(
                name="major_restored_has_a_time", condition=Q(state="declared") | Q(restored_at__isnull=False)
            ),
            models.CheckConstraint(
                name="major_closed_is_reviewed",
                condition=~Q(state="closed") | Q(closed_at__isnull=False, reviewed_at__isnull=False),
            ),
            models.CheckConstraint(name="major_severity", condition=Q(severity__range=(1, 3))),
        ]
        indexes = [
            models.Index(fields=["-declared_at", "-id"], name="major_newest"),
            models.Index(fields=["declared_at"], name="major_running", condition=Q(state="declared")),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def chain(self) -> str:
        """The ledger chain of this incident."""
        return f"major:{self.uuid}"

    @property
    def running(self) -> bool:
        """Whether customers are still hit."""
        return self.state == self.State.DECLARED

    def public_title(self, language: str) -> str:
        """Return what customers read as its name, in their language where we have it."""
        return self.public_titles.get(language) or self.public_titles.get("en", "")

    @transition("state", source=State.DECLARED, target=State.RESTORED)
    def restore(self) -> None:
        """Every service works again."""

    @transition("state", source=State.RESTORED, target=State.REVIEW)
    def begin_review(self) -> None:
        """What happened is looked into."""

    @transition("state", source=State.REVIEW, target=State.CLOSED)
    def close(self) -> None:
        """Reviewed, and every prevention action is done or reasoned."""


class MajorRole(models.Model):
    """Somebody with a part in the response. `left_at` None = still in it."""

    class Part(models.TextChoices):
        TECHNICAL = "technical", _("Technical lead")
        COMMUNICATIONS = "communications", _("Communications")
        CUSTOMERS = "customers", _("Customer coordination")
        LOG = "log", _("Log")
        HELPER = "helper", _("Helper")

    incident = models.ForeignKey(MajorIncident, models.PROTECT, related_name="roles")
    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    part = models.CharField(max_length=16, choices=Part.choices)
    user = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    since = models.DateTimeField()
    left_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "part", "user"], name="major_role_once", condition=Q(left_at=None)
            )
        ]

    def __str__(self) -> str:
        return f"{self.part} of {self.incident_id}"


class MajorService(models.Model):
    """One affected service. `root` = what failed; others hang below it. Removed rows stay, with the reason."""

    incident = models.ForeignKey(MajorIncident, models.PROTECT, related_name="services")
    service = models.ForeignKey("catalogue.Service", models.PROTECT, related_name="+")
    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    root = models.BooleanField(default=False)
    by_hand = models.BooleanField(default=False)
    reason = models.CharField(max_length=400, blank=True)
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["incident", "service"], name="major_service_once")]

    def __str__(self) -> str:
        return f"{self.service_id} in {self.incident_id}"


class MajorOrganisation(models.Model):
    """One affected customer. `uuid` is what its status link is sealed from; removed rows stay, with the reason."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    incident = models.ForeignKey(MajorIncident, models.PROTECT, related_name="organisations")
    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    by_hand = models.BooleanField(default=False)
    reason = models.CharField(max_length=400, blank=True)
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["incident", "organisation"], name="major_organisation_once")]
        indexes = [
            models.Index(fields=["organisation"], name="major_of_customer", condition=Q(removed_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} in {self.incident_id}"


class MajorTicket(models.Model):
    """A child ticket: each customer's ticket remains its own. `detached_at` None = attached."""

    incident = models.ForeignKey(MajorIncident, models.PROTECT, related_name="children")
    ticket = models.ForeignKey("tickets.Ticket", models.PROTECT, related_name="majors")
    attached_at = models.DateTimeField()
    detached_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ticket"], name="major_child_of_one", condition=Q(detached_at=None))
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id} in {self.incident_id}"


class MajorUpdate(models.Model):
    """News to customers, {language: words}. A draft until it is sent; then it and its audience stand still."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    incident = models.ForeignKey(MajorIncident, models.PROTECT, related_name="updates")
    phase = models.CharField(max_length=16, choices=MajorIncident.Phase.choices)
    bodies = models.JSONField(default=dict)
    author = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    written_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    next_update_at = models.DateTimeField(null=True)
    organisation_ids = ArrayField(models.BigIntegerField(), default=list)

    class Meta:
        ordering = ["-written_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["incident"], name="major_draft_once", condition=Q(sent_at=None))]

    def __str__(self) -> str:
        return f"update {self.uuid}"

    def body(self, language: str) -> str:
        """Return the words for a reader of `language`."""
        return self.bodies.get(language) or self.bodies.get("en", "")


class MajorRecipient(models.Model):
    """One contact an update went to: frozen when it was sent, whoever joins or leaves later."""

    update = models.ForeignKey(MajorUpdate, models.PROTECT, related_name="recipients")
    contact = models.ForeignKey("accounts.Contact", models.PROTECT, related_name="+")
    language = models.CharField(max_length=16)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["update", "contact"], name="major_recipient_once")]

    def __str__(self) -> str:
        return f"{self.contact_id} of {self.update_id}"
