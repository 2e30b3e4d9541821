"""Work items (action plan, playbook, engagement) and promises: the one mechanism (A-08, C-04, C-09, C-10)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ledger.ids import uuid7


class WorkItem(models.Model):
    """Something to do with an owner. The database refuses one without (A-08).

    Of a ticket, or of a major incident (then `ticket` is None): its steps and what keeps it from returning.
    """

    class Source(models.TextChoices):
        PLAN = "plan", _("Action plan")
        PLAYBOOK = "playbook", _("Playbook")
        ENGAGEMENT = "engagement", _("Engaged team")
        IMPROVEMENT = "improvement", _("Improvement")

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        DONE = "done", _("Done")
        SKIPPED = "skipped", _("Skipped")

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    ticket = models.ForeignKey("tickets.Ticket", models.PROTECT, null=True, related_name="work_items")
    major = models.ForeignKey(
        "tickets.MajorIncident", models.PROTECT, null=True, related_name="work_items", db_index=False
    )
    source = models.CharField(max_length=12, choices=Source.choices)
    title = models.CharField(max_length=200)
    owner_user = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="work_items")
    owner_team = models.ForeignKey("accounts.Team", models.PROTECT, null=True, related_name="work_items")
    owner_contact = models.ForeignKey("accounts.Contact", models.PROTECT, null=True, related_name="work_items")
    due_at = models.DateTimeField(null=True)
    mandatory = models.BooleanField(default=False)
    public = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    evidence = models.TextField(blank=True)
    done_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                name="work_item_has_one_owner",
                condition=Q(owner_user__isnull=False, owner_team=None, owner_contact=None)
                | Q(owner_user=None, owner_team__isnull=False, owner_contact=None)
                | Q(owner_user=None, owner_team=None, owner_contact__isnull=False),
            ),
            models.CheckConstraint(
                name="work_item_of_one_thing",
                condition=Q(ticket__isnull=False, major=None) | Q(ticket=None, major__isnull=False),
            ),
            models.CheckConstraint(
                name="work_item_done_has_a_time", condition=Q(state="open", done_at=None) | ~Q(state="open")
            ),
        ]
        indexes = [
            models.Index(fields=["owner_user", "due_at"], name="work_item_open", condition=Q(state="open")),
            models.Index(fields=["major"], name="work_item_major", condition=Q(major__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def shown(self) -> str:
        """What is to do, in the reader's language where it is our own wording (playbooks, engagements)."""
        return self.title if self.source == self.Source.PLAN else gettext(self.title)

    @property
    def owner(self):
        """The person or team that has it."""
        return self.owner_user or self.owner_team or self.owner_contact


class Commitment(models.Model):
    """A promise to a customer with a due time. Moved = replaced before due, with an explanation (C-10)."""

    class Kind(models.TextChoices):
        CALLBACK = "callback", _("Call back")
        NEXT_UPDATE = "next_update", _("Next news")
        RESOLUTION = "resolution", _("Resolution")

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        KEPT = "kept", _("Kept")
        BROKEN = "broken", _("Broken")
        MOVED = "moved", _("Moved")

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    ticket = models.ForeignKey("tickets.Ticket", models.PROTECT, related_name="commitments")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    text = models.CharField(max_length=240, blank=True)
    due_at = models.DateTimeField()
    made_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="commitments")
    made_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    settled_at = models.DateTimeField(null=True)
    explanation = models.TextField(blank=True)
    moved_to = models.ForeignKey("self", models.PROTECT, null=True, related_name="moved_from")

    class Meta:
        ordering = ["due_at"]
        constraints = [
            models.CheckConstraint(
                name="commitment_moved_has_successor", condition=~Q(state="moved") | Q(moved_to__isnull=False)
            )
        ]
        indexes = [models.Index(fields=["made_by", "due_at"], name="commitment_open", condition=Q(state="open"))]

    def __str__(self) -> str:
        return f"{self.kind} by {self.due_at:%Y-%m-%d %H:%M}"
