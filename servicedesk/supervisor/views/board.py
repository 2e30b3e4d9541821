"""The live board and the wall screen."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from escalation.board import Filters
from ledger import clock
from servicedesk.supervisor.forms import BoardFilters
from servicedesk.supervisor.fragments import board_fragment
from servicedesk.web import parameters
from servicedesk.web.access import staff_required
from servicedesk.web.htmx import VARIES_BY, wants_piece

FILTERS = {name: parameters.text() for name in BoardFilters.base_fields if name != "once"}


@require_safe
@staff_required
@parameters.takes(view=parameters.one_of(["wall"]), **FILTERS)
def show(request: HttpRequest) -> HttpResponse:
    """Every open escalation the reader may see; `?view=wall` for the screen on the wall."""
    wall = request.GET.get("view") == "wall"
    return _board(request, wall=wall, name="supervisor:wall" if wall else "supervisor:board")


@require_safe
@staff_required
@parameters.takes(**FILTERS)
def wall(request: HttpRequest) -> HttpResponse:
    """The board for a screen nobody touches: dark, large, without controls."""
    return _board(request, wall=True, name="supervisor:wall")


def _board(request: HttpRequest, *, wall: bool, name: str) -> HttpResponse:
    form = BoardFilters(request.GET or None, actor=request.actor)
    for wrong in form.errors:
        raise parameters.BadParameter(wrong)
    chosen = form.cleaned_data if form.is_bound else {}
    picked = {key: value for key, value in chosen.items() if value and key != "once"}
    address = reverse(name) + (f"?{urlencode(picked)}" if picked else "")
    html, tag = board_fragment(request, Filters(**picked), clock.now(), address=address)
    if wants_piece(request):
        if request.headers.get("If-None-Match") == tag:
            return HttpResponse(status=304, headers={"ETag": tag})
        response = HttpResponse(html)
        response.headers["ETag"] = tag
    else:
        context = {"form": form, "picked": picked, "live": html, "wall": wall}
        response = render(request, "supervisor/board/show.html", context)
    patch_vary_headers(response, VARIES_BY)
    return response
