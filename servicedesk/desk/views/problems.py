"""Problems: a list to narrow, one with its tickets and its cause, opened by hand; the same as CSV (C-28)."""

import csv
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Max, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from catalogue.models import Service
from ledger import clock
from ledger.errors import Refused
from servicedesk.desk.forms.problem import DescribeForm, OpenForm, OwnerForm
from servicedesk.desk.problem_acts import ACTS
from servicedesk.desk.problem_page import Page
from servicedesk.desk.views.queue import EXPORT_LIMIT, safe
from servicedesk.web import parameters
from servicedesk.web.access import staff_required
from servicedesk.web.htmx import see_other
from tickets.commands.problem import open_problem
from tickets.models import Problem

PER_PAGE = 50
VIEWS = {"live": gettext_lazy("Cause still there"), "known": gettext_lazy("Known errors"),
         "solved": gettext_lazy("Solved"), "all": gettext_lazy("All")}  # fmt: skip
STATES = {"open": ("soon", "search"), "known": ("soon", "bulb"), "solved": ("met", "circle-check"),
          "closed": ("met", "archive")}  # fmt: skip
ASKED = {"view": parameters.one_of(VIEWS), "q": parameters.text(80)}
HEAD = ["number", "title", "state", "service", "customer", "owner", "opened", "tickets", "last_fault"]


@staff_required
@require_safe
@parameters.takes(page=parameters.PAGE, **ASKED)
def listing(request: HttpRequest) -> HttpResponse:
    """The problems of one view, newest first."""
    view, q = request.GET.get("view") or "live", request.GET.get("q", "").strip()
    page = Paginator(_rows(request, view, q), PER_PAGE).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "page": page, "view": view, "views": VIEWS.items(), "q": q,
        "rows": [(row, *STATES[row.state]) for row in page.object_list],
        "query": urlencode([("view", view), *([("q", q)] if q else [])]),
    }  # fmt: skip
    return render(request, "desk/problems/list.html", context)


@staff_required
@require_safe
@parameters.takes(**ASKED)
def export(request: HttpRequest) -> HttpResponse:
    """The view as CSV; text that a spreadsheet would run as a formula is quoted."""
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="problems.csv"'
    writer = csv.writer(response, quoting=csv.QUOTE_ALL)
    writer.writerow(HEAD)
    for row in _rows(request, request.GET.get("view") or "live", request.GET.get("q", "").strip())[:EXPORT_LIMIT]:
        writer.writerow([
            row.number, safe(row.title), row.state, row.service.service_id, safe(row.organisation.name),
            safe(row.owner.name) if row.owner else "", row.opened_at.isoformat(), row.tickets,
            row.last_fault.isoformat() if row.last_fault else "",
        ])  # fmt: skip
    return response


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
@parameters.takes(service=parameters.text(40))
def new(request: HttpRequest) -> HttpResponse:
    """Open a problem by hand; `?service=` the ID to begin with."""
    form = OpenForm(request.POST or None, initial={"service": request.GET.get("service", "")})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        known = Service.objects.visible_to(request.actor).filter(service_id__iexact=data["service"].strip())
        key = known.values_list("pk", flat=True).first() or 0
        try:
            made = open_problem(service_id=key, title=data["title"], actor=request.actor, at=clock.now())
        except Refused as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, _("Problem opened. Link its tickets."))
            return see_other(request, reverse("desk:problem", args=[made.uuid]))
    return render(request, "desk/problems/new.html", {"form": form}, status=422 if form.errors else 200)


@staff_required
@require_safe
def show(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The page; it may be printed."""
    return _page(request, _found(request, uuid))


@staff_required
@require_POST
def act(request: HttpRequest, uuid: UUID, command: str) -> HttpResponse:
    """Run one command; a refusal opens its dialog again with what was typed (422)."""
    found = _found(request, uuid)
    if command not in ACTS:
        raise Http404
    form = _form(command, found, request.POST)
    if form.is_valid():
        data = {name: value for name, value in form.cleaned_data.items() if name != "once"}
        try:
            ACTS[command].run(problem_id=found.pk, actor=request.actor, at=clock.now(), **data)
        except Refused as refusal:
            if refusal.code == "unknown_problem":
                raise Http404 from None
            form.add_refusal(refusal)
        else:
            messages.success(request, ACTS[command].said)
            return see_other(request, reverse("desk:problem", args=[uuid]))
    return _page(request, found, refused=(command, form), status=422)


def _rows(request: HttpRequest, view: str, q: str) -> QuerySet[Any]:
    rows = Problem.objects.visible_to(request.actor).select_related("service", "organisation", "owner")
    wanted = {"live": Problem.LIVE, "known": (Problem.State.KNOWN,), "solved": ("solved", "closed")}
    if view in wanted:
        rows = rows.filter(state__in=wanted[view])
    if q:
        near = Q(title__icontains=q) | Q(number__iexact=q) | Q(service__service_id__iexact=q)
        rows = rows.filter(near | Q(organisation__name__icontains=q))
    return rows.annotate(tickets=Count("linked"), last_fault=Max("linked__ticket__received_at"))


def _found(request: HttpRequest, uuid: UUID) -> Problem:
    rows = Problem.objects.visible_to(request.actor).select_related("service", "organisation", "owner")
    return get_object_or_404(rows, uuid=uuid)


def _form(command: str, found: Problem, data: Any = None) -> Any:
    form = ACTS[command].form
    initial: dict[str, Any] = {"version": found.version}
    if form is DescribeForm:
        initial |= {name: getattr(found, name) for name in ("root_cause", "known_error", "workaround")}
    if form is OwnerForm and found.owner is not None:
        initial["owner"] = found.owner.uuid
    return form(data, auto_id=f"id_{command}_%s", initial=initial)


def _page(request: HttpRequest, found: Problem, *, refused: Any = None, status: int = 200) -> HttpResponse:
    dialogs = []
    for slug, each in ACTS.items():
        bound = refused is not None and refused[0] == slug
        if bound or each.allowed(found, request.actor):
            form = refused[1] if bound else _form(slug, found)
            dialogs.append({"slug": slug, "act": each, "form": form, "open": bound})
    state, mark = STATES[found.state]
    context = {"problem": found, "page": Page(found, request.actor, clock.now()), "dialogs": dialogs, "state": state,
               "mark": mark, "may": {row["slug"] for row in dialogs}}  # fmt: skip
    return render(request, "desk/problems/show.html", context, status=status)
