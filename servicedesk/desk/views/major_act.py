"""One view for every command on a major incident, and the news: draft, preview, send."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_http_methods, require_POST

from ledger import clock
from ledger.errors import Refused
from servicedesk.desk.forms.major import MajorForm
from servicedesk.desk.forms.major_talk import NewsForm
from servicedesk.desk.majors import BY_SLUG
from servicedesk.desk.views.majors import found, room_context
from servicedesk.web import parameters
from servicedesk.web.access import staff_required
from servicedesk.web.htmx import see_other, swap
from tickets.models import MajorIncident

PAGE, PIECE = "desk/majors/command.html", "desk/majors/_command.html"
UNKNOWN = {"unknown_major", "unknown_ticket", "unknown_item", "unknown_role"}


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
@parameters.takes(item=parameters.text(36))
def act(request: HttpRequest, uuid: Any, command: str) -> HttpResponse:
    """Show or run one command; a refusal shows its form again with the words kept."""
    incident, kind = found(request, uuid), BY_SLUG.get(command)
    if kind is None or kind is NewsForm:
        raise Http404
    item = (request.POST if request.method == "POST" else request.GET).get("item", "")[:36]
    form = kind(request.POST if request.method == "POST" else None, incident=incident, actor=request.actor,
                at=clock.now(), item=item)  # fmt: skip
    if request.method == "POST" and form.is_valid():
        answer = _run(request, incident, form)
        if answer is not None:
            return answer
    status = 422 if form.is_bound and form.errors else 200
    context = {"incident": incident, "form": form, "item": item}
    return swap(request, PAGE, PIECE, context, status=status)


@staff_required
@require_POST
def news(request: HttpRequest, uuid: Any) -> HttpResponse:
    """The composer: `do` says whether it is kept as a draft, shown as customers will read it, or sent."""
    incident = found(request, uuid)
    form = NewsForm(request.POST, incident=incident, actor=request.actor, at=clock.now())
    if form.is_valid():
        answer = _spoken(request, incident, form, request.POST.get("do", "send"))
        if answer is not None:
            return answer
    return render(request, "desk/majors/show.html", room_context(request, incident, form), status=422)


def _spoken(request: HttpRequest, incident: MajorIncident, form: NewsForm, do: str) -> HttpResponse | None:
    if do == "send":
        return _run(request, incident, form)
    try:
        form.draft()
    except Refused as refusal:
        form.add_refusal(refusal)
        return None
    if do == "preview":
        context = room_context(request, incident, form)
        return render(request, "desk/majors/preview.html", context)
    messages.success(request, _t("Draft kept"))
    return see_other(request, _home(incident))


def _run(request: HttpRequest, incident: MajorIncident, form: MajorForm) -> HttpResponse | None:
    """Carry it out and go back to the room; None after a refusal, which is in the form."""
    try:
        refused = form.run()
    except Refused as refusal:
        if refusal.code in UNKNOWN:
            raise Http404
        form.add_refusal(refusal)
        return None
    messages.success(request, str(form.said))
    if isinstance(refused, str) and refused:
        messages.warning(request, refused)
    return see_other(request, _home(incident))


def _home(incident: MajorIncident) -> str:
    return reverse("desk:major", args=[incident.uuid])
