"""How people sign in: by e-mail, no open sign-up, each to their own door."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from servicedesk.web.navigation import APPROVERS


class DeskAccountAdapter(DefaultAccountAdapter):
    """No sign-up (people are invited); after sign-in customers reach the portal, staff the desk."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up alone."""
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Return the door of the one who signed in."""
        return home_of(request.user)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Queue account mail in the outbox, like every other mail, so that a slow server delays no request.

        The words may hold a reset link: they wait sealed, and are blanked once the mail is sent or buried.
        """
        from channels.sealed import Box
        from ledger.clock import real_now
        from ledger.models import OutboxMessage

        message = self.render_mail(template_prefix, email, context)
        OutboxMessage.objects.create(
            topic="mail.account",
            payload={"to": email, "subject": message.subject, "sealed": Box("account").seal(str(message.body))},
            due_at=real_now(),
        )


def home_of(user: Any) -> str:
    """Return the first page of a user: portal, board, queue, or approvals for who does nothing else."""
    if user.kind == "contact":
        return "/portal/"
    roles = set(user.role_grants.values_list("role", flat=True))
    if roles & {"supervisor", "duty_manager"}:
        return "/supervisor/"
    if roles and roles <= APPROVERS:
        return "/supervisor/approvals/"
    return "/desk/" if roles else "/supervisor/"
