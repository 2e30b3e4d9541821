"""Whoever signs in: staff, a customer's contact, or a service account. By e-mail."""

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from ledger.ids import uuid7


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create one person. `password` None leaves sign-in by password closed."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create an administrator who reaches Django's admin."""
        fields |= {"kind": User.Kind.STAFF, "is_staff": True, "is_superuser": True}
        return self.create_user(email, password, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """A sign-in. `is_staff` opens /admin/ (administrators only); `kind` says which door is theirs."""

    class Kind(models.TextChoices):
        STAFF = "staff", _("Staff")
        CONTACT = "contact", _("Customer contact")
        SERVICE = "service", _("Service account")

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    phone = models.CharField(max_length=20, blank=True, help_text=_("E.164"))
    chat_url = models.CharField(max_length=400, blank=True)
    time_zone = models.CharField(max_length=64, default="UTC")
    language = models.CharField(max_length=16, default="en")
    languages = ArrayField(models.CharField(max_length=16), default=list, blank=True)
    skills = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    shift = models.CharField(max_length=40, blank=True)
    available = models.BooleanField(default=True)
    single_keys = models.BooleanField(default=True, help_text=_("Single-key shortcuts"))
    manager = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="reports")
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)

    objects = UserManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                name="user_kind_known", condition=models.Q(kind__in=["staff", "contact", "service"])
            ),
            models.UniqueConstraint(Lower("email"), name="user_email_once"),
            models.CheckConstraint(
                name="user_admin_is_staff", condition=models.Q(is_staff=False) | models.Q(kind="staff")
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def initials(self) -> str:
        """First letters of the first and last word of the name, for the avatar."""
        words = self.name.split()
        return ((words[0][0] + words[-1][0]) if len(words) > 1 else self.name[:2]).upper()
