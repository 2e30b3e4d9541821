"""The front door: everyone is sent to their own. And the choice of language."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from servicedesk.web.accounts_adapter import home_of

YEAR = 365 * 24 * 3600


@require_safe
def front_door(request: HttpRequest) -> HttpResponse:
    """Redirect to the portal, the board, the queue, or the sign-in page."""
    return HttpResponseRedirect(home_of(request.user) if request.actor else reverse("account_login"))


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Keep the chosen language in a cookie, and with the person if signed in; go back where they were."""
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        back = "/"
    response = HttpResponse(status=303, headers={"Location": back})
    language = request.POST.get("language", "")
    if language in dict(settings.LANGUAGES):
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, language, max_age=YEAR, httponly=True, samesite="Lax",
                            secure=settings.SESSION_COOKIE_SECURE)  # fmt: skip
        if request.user.is_authenticated:
            User.objects.filter(pk=request.user.pk).update(language=language)
    return response


front_door.who = "anyone"
set_language.who = "anyone"
