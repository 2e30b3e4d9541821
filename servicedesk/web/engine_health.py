"""`/healthz/engine`: does the engine keep time? For operators, and for monitors with the health token."""

import hmac
import os

from django.http import Http404, HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from escalation.queries import health
from ledger import clock
from servicedesk.web.middleware import signed_out

OPERATORS = ("supervisor", "duty_manager", "administrator")
FAILING, WELL = 503, 200


@never_cache
@require_safe
def engine_health(request: HttpRequest):
    """Answer 200 with the figures, 503 once a timer is more than 5 s late; strangers learn nothing."""
    allowed = may_see(request)
    if allowed is None:
        return signed_out(request)
    if not allowed:
        raise Http404
    seen = health(clock.database_now())
    body = {
        "ok": seen.ok,
        "lag_seconds": round(seen.lag_s, 3),
        "oldest_pending_notification_seconds": round(seen.oldest_notification_s, 3),
        "engine_beats_seconds_ago": {name: round(age, 1) for name, age in seen.engines.items()},
        "open_alarms": seen.open_alarms,
        "gaps_last_day": seen.gaps,
    }
    return JsonResponse(body, status=WELL if seen.ok else FAILING)


def may_see(request: HttpRequest) -> bool | None:
    """Whether this caller may read the engine's figures: an operator, or a monitor's token. None = not signed in."""
    if _has_token(request):
        return True
    if request.actor is None:
        return None
    return bool(request.actor.is_staff and request.actor.has_role(*OPERATORS))


def _has_token(request: HttpRequest) -> bool:
    wanted = os.environ.get("DESK_HEALTH_TOKEN", "")
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return bool(wanted) and hmac.compare_digest(given.encode(), wanted.encode())


engine_health.who = "supervisor, duty_manager, administrator, or DESK_HEALTH_TOKEN"
