"""The live board and the wall screen."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_POST, require_safe

from escalation.board_filters import Filters
from escalation.commands.keep_board import keep_board
from escalation.models import BoardChoice
from ledger import clock
from servicedesk.supervisor.forms import BoardFilters
from servicedesk.supervisor.fragments import board_fragment
from servicedesk.web import parameters
from servicedesk.web.access import staff_required
from servicedesk.web.htmx import VARIES_BY, see_other, wants_piece

FILTERS = {name: parameters.text() for name in BoardFilters.base_fields if name != "once"}


@require_safe
@staff_required
@parameters.takes(view=parameters.one_of(["wall"]), **FILTERS)
def show(request: HttpRequest) -> HttpResponse:
    """Every open escalation the reader may see; `?view=wall` for the screen on the wall.

    Without anything in its address it leads to the filters the reader kept.
    """
    wall = request.GET.get("view") == "wall"
    if not request.GET and not wants_piece(request):
        kept = BoardChoice.objects.filter(user_id=request.actor.user_id).values_list("filters", flat=True).first()
        form = BoardFilters(kept, actor=request.actor) if kept else None
        if form is not None and form.is_valid():
            return HttpResponseRedirect(f"{reverse('supervisor:board')}?{urlencode(kept)}")
    return _board(request, wall=wall, name="supervisor:wall" if wall else "supervisor:board")


@require_POST
@staff_required
def keep(request: HttpRequest) -> HttpResponse:
    """Narrow the board, and keep it so for the next visit; the address says it too."""
    form = BoardFilters(request.POST, actor=request.actor)
    chosen = {} if "all" in request.POST else _chosen(form)
    keep_board(filters=chosen, actor=request.actor, at=clock.now())
    return see_other(request, reverse("supervisor:board") + (f"?{urlencode(chosen)}" if chosen else ""))


@require_safe
@staff_required
@parameters.takes(**FILTERS)
def wall(request: HttpRequest) -> HttpResponse:
    """The board for a screen nobody touches: dark, large, without controls."""
    return _board(request, wall=True, name="supervisor:wall")


def _chosen(form: BoardFilters) -> dict[str, Any]:
    for wrong in form.errors:
        raise parameters.BadParameter(wrong)
    return {key: value for key, value in form.cleaned_data.items() if value and key != "once"}


def _board(request: HttpRequest, *, wall: bool, name: str) -> HttpResponse:
    piece = wants_piece(request)
    # a piece of the board as a whole needs no form: hundreds of boards ask for it at once
    form = None if piece and not request.GET else BoardFilters(request.GET or None, actor=request.actor)
    picked = _chosen(form) if form is not None and form.is_bound else {}
    query = f"?{urlencode(picked)}" if picked else ""
    html, tag = board_fragment(request, Filters(**picked), clock.now(), address=reverse(name) + query)
    if piece or form is None:
        if request.headers.get("If-None-Match") == tag:
            return HttpResponse(status=304, headers={"ETag": tag})
        response = HttpResponse(html)
        response.headers["ETag"] = tag
    else:
        narrowed = [dict(form.fields[key].choices).get(value, value) for key, value in picked.items()]
        context = {"form": form, "narrowed": narrowed, "query": query, "live": html, "wall": wall}
        response = render(request, "supervisor/board/show.html", context)
    patch_vary_headers(response, VARIES_BY)
    return response
