"""Somebody leaves: what they hold goes to a successor, then their sign-ins end."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.actors import actor_for
from accounts.commands.deactivate import deactivate_staff
from accounts.models import User
from ledger.actor import SYSTEM
from ledger.clock import now
from ledger.errors import Refused
from servicedesk.people_registry import HOLDINGS


def _by_email(email: str) -> User:
    user = User.objects.filter(email=email.strip().lower(), kind="staff").first()
    if user is None:
        raise CommandError(f"No member of staff signs in as {email}.")
    return user


class Command(BaseCommand):
    """`manage.py deactivate_staff EMAIL --reason TEXT [--successor EMAIL] [--by EMAIL]`."""

    help = "Hand over all a person holds and end their sign-ins; without --successor it lists what they hold."

    def add_arguments(self, parser: Any) -> None:
        """Who leaves, who takes over, why, and which administrator decided."""
        parser.add_argument("email")
        parser.add_argument("--reason", required=True)
        parser.add_argument("--successor")
        parser.add_argument("--by", help="the administrator who decided; else the desk itself stands on the record")

    def handle(self, *args: Any, **options: Any) -> None:
        """Deactivate, or say what stands in the way."""
        successor = _by_email(options["successor"]) if options["successor"] else None
        try:
            user = deactivate_staff(
                user_id=_by_email(options["email"]).pk,
                successor_id=successor.pk if successor else None,
                reason=options["reason"],
                actor=actor_for(_by_email(options["by"])) if options["by"] else SYSTEM,
                at=now(),
                registry=HOLDINGS,
            )
        except Refused as refusal:
            held = [f"  {kind}: {ref}" for kind, refs in refusal.details.get("holds", {}).items() for ref in refs]
            raise CommandError("\n".join([str(refusal.message), *held])) from refusal
        self.stdout.write(f"{user.name} is out. Their sign-ins have ended.")
