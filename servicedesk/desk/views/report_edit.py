"""Write a report: save the draft as often as wanted, gather people anew, file it. Nothing typed is lost."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ledger import clock
from ledger.errors import Refused
from quality.reports import checks
from quality.reports.commands.file import file_report
from quality.reports.commands.save import gather_people, save_report
from quality.reports.models import Edition
from quality.reports.queries import report_view
from servicedesk.desk.forms import report as shapes
from servicedesk.desk.report_page import may
from servicedesk.desk.views.report import edition_or_404
from servicedesk.web.access import staff_required
from servicedesk.web.htmx import see_other
from servicedesk.web.sheets import Sheet

PAGE = "desk/reports/edit.html"


@dataclass(slots=True)
class Typed:
    """The three forms of the page."""

    form: shapes.ReportForm
    people: Any
    measures: Any

    def is_valid(self) -> bool:
        return all([self.form.is_valid(), self.people.is_valid(), self.measures.is_valid()])

    def content(self) -> Any:
        """Return what was typed, for the command."""
        people = [row.person for row in self.people if row.person is not None]
        return self.form.content(people, [row.measure for row in self.measures if row.measure is not None])


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The draft. POST with act=save, people (gather anew) or file; 409 where somebody saved meanwhile, 422 refused."""
    found = edition_or_404(request, uuid)
    if request.method != "POST":
        if found.filed:
            return see_other(request, reverse("desk:report", args=[found.uuid]))
        return _page(request, found, _fresh(found))
    typed = _posted(request)
    if not typed.is_valid():
        return _page(request, found, typed, status=422)
    try:
        saved = save_report(
            edition_id=found.pk, content=typed.content(), actor=request.actor, at=clock.now(),
            version=typed.form.cleaned_data["version"],
        )  # fmt: skip
        return _then(request, saved, typed)
    except Refused as refusal:
        return _refused(request, found, typed, refusal)


def _then(request: HttpRequest, saved: Edition, typed: Typed) -> HttpResponse:
    """What follows a saved draft: nothing, gathering, or filing. What was typed is saved whatever comes of it."""
    act, at = request.POST.get("act", "save"), clock.now()
    if act == "people":
        gather_people(edition_id=saved.pk, actor=request.actor, at=at, version=saved.version)
    if act == "file":
        reasons = checks.missing(saved)
        if reasons:
            return _incomplete(request, saved, typed, reasons)
        confirmed = typed.form.cleaned_data["people_confirmed"]
        file_report(edition_id=saved.pk, people_confirmed=confirmed, actor=request.actor, at=at, version=saved.version)
        messages.success(request, _("Report filed"))
        return see_other(request, reverse("desk:report", args=[saved.uuid]))
    messages.success(request, _("Draft saved"))
    return see_other(request, reverse("desk:report-edit", args=[saved.uuid]))


def _incomplete(request: HttpRequest, saved: Edition, typed: Typed, reasons: list[Refused]) -> HttpResponse:
    for refusal in reasons:
        typed.form.add_refusal(refusal)
    return _again(request, saved, typed, status=422)


def _refused(request: HttpRequest, found: Edition, typed: Typed, refusal: Refused) -> HttpResponse:
    now = edition_or_404(request, found.uuid)
    if refusal.code == "stale":
        return _again(request, now, typed, status=409, stale=True)
    typed.form.add_refusal(refusal)
    return _again(request, now, typed, status=422)


def _again(request: HttpRequest, now: Edition, typed: Typed, *, status: int, stale: bool = False) -> HttpResponse:
    """The same words once more, ready to be saved over what stands now."""
    data = typed.form.data.copy()
    data["version"] = now.version
    typed.form.data = data
    return _page(request, now, typed, status=status, stale=stale)


def _fresh(edition: Edition) -> Typed:
    measures = [{**row, "owner": row.get("owner", "")} for row in edition.measures]
    return Typed(
        form=shapes.ReportForm(initial=shapes.initial(edition)),
        people=shapes.PeopleForms(initial=shapes.people_initial(edition.people), prefix="people"),
        measures=shapes.MeasureForms(initial=measures, prefix="measures", form_kwargs={"owners": shapes.owners()}),
    )


def _posted(request: HttpRequest) -> Typed:
    owners = {"owners": shapes.owners()}
    return Typed(
        form=shapes.ReportForm(request.POST),
        people=shapes.PeopleForms(request.POST, prefix="people"),
        measures=shapes.MeasureForms(request.POST, prefix="measures", form_kwargs=owners),
    )


def _page(
    request: HttpRequest, edition: Edition, typed: Typed, *, status: int = 200, stale: bool = False
) -> HttpResponse:
    full = edition_or_404(request, edition.uuid)
    sheet = Sheet(report_view(full, inside=True))  # in the writer's own zone, as the form is
    context = {
        "edition": full, "ticket": full.report.ticket, "sheet": sheet, "form": typed.form, "people": typed.people,
        "measures": typed.measures, "missing": _missing(full, typed), "may": may(full, full, request.actor),
        "differences": _differences(full, typed) if stale else [], "stale": stale, "due": sheet.view.figures.due_at,
    }  # fmt: skip
    return render(request, PAGE, context, status=status)


def _missing(edition: Edition, typed: Typed) -> list[tuple[Any, Any]]:
    """What filing would still ask for: the name of the field, and what to do."""
    names = {"people": _("Who took part"), "measures": _("Measures")}
    fields = typed.form.fields
    return [
        (fields[r.field].label if r.field in fields else names.get(r.field or "", ""), r.message)
        for r in checks.missing(edition)
    ]


def _differences(now: Edition, typed: Typed) -> list[dict[str, str]]:
    """The fields whose saved words are not the typed ones."""
    found = []
    for name in shapes.WORDS:
        stands, mine = getattr(now, name), typed.form.cleaned_data.get(name)
        if (stands or "") != (mine or ""):
            found.append({"label": typed.form.fields[name].label, "now": stands, "mine": mine})
    return found
