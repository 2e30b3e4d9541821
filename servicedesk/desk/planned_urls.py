"""Addresses of planned work and of problems at the desk."""

from django.urls import path

from servicedesk.desk.views import planned, planned_list, problems

WINDOW, PROBLEM = "maintenance/<uuid:uuid>/", "problems/<uuid:uuid>/"
paths = [
    path("maintenance/", planned_list.listing, name="maintenance"),
    path("maintenance/export.csv", planned_list.export, name="maintenance-export"),
    path("maintenance/new/", planned.new, name="maintenance-new"),
    path(WINDOW, planned.show, name="maintenance-one"),
    path(f"{WINDOW}edit/", planned.edit, name="maintenance-edit"),
    path(f"{WINDOW}<slug:command>/", planned.act, name="maintenance-act"),
    path("problems/", problems.listing, name="problems"),
    path("problems/export.csv", problems.export, name="problems-export"),
    path("problems/new/", problems.new, name="problem-new"),
    path(PROBLEM, problems.show, name="problem"),
    path(f"{PROBLEM}<slug:command>/", problems.act, name="problem-act"),
]
