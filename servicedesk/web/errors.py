"""The pages of what went wrong (design error.html): 400, 403, 404, 500 and a stale form."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400, never with what the exception said, but for a parameter of the address, which is named."""
    return render(request, "errors/400.html", {"sentence": getattr(exception, "sentence", "")}, status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403."""
    return render(request, "errors/403.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: the same bytes for absent and foreign."""
    return render(request, "errors/404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500 from a static template that needs no database."""
    return render(request, "errors/500.html", {"reference": getattr(request, "reference", "")}, status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form whose token is gone: says to load the page again, keeps nothing of the reason."""
    return render(request, "errors/csrf.html", status=403)
