"""Acknowledgement by one tap: /a/<token>/."""

from django.urls import path

from servicedesk.links import acknowledge

app_name = "acknowledgements"
urlpatterns = [path("<str:token>/", acknowledge.page, name="acknowledge")]
