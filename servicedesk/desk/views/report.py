"""The report of a fault at the desk: begin, read, draw as PDF, begin a new version, release."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ledger import clock
from ledger.errors import Refused
from quality.reports.commands.draft import draft_report
from quality.reports.commands.file import amend_report, release_report
from quality.reports.models import Edition
from quality.reports.queries import editions
from servicedesk.desk.forms.report import AmendForm
from servicedesk.desk.reading import ticket_or_404
from servicedesk.desk.report_page import may, off
from servicedesk.web import parameters, pdf
from servicedesk.web.access import staff_required
from servicedesk.web.htmx import see_other
from servicedesk.web.sheets import Sheet, pdf_answer, sheet_of

READERS = parameters.one_of(["customer"])


def edition_or_404(request: HttpRequest, uuid: UUID) -> Edition:
    """Return a version the reader may know of, with all its page names; 404 for absent and foreign alike."""
    found = editions().visible_to(request.actor).filter(uuid=uuid).first()
    if found is None:
        raise Http404
    return found


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def of_ticket(request: HttpRequest, number: str) -> HttpResponse:
    """Lead to the newest version of the ticket's report; POST begins the first one from the records."""
    ticket = ticket_or_404(number, request.actor)
    if request.method == "POST":
        try:
            made = draft_report(ticket_id=ticket.pk, actor=request.actor, at=clock.now())
        except Refused as refusal:
            return render(request, "desk/reports/begin.html", {"ticket": ticket, "refused": refusal}, status=422)
        return see_other(request, reverse("desk:report" if made.filed else "desk:report-edit", args=[made.uuid]))
    rows = Edition.objects.visible_to(request.actor).filter(report__ticket=ticket)
    newest = rows.order_by("-report__run_no", "-number").first()
    if newest is None or (newest.report.run_no != ticket.run_no and off(ticket, request.actor) is None):
        context = {"ticket": ticket, "off": off(ticket, request.actor), "earlier": newest}
        return render(request, "desk/reports/begin.html", context)
    return see_other(request, reverse("desk:report", args=[newest.uuid]))


@staff_required
@require_safe
@parameters.takes(**{"for": READERS})
def read(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One version as sheets of paper, to read and print; `for=customer` as the customer will read it."""
    found = edition_or_404(request, uuid)
    sheet, customer = _sheet(request, found)
    others = list(found.report.editions.order_by("-number"))
    with sheet.zone():
        context = {
            "sheet": sheet, "editions": others, "customer": customer, "pdf_off": pdf.unavailable(),
            "may": may(found, others[0], request.actor),
        }  # fmt: skip
        return render(request, "desk/reports/read.html", context)


@staff_required
@require_safe
@parameters.takes(**{"for": READERS})
def as_pdf(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The same as PDF; 503 with the reason where this machine cannot draw one."""
    sheet, _customer = _sheet(request, edition_or_404(request, uuid))
    return pdf_answer(request, sheet)


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def amend(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Begin a new version of a filed report, with the reason."""
    found = edition_or_404(request, uuid)
    form = AmendForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = amend_report(
                edition_id=found.pk, reason=form.cleaned_data["reason"], actor=request.actor, at=clock.now()
            )
        except Refused as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, _("New version begun"))
            return see_other(request, reverse("desk:report-edit", args=[made.uuid]))
    context = {"edition": found, "ticket": found.report.ticket, "form": form}
    return render(request, "desk/reports/amend.html", context, status=422 if form.errors else 200)


@staff_required
@require_POST
def release(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show a filed version to the customer."""
    found = edition_or_404(request, uuid)
    try:
        release_report(edition_id=found.pk, actor=request.actor, at=clock.now())
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Released; the mail goes out to the customer and everyone who took part"))
    return see_other(request, reverse("desk:report", args=[found.uuid]))


def _sheet(request: HttpRequest, edition: Edition) -> tuple[Sheet, Any]:
    customer = request.GET.get("for") == "customer"
    return sheet_of(edition, inside=not customer), customer
