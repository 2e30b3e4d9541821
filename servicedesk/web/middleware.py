"""What every request passes: health before all, guards on the body, the actor, the session's age."""

import re
import time
import uuid

from django.conf import settings
from django.contrib.auth import logout
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.actors import actor_for
from servicedesk.web import health

NO_STORE = "no-store, private"
OPEN_PATHS = ("/static/", "/accounts/", "/livez", "/readyz")
WALL_PATH = "/supervisor/wall/"
WALL_ROLES = ("supervisor", "duty_manager")


class HealthMiddleware:
    """Answers /livez and /readyz before hosts, sessions and the rest, so that they tell the truth when those fail."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path == "/livez":
            return _guarded(HttpResponse("alive", content_type="text/plain; charset=utf-8"))
        if request.path == "/readyz":
            problem = health.not_ready()
            return _guarded(JsonResponse({"ready": not problem, "problem": problem}, status=503 if problem else 200))
        return self.get_response(request)


def _guarded(response: HttpResponse) -> HttpResponse:
    """Give an answer made before the other middleware the headers it would have got there."""
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'"
    response.headers["Cache-Control"] = NO_STORE
    return response


class BodyGuardMiddleware:
    """Refuses what no handler should see: NUL in the query, doubled slashes and encoded separators in the path."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.reference = uuid.uuid4().hex[:12]
        response = self._answer(request)
        response.headers["X-Request-ID"] = request.reference
        return response

    def _answer(self, request: HttpRequest) -> HttpResponse:
        if "%00" in request.META.get("QUERY_STRING", "") or "\x00" in request.path or "..;" in request.path:
            return HttpResponse(_("Bad request"), status=400, content_type="text/plain; charset=utf-8")
        try:
            response = self.get_response(request)
        except RequestDataTooBig:
            response = HttpResponse(_("Too large"), status=413, content_type="text/plain; charset=utf-8")
        if not request.path.startswith("/static/"):
            response.headers.setdefault("Cache-Control", NO_STORE)
        return response


class ActorMiddleware:
    """Sets `request.actor` (None for strangers); enforces session age and TOTP for staff; zone and language.

    Idle 30 minutes, absolute 12 hours (security.md 2, line 46). Live fragments (`X-Desk-Poll`) do not count as use.
    An idle session of a supervisor still reads the wall screen, and nothing else (ADR 0007).
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = None
        if request.path.startswith("/static/"):
            return self.get_response(request)
        if request.user.is_authenticated:
            refusal = self._session_over(request) or self._identify(request) or self._needs_totp(request)
            if refusal is not None:
                return refusal
        with timezone.override(getattr(request.actor, "time_zone", "UTC") or "UTC"):
            return self.get_response(request)

    def _session_over(self, request: HttpRequest) -> HttpResponse | None:
        now, session = time.time(), request.session
        started, seen = session.get("desk_started", now), session.get("desk_seen", now)
        idle = now - seen > settings.SESSION_IDLE_SECONDS
        if now - started > settings.SESSION_ABSOLUTE_SECONDS or (idle and not _reads_the_wall(request)):
            logout(request)
            return signed_out(request)
        if idle:
            return None
        if "desk_started" not in session:
            session["desk_started"] = now
        if "desk_seen" not in session or (now - seen > 60 and "X-Desk-Poll" not in request.headers):
            session["desk_seen"] = now
        return None

    def _identify(self, request: HttpRequest) -> HttpResponse | None:
        try:
            request.actor = actor_for(request.user)
        except PermissionError:
            logout(request)
            return signed_out(request)
        if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = translation.get_language()
        return None

    def _needs_totp(self, request: HttpRequest) -> HttpResponse | None:
        """Staff without a second factor reach only its set-up page (outside demo and test)."""
        if not settings.STAFF_MFA_REQUIRED or request.user.kind != "staff" or request.path.startswith(OPEN_PATHS):
            return None
        from allauth.mfa.utils import is_mfa_enabled

        return None if is_mfa_enabled(request.user) else HttpResponseRedirect(reverse("mfa_activate_totp"))


def _reads_the_wall(request: HttpRequest) -> bool:
    """Whether this asks for the wall screen, which nobody touches, and may: supervisors and duty managers."""
    if request.method not in ("GET", "HEAD") or request.path != WALL_PATH:
        return False
    return request.user.role_grants.filter(role__in=WALL_ROLES).exists()


def signed_out(request: HttpRequest) -> HttpResponse:
    """Return what a request without a session gets: 401 for scripts and fragments, else the sign-in page."""
    target = reverse("account_login")
    if "HX-Request" in request.headers or "X-Desk-Poll" in request.headers or request.path.startswith("/api/"):
        response = HttpResponse(status=401)
        response.headers["HX-Redirect"] = target
        return response
    if request.method == "GET" and re.fullmatch(r"/[A-Za-z0-9/_.-]*", request.path):
        target += f"?next={request.path}"
    return HttpResponseRedirect(target)
