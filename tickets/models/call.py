"""What a call in hand needs: what to say first, and the question that was drawn for the caller (V-01, V-04)."""

import re
from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ledger.actor import Actor
from ledger.ids import uuid7

PLACES = frozenset({"operator", "agent", "daytime"})
_PLACE = re.compile(r"\{([^{}]*)\}")


class CallScriptQuerySet(models.QuerySet["CallScript"]):
    def visible_to(self, actor: Actor) -> Self:
        """Staff read every script; nobody else has one."""
        return self if actor.is_staff or actor.kind == "system" else self.none()


class CallScript(models.Model):
    """The greeting of a queue in a language. Empty queue = every queue without one of its own.

    greeting  may hold {operator}, {agent} and {daytime}, never the name or number of a caller: the caller says them
              first (decisions 16). *Words between stars* are what to ask for.
    hint      for the agent's eyes.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    queue = models.CharField(max_length=60, blank=True, help_text=_("As the telephone names it; empty = every queue"))
    language = models.CharField(max_length=16, help_text=_("Code, as en or zh-hans"))
    greeting = models.TextField(max_length=600)
    hint = models.TextField(max_length=400, blank=True)
    active = models.BooleanField(default=True)

    objects = CallScriptQuerySet.as_manager()

    class Meta:
        ordering = ["queue", "language"]
        constraints = [models.UniqueConstraint(fields=["queue", "language"], name="call_script_once")]

    def __str__(self) -> str:
        return f"{self.queue or '*'} {self.language}"

    def clean(self) -> None:
        """Refuse a place the greeting may not fill: it must never voice who is calling."""
        wrong = sorted(set(_PLACE.findall(self.greeting)) - PLACES)
        if wrong:
            message = _(
                "A greeting fills in {operator}, {agent} and {daytime} only, never who calls. Remove {%(name)s}."
            )
            raise ValidationError({"greeting": message % {"name": wrong[0]}})


class AskedQuestion(models.Model):
    """The security question the server drew for one contact in one call. It stays: nobody draws until one suits."""

    interaction = models.ForeignKey("tickets.Interaction", models.CASCADE, related_name="questions_asked")
    contact = models.ForeignKey("accounts.Contact", models.CASCADE, related_name="+")
    question = models.ForeignKey("accounts.SecurityQuestion", models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["interaction", "contact"], name="asked_question_once")]

    def __str__(self) -> str:
        return f"{self.interaction_id}: {self.question_id}"


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    def visible_to(self, actor: Actor) -> Self:
        """Appointments of visible tickets."""
        from tickets.access import visible

        return self.filter(visible(actor, prefix="ticket__"))


class Appointment(models.Model):
    """A technical consultation or another meeting about a ticket (V-07). `cancelled_at` None = it stands.

    sequence  counts its changes, as calendars want it. place: an address, a link or "by phone".
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    ticket = models.ForeignKey("tickets.Ticket", models.PROTECT, related_name="appointments")
    subject = models.CharField(max_length=160)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    place = models.CharField(max_length=200, blank=True)
    host = models.ForeignKey("accounts.User", models.PROTECT, null=True, blank=True, related_name="appointments")
    made_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField()
    sequence = models.PositiveSmallIntegerField(default=0)
    cancelled_at = models.DateTimeField(null=True, blank=True)

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(name="appointment_ends_after_start", condition=Q(ends_at__gt=models.F("starts_at")))
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.starts_at:%Y-%m-%d %H:%M}"


class SalesInquiry(models.Model):
    """The four answers a new-service inquiry asks for (V-07). Empty = not said yet."""

    FIELDS = ("infrastructure", "objectives", "requirements", "timeline")

    ticket = models.OneToOneField("tickets.Ticket", models.PROTECT, related_name="sales_inquiry")
    infrastructure = models.TextField(_("Current infrastructure"), blank=True)
    objectives = models.TextField(_("Business objectives"), blank=True)
    requirements = models.TextField(_("Technical requirements"), blank=True)
    timeline = models.TextField(_("Timeline"), blank=True)

    def __str__(self) -> str:
        return f"inquiry of {self.ticket_id}"
