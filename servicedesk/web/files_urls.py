"""The door to files."""

from django.urls import path

from servicedesk.web import files

app_name = "files"
urlpatterns = [path("<uuid:uuid>/", files.download, name="download")]
