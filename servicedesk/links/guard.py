"""What every page behind a one-time link has in common: no store, no referrer, and a CSRF check that fits.

These pages send no referrer, so a browser answers their own forms with `Origin: null`. The check of the token in
cookie and form still holds; only an origin that says nothing is not held against the form.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.csrf import CsrfViewMiddleware
from django.utils.decorators import decorator_from_middleware
from django.views.decorators.csrf import csrf_exempt


class _LinkCsrf(CsrfViewMiddleware):
    def _origin_verified(self, request: HttpRequest) -> bool:
        return request.META.get("HTTP_ORIGIN") == "null" or super()._origin_verified(request)


def link_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponseBase]:
    """Guard a view: own CSRF check, never stored, never sent on as referrer, never indexed."""
    checked = decorator_from_middleware(_LinkCsrf)(view)

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = checked(request, *args, **kwargs)
        response.headers["Cache-Control"] = "no-store, private"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        return response

    guarded.who = "holder of the one-time link"
    return csrf_exempt(guarded)


def caller_of(request: HttpRequest) -> tuple[str | None, str]:
    """Return (address, browser) of who posts; the address only as the connection says it."""
    return request.META.get("REMOTE_ADDR") or None, request.headers.get("User-Agent", "")
