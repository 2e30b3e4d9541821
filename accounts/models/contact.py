"""A person of a customer, with authorities and the secrets that prove who calls (V-02, V-04)."""

from typing import Self

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from ledger.actor import Actor
from ledger.ids import uuid7


class ContactQuerySet(models.QuerySet["Contact"]):
    def visible_to(self, actor: Actor) -> Self:
        """Contacts of the organisations `actor` may learn of."""
        from accounts.models.organisation import Organisation

        if actor.organisation_ids is not None:
            return self.filter(organisation_id__in=actor.organisation_ids)
        if actor.kind in {"system", "integration"} or actor.company_wide:
            return self
        return self.filter(organisation__in=Organisation.objects.visible_to(actor))


class Contact(models.Model):
    """One named person. Authorities: report, change, approve, escalate. PIN is an Argon2 hash, empty = none set."""

    class Channel(models.TextChoices):
        EMAIL = "email", _("E-mail")
        PHONE = "phone", _("Phone")
        SMS = "sms", _("SMS")
        PORTAL = "portal", _("Portal")

    AUTHORITIES = ("report", "change", "approve", "escalate")

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="contacts")
    name = models.CharField(max_length=120)
    job_title = models.CharField(max_length=80, blank=True)
    email = models.EmailField(blank=True)
    preferred_channel = models.CharField(max_length=8, choices=Channel.choices, default=Channel.EMAIL)
    language = models.CharField(max_length=16, default="en")
    may_report = models.BooleanField(default=True)
    may_change = models.BooleanField(default=False)
    may_approve = models.BooleanField(default=False)
    may_escalate = models.BooleanField(default=False)
    pin_hash = models.CharField(max_length=160, blank=True)
    active = models.BooleanField(default=True)
    user = models.OneToOneField("accounts.User", models.SET_NULL, null=True, blank=True, related_name="contact")
    erased_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField()

    objects = ContactQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        indexes = [
            GinIndex(OpClass(Lower("name"), name="gin_trgm_ops"), name="contact_name_trgm"),
            GinIndex(OpClass(Lower("email"), name="gin_trgm_ops"), name="contact_email_trgm"),
            models.Index(OpClass(Lower("name"), name="text_pattern_ops"), name="contact_name_prefix"),
            models.Index(OpClass(Lower("email"), name="text_pattern_ops"), name="contact_email_prefix"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def authorities(self) -> frozenset[str]:
        """What this person may do, as words: report, change, approve, escalate."""
        return frozenset(a for a in self.AUTHORITIES if getattr(self, f"may_{a}"))


class ContactPhone(models.Model):
    """A stored number in E.164; a call-back to it is a proof."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="phones")
    number = models.CharField(max_length=20)
    label = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["contact", "number"], name="contact_phone_once"),
            models.CheckConstraint(
                name="contact_phone_e164", condition=models.Q(number__regex=r"^\+[1-9][0-9]{5,14}$")
            ),
        ]
        indexes = [models.Index(OpClass("number", name="text_pattern_ops"), name="contact_phone_prefix")]

    def __str__(self) -> str:
        return self.number


class SecurityQuestion(models.Model):
    """A question with the Argon2 hash of the normalised answer; the answer is never readable."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="questions")
    question = models.CharField(max_length=160)
    answer_hash = models.CharField(max_length=160)

    def __str__(self) -> str:
        return self.question


class OneTimeCode(models.Model):
    """Six digits sent to a registered e-mail address during an interaction; hashed, ten minutes, one use."""

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="codes")
    interaction = models.ForeignKey("tickets.Interaction", models.CASCADE, related_name="codes")
    code_hash = models.CharField(max_length=160)
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"code of {self.contact_id}"
