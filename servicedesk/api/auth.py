"""From a bearer token or a browser session to `request.actor`, and what its scopes allow."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from knox.auth import TokenAuthentication as KnoxTokenAuthentication
from rest_framework import exceptions
from rest_framework.authentication import SessionAuthentication as PlainSessionAuthentication
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from accounts.actors import actor_for
from accounts.models import User
from ledger.actor import Actor

SCOPES = {
    "tickets:read": "Read tickets and their public notes",
    "tickets:write": "Log tickets and run commands on them",
    "tickets:restricted": "See restricted tickets",
    "notes:internal": "Read and write internal notes",
    "customers:read": "Read organisations, contacts, services, sites, entitlements",
    "escalations:read": "Read escalations, clocks, firings and policies",
    "escalations:write": "Request escalations and record what was done",
    "handovers:write": "Draft and note handovers between shifts",
    "rosters:write": "Keep rosters: layers, overrides, swaps, absences",
    "policies:write": "Draft, publish, retire policies and move running clocks",
}


class TokenAuthentication(KnoxTokenAuthentication):
    """`Authorization: Bearer …` of a service account. People sign in with a second factor, never with a token."""

    def authenticate(self, request: Request) -> tuple[User, Any] | None:
        """Return (user, token) and set `request.actor`, or None where no token is given."""
        found = super().authenticate(request)
        if found is None:
            return None
        user, token = found
        if user.kind != User.Kind.SERVICE:
            raise exceptions.AuthenticationFailed(_("Tokens belong to service accounts."))
        try:
            request._request.actor = actor_for(user, via="api")
        except PermissionError:
            raise exceptions.AuthenticationFailed(_("This service account is closed.")) from None
        return user, token


class SessionAuthentication(PlainSessionAuthentication):
    """The signed-in member of staff, with CSRF checked. Customers use the portal."""

    def authenticate(self, request: Request) -> tuple[User, None] | None:
        """Return (user, None) for signed-in staff, None for everyone else."""
        actor = getattr(request._request, "actor", None)
        if actor is None or not actor.is_staff:
            return None
        self.enforce_csrf(request)
        user = request._request.user
        return (user, None) if isinstance(user, User) else None

    def authenticate_header(self, request: Request) -> str:
        """Name the scheme that a 401 asks for."""
        return "Bearer"


def actor_of(request: Request | HttpRequest) -> Actor:
    """Return who acts. Raises NotAuthenticated if nobody does."""
    actor = getattr(getattr(request, "_request", request), "actor", None)
    if actor is None:
        raise exceptions.NotAuthenticated
    return actor


class HasActor(BasePermission):
    """Somebody acts, and a token holds the scope the view asks for (`scopes = {"read": …, "write": …}`)."""

    message = _("The token lacks the scope for this.")

    def has_permission(self, request: Request, view: Any) -> bool:
        """Return whether the actor may use this view at all; which rows it sees is `visible_to`'s."""
        actor = getattr(request._request, "actor", None)
        if actor is None or not request.user or not request.user.is_authenticated:
            raise exceptions.NotAuthenticated
        if actor.kind != "integration":
            return True
        wanted = getattr(view, "scopes", {})
        needed = wanted.get("read" if request.method in {"GET", "HEAD", "OPTIONS"} else "write")
        return needed is None or needed in actor.scopes
