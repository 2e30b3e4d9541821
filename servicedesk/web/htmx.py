"""One URL serves both: the whole page, or the piece htmx will swap into it (house.md 6.4)."""

import json

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

ASKS_WHOLE = ("HX-Boosted", "HX-History-Restore-Request")
VARIES_BY = ("HX-Request", *ASKS_WHOLE)


def wants_piece(request: HttpRequest) -> bool:
    """True when htmx will swap the answer into a page it already shows."""
    return "HX-Request" in request.headers and not any(name in request.headers for name in ASKS_WHOLE)


def swap(
    request: HttpRequest, whole: str, piece: str, context: dict | None = None, *, status: int = 200
) -> HttpResponse:
    """Render `piece` when htmx will swap it in; `whole`, which includes it, for every other request,
    a boosted link and a restored history entry among them. `status` is 422 for a refused form."""
    response = render(request, piece if wants_piece(request) else whole, context or {}, status=status)
    patch_vary_headers(response, VARIES_BY)
    return response


def see_other(request: HttpRequest, url: str) -> HttpResponse:
    """Answer a finished command with another page: 303 for a browser, `HX-Redirect` (200) for htmx,
    because fetch would follow a 303 by itself and htmx would swap that page into a row."""
    if wants_piece(request):
        return HttpResponse(status=200, headers={"HX-Redirect": url})
    return HttpResponse(status=303, headers={"Location": url})


def said(response: HttpResponse, title: str, text: str = "") -> HttpResponse:
    """Let the browser say what a command did, in a toast and to screen readers (event `desk:said`)."""
    response.headers["HX-Trigger"] = json.dumps({"desk:said": {"title": str(title), "text": str(text)}})
    return response
