"""The fault report as the customer reads it, once released: on paper and as PDF, never with an internal word."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from quality.reports.queries import released
from servicedesk.portal.door import PortalRequest, portal_page, ticket_or_404
from servicedesk.web import pdf
from servicedesk.web.sheets import Sheet, pdf_answer, sheet_of


@portal_page
@require_safe
def report(request: PortalRequest, number: str) -> HttpResponse:
    """The newest released version; 404 where none is released."""
    sheet = _sheet(request, number)
    with sheet.zone():
        return render(request, "portal/report.html", {"sheet": sheet, "pdf_off": pdf.unavailable()})


@portal_page
@require_safe
def as_pdf(request: PortalRequest, number: str) -> HttpResponse:
    """The same as a file; 503 with the reason where this machine cannot draw one."""
    return pdf_answer(request, _sheet(request, number))


def _sheet(request: PortalRequest, number: str) -> Sheet:
    found = released(ticket_or_404(request, number), request.actor)
    if found is None:
        raise Http404
    return sheet_of(found, inside=False)
