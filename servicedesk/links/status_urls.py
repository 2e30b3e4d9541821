"""Status of one major incident for one customer: /status/<token>/."""

from django.urls import path

from servicedesk.links import status

app_name = "status"
urlpatterns = [path("<str:token>/", status.page, name="status")]
