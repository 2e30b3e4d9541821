"""Addresses of fault reports at the desk."""

from django.urls import path

from servicedesk.desk.views import report, report_edit, report_list

REPORT = "reports/<uuid:uuid>/"
paths = [
    path("reports/", report_list.listing, name="fault-reports"),
    path("reports/export.csv", report_list.export, name="fault-reports-export"),
    path("tickets/<str:number>/report/", report.of_ticket, name="ticket-report"),
    path(REPORT, report.read, name="report"),
    path(f"{REPORT}edit/", report_edit.edit, name="report-edit"),
    path(f"{REPORT}amend/", report.amend, name="report-amend"),
    path(f"{REPORT}release/", report.release, name="report-release"),
    path(f"{REPORT}report.pdf", report.as_pdf, name="report-pdf"),
]
