"""Every door on one page."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

from servicedesk.supervisor.views import feed
from servicedesk.web import component_sheet, engine_health, home, metrics

admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

urlpatterns = [
    path("", home.front_door, name="front-door"),
    path("language/", home.set_language, name="set-language"),
    path("accounts/", include("allauth.account.urls")),
    path("accounts/2fa/", include("allauth.mfa.urls")),
    path("accounts/sessions/", include("allauth.usersessions.urls")),
    path("files/", include("servicedesk.web.files_urls")),
    path("dev/components/", component_sheet.component_sheet, name="component-sheet"),
    path("api/v1/", include("servicedesk.api.urls")),
    path("healthz/engine", engine_health.engine_health, name="engine-health"),
    path("metrics", metrics.metrics, name="metrics"),
    path("on-call/<str:token>.ics", feed.on_call_feed, name="on-call-feed"),
    path("desk/", include("servicedesk.desk.urls")),
    path("supervisor/", include("servicedesk.supervisor.urls")),
    path("c/", include("servicedesk.links.urls")),
    path("a/", include("servicedesk.links.acknowledge_urls")),
    path("s/", include("servicedesk.links.survey_urls")),
    path("status/", include("servicedesk.links.status_urls")),
    path("hooks/", include("servicedesk.hooks.urls")),
    path("portal/", include("servicedesk.portal.urls")),
    path("admin/", admin.site.urls),
]

handler400 = "servicedesk.web.errors.bad_request"
handler403 = "servicedesk.web.errors.forbidden"
handler404 = "servicedesk.web.errors.not_found"
handler500 = "servicedesk.web.errors.server_error"
