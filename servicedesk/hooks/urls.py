"""What providers call: /hooks/gateway/, /hooks/mail/ and /hooks/mail-events/."""

from django.urls import path

from servicedesk.hooks import views

app_name = "hooks"
urlpatterns = [
    path("gateway/", views.from_gateway, name="gateway"),
    path("mail-events/", views.from_mail_provider, name="mail-events"),
    path("mail/", views.from_mail, name="mail"),
]
