"""The customers' door."""

from django.urls import path

from servicedesk.portal.views import contacts, planned, raising, report, status, ticket, tickets

app_name = "portal"
urlpatterns = [
    path("", tickets.listing, name="tickets"),
    path("export.csv", tickets.export_csv, name="tickets-export"),
    path("raise/", raising.new, name="raise"),
    path("raise/open/", raising.beside, name="raise-open"),
    path("status/", status.status, name="status"),
    path("contacts/", contacts.contacts, name="contacts"),
    path("planned/", planned.listing, name="planned"),
    path("planned/<uuid:uuid>/", planned.show, name="planned-one"),
    path("tickets/<str:number>/", ticket.ticket, name="ticket"),
    path("tickets/<str:number>/why/<uuid:clock_uuid>/<str:code>/", ticket.why, name="ticket-why"),
    path("tickets/<str:number>/report/", report.report, name="ticket-report"),
    path("tickets/<str:number>/report.pdf", report.as_pdf, name="ticket-report-pdf"),
    path("tickets/<str:number>/<slug:slug>/", ticket.act, name="act"),
]
