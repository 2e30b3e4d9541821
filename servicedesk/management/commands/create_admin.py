"""The first administrator, by a one-time link: no password is ever typed into a shell or stored by us (decisions 5)."""

from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.urls import reverse

from accounts.commands.staff import add_staff, grant_role
from accounts.models import RoleGrant, User
from ledger.actor import SYSTEM
from ledger.clock import now
from ledger.errors import Refused


def one_time_link(user: User) -> str:
    """Return the address where `user` sets a password once; dead after use, and after `PASSWORD_RESET_TIMEOUT`."""
    key = f"{user_pk_to_url_str(user)}-{default_token_generator.make_token(user)}"
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
    return settings.BASE_URL + path.replace("UID-KEY", key)


class Command(BaseCommand):
    """`manage.py create_admin EMAIL --name NAME`: prints the link. `--again` makes a fresh one for the same person."""

    help = "Make an administrator and print a one-time link where they set their password."

    def add_arguments(self, parser: Any) -> None:
        """Whom."""
        parser.add_argument("email")
        parser.add_argument("--name", default="")
        parser.add_argument(
            "--again", action="store_true", help="a fresh link for an administrator who never signed in"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the person and the grant in one transaction, then print the link."""
        email, at = options["email"].strip().lower(), now()
        if options["again"]:
            user = User.objects.filter(email=email, is_active=True, last_login=None).first()
            if user is None or not RoleGrant.objects.filter(user=user, role="administrator").exists():
                raise CommandError("No administrator who never signed in has this address.")
        else:
            try:
                with transaction.atomic():
                    user = add_staff(email=email, name=options["name"] or email, actor=SYSTEM, at=at)
                    grant_role(user_id=user.pk, role="administrator", actor=SYSTEM, at=at)
            except Refused as refusal:
                raise CommandError(str(refusal.message)) from refusal
        self.stdout.write(f"Open this once to set the password:\n{one_time_link(User.objects.get(pk=user.pk))}")
