"""Ending somebody's sign-ins at once: sessions, tokens, second factors (security.md 2, lines 47 and 48)."""

from typing import Any

from django.contrib.sessions.models import Session

from accounts.models import User


def end_sign_ins(user: User) -> int:
    """Delete every session and API token of `user`; return how many sessions ended."""
    held: Any = user  # the session and token packages hang their rows on it
    keys = list(held.usersession_set.values_list("session_key", flat=True))
    held.usersession_set.all().delete()
    held.auth_token_set.all().delete()
    return Session.objects.filter(session_key__in=keys).delete()[0]


def close_account(user: User) -> None:
    """Switch the sign-in off for good: inactive, no usable password, no session, no token."""
    user.is_active = user.is_staff = user.is_superuser = user.available = False
    user.set_unusable_password()
    user.save()
    end_sign_ins(user)
