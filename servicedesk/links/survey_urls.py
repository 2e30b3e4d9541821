"""The one-time survey: /s/<token>/."""

from django.urls import path

from servicedesk.links import survey

app_name = "surveys"
urlpatterns = [path("<str:token>/", survey.page, name="survey")]
