"""What shapes the queue: its filters, its columns and order, and the views agents keep."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Team
from ledger import clock
from ledger.actor import Actor
from ledger.errors import Refused
from servicedesk.desk.columns import COLUMNS
from servicedesk.desk.forms.base import line, one_of
from servicedesk.desk.listing import ASKED, GROUP_WORDS, ORDER_WORDS, PARAMETERS, STATE, Asked, asked_of, kept, views_of
from servicedesk.web import parameters
from servicedesk.web.access import staff_required
from servicedesk.web.forms import CommandForm
from servicedesk.web.htmx import see_other, swap
from tickets.commands.view import change_view, remove_view, save_view
from tickets.models import QueueView

KEEP_PAGE, KEEP_PIECE = "desk/queue_keep.html", "desk/parts/queue_keep.html"


class KeepForm(CommandForm):
    """A name for what the queue shows, and who finds it."""

    name = line(_("Name"), limit=40)
    team = one_of(_("Share with"), Team.objects.none(), required=False, empty=_("Nobody, only I see it"))
    state = forms.CharField(max_length=8000, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["team"].queryset = Team.objects.filter(pk__in=actor.team_ids, active=True)


@staff_required
@require_safe
@parameters.takes(**ASKED)
def filters(request: HttpRequest) -> HttpResponse:
    """Every filter, with what is chosen now; sends its choice to the queue."""
    asked = asked_of(request.GET, views_of(request.actor))
    return swap(
        request, "desk/queue_filters.html", "desk/parts/queue_filters.html",
        {"asked": asked, "kept": asked.pairs(without=[name for name in PARAMETERS if name != "q"])},
    )  # fmt: skip


@staff_required
@require_safe
@parameters.takes(**ASKED)
def layout(request: HttpRequest) -> HttpResponse:
    """Columns, order and grouping."""
    asked = asked_of(request.GET, views_of(request.actor))
    context = {
        "asked": asked, "kept": asked.pairs(without=["order", "group", "cols"]), "columns": COLUMNS,
        "orders": ORDER_WORDS, "groupings": GROUP_WORDS,
    }  # fmt: skip
    return swap(request, "desk/queue_layout.html", "desk/parts/queue_layout.html", context)


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
@parameters.takes(**ASKED)
def keep(request: HttpRequest) -> HttpResponse:
    """Keep what the queue shows as a view."""
    if request.method != "POST":
        asked = asked_of(request.GET, views_of(request.actor))
        form = KeepForm(initial={"state": asked.query}, actor=request.actor)
        return _keeping(request, form, asked.saved)
    form = KeepForm(request.POST, actor=request.actor)
    return _kept(request, form, None)


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
@parameters.takes(**ASKED)
def change(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Change one's own view: its name, who finds it, and what it shows when the address says so."""
    view = _own(uuid, request.actor)
    if request.method != "POST":
        asked = asked_of(request.GET, [view]) if set(request.GET) & set(STATE) else kept(view)
        first = {"name": view.name, "team": view.team.uuid if view.team else None, "state": asked.query}
        return _keeping(request, KeepForm(initial=first, actor=request.actor), view, own=True)
    return _kept(request, KeepForm(request.POST, actor=request.actor), view)


@staff_required
@require_POST
def remove(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Remove one's own view."""
    view = _own(uuid, request.actor)
    remove_view(view_id=view.pk, actor=request.actor, at=clock.now())
    messages.success(request, _t("View removed"))
    return see_other(request, reverse("desk:queue"))


def _own(uuid: UUID, actor: Actor) -> QueueView:
    view = QueueView.objects.visible_to(actor).filter(uuid=uuid, owner_id=actor.user_id).select_related("team").first()
    if view is None:
        raise Http404
    return view


def _keeping(
    request: HttpRequest, form: KeepForm, view: QueueView | None, *, own: bool = False, status: int = 200
) -> HttpResponse:
    mine = view is not None and view.owner_id == request.actor.user_id
    context = {"form": form, "view": view if own else None, "based": view if mine and not own else None,
               "state": form["state"].value() or ""}  # fmt: skip
    return swap(request, KEEP_PAGE, KEEP_PIECE, context, status=status)


def _kept(request: HttpRequest, form: KeepForm, view: QueueView | None) -> HttpResponse:
    """Save a new view, or change `view`; back to the queue that shows it."""
    if form.is_valid():
        asked = _state(form.cleaned_data["state"], view)
        team = form.cleaned_data["team"]
        what: dict[str, Any] = {"name": form.cleaned_data["name"], "team_id": team.pk if team else None,
                                "settings": asked.settings, "actor": request.actor, "at": clock.now()}  # fmt: skip
        try:
            saved = save_view(**what) if view is None else change_view(view_id=view.pk, **what)
        except Refused as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, _t("View saved"))
            return see_other(request, f"{reverse('desk:queue')}?saved={saved.uuid}")
    return _keeping(request, form, view, own=view is not None, status=422)


def _state(said: str, view: QueueView | None) -> Asked:
    """Read the queue's address that the form carried. Raises BadParameter."""
    given = QueryDict(said)
    for name, values in given.lists():
        if name not in ASKED or not all(ASKED[name](value) for value in values if value):
            raise parameters.BadParameter(name, known=name in ASKED)
    return asked_of(given, [view] if view else [])
