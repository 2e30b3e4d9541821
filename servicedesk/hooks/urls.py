"""What providers call: /hooks/gateway/ and /hooks/mail/."""

from django.urls import path

from servicedesk.hooks import views

app_name = "hooks"
urlpatterns = [
    path("gateway/", views.from_gateway, name="gateway"),
    path("mail/", views.from_mail, name="mail"),
]
