"""/api/v1/: resources, commands, the OpenAPI document and its page."""

from django.urls import include, path
from rest_framework.routers import SimpleRouter

from servicedesk.api import docs
from servicedesk.api.v1 import (
    customers,
    escalations,
    handovers,
    majors,
    planned,
    policies,
    reports,
    roster_writes,
    rosters,
    search,
    simulations,
    staff,
    tickets,
)
from servicedesk.api.v1.commands import COMMANDS, command_view

app_name = "api"

router = SimpleRouter()
for name, view in {
    "organisations": customers.Organisations,
    "contacts": customers.Contacts,
    "sites": customers.Sites,
    "services": customers.Services,
    "entitlements": customers.Entitlements,
    "tickets": tickets.Tickets,
    "notes": tickets.Notes,
    "work-items": tickets.WorkItems,
    "commitments": tickets.Commitments,
    "interactions": tickets.Interactions,
    "escalations": escalations.Escalations,
    "major-incidents": majors.MajorIncidents,
    "clocks": escalations.Clocks,
    "firings": escalations.Firings,
    "policies": policies.Policies,
    "simulations": simulations.Simulations,
    "notifications": escalations.Notifications,
    "rosters": roster_writes.KeptRosters,
    "handovers": handovers.Handovers,
    "staff": staff.Staff,
    "absences": roster_writes.Absences,
    "fault-reports": reports.FaultReports,
    "maintenances": planned.Maintenances,
    "problems": planned.Problems,
}.items():
    router.register(name, view, basename=name.rstrip("s") if name != "policies" else "policy")

urlpatterns = [
    path("", include(router.urls)),
    path("search/", search.Search.as_view(), name="search"),
    path("staff/<uuid:uuid>/leaving/", staff.Leaving.as_view(), name="staff-leaving"),
    path("on-call/", rosters.WhoIsOn.as_view(), name="on-call"),
    path("tickets/<str:number>/draft-report/", reports.DraftReport.as_view(), name="ticket-draft-report"),
    path("schema/", docs.Schema.as_view(), name="schema"),
    path("docs/", docs.page, name="docs"),
    *[
        path(f"tickets/<str:number>/{name}/", command_view(name, spec), name=f"ticket-{name}")
        for name, spec in COMMANDS.items()
    ],
]
