"""Confirmation by one tap: /c/<token>/."""

from django.urls import path

from servicedesk.links import confirm

app_name = "links"
urlpatterns = [path("<str:token>/", confirm.page, name="confirm")]
