"""Papers that go out with letters: drawn by the doors' own sheets, asked for by name (`settings.REPORT_PAPER`)."""

from uuid import UUID

from django.utils import translation

from quality.reports.queries import editions
from servicedesk.web import pdf
from servicedesk.web.sheets import sheet_of


def fault_report(edition: str, language: str) -> tuple[str, bytes] | None:
    """Return (name, PDF) of a released version as its customer reads it, in a language and the customer's zone.

    None where there is no such version, or where this machine lacks the libraries that draw a PDF.
    """
    found = editions().filter(uuid=UUID(edition), released_at__isnull=False).first()
    if found is None:
        return None
    with translation.override(language):
        sheet = sheet_of(found, inside=False)
        try:
            with sheet.zone():
                return sheet.name, pdf.as_pdf("reports/pdf.html", {"sheet": sheet})
        except pdf.PdfUnavailable:
            return None
