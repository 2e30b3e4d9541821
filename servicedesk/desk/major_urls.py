"""Addresses of major incidents at the desk."""

from django.urls import path

from servicedesk.desk.views import major_act, majors

ONE = "major-incidents/<uuid:uuid>/"
paths = [
    path("major-incidents/", majors.listing, name="major-incidents"),
    path("major-incidents/new/", majors.declare, name="major-new"),
    path(ONE, majors.show, name="major"),
    path(f"{ONE}customers.csv", majors.customers_csv, name="major-customers"),
    path(f"{ONE}paper/", majors.review_paper, name="major-review"),
    path(f"{ONE}news/", major_act.news, name="major-news"),
    path(f"{ONE}do/<slug:command>/", major_act.act, name="major-act"),
]
