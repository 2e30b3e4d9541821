"""Who may pass a door. Views start with one of these; the access table in tests/house names every URL."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from servicedesk.web import parameters
from servicedesk.web.middleware import signed_out

View = Callable[..., HttpResponse]


def _door(who: str, allowed: Callable[[Any], bool]) -> Callable[[View], View]:
    """Strangers go to sign-in; the signed-in who may not pass get 404, as if the page did not exist.

    Those who pass get 400 for a query parameter the view does not declare with `parameters.takes`.

    who  the words for it in `manage.py routes` and in the access table; kept on the view as `who`.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.actor is None:
                return signed_out(request)
            if not allowed(request.actor):
                raise Http404
            parameters.check(request, view)
            return view(request, *args, **kwargs)

        wrapped.who = who
        return wrapped

    return decorate


signed_in_required = _door("signed in", lambda actor: True)
staff_required = _door("staff", lambda actor: actor.is_staff)
customer_required = _door("customer", lambda actor: actor.is_customer)
supervisor_required = _door(
    "supervisor, duty_manager", lambda actor: actor.is_staff and actor.has_role("supervisor", "duty_manager")
)


def role_required(*roles: str) -> Callable[[View], View]:
    """A door for staff who hold one of `roles`."""
    return _door(", ".join(roles), lambda actor: actor.is_staff and actor.has_role(*roles))
