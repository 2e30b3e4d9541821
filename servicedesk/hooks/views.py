"""Doors for providers: no session, no CSRF token, a signature instead (docs/channels.md)."""

import json
from typing import Any

from anymail.exceptions import AnymailWebhookValidationFailure
from django.conf import settings
from django.http import Http404, HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from channels.inbound import gateway, mail, mail_events, signed

LONGEST = 256 * 1024


def _hook(source: str, setting: str, handler: signed.Handler) -> Any:
    """Return the view of one provider: 404 where no secret is set, 401 unsigned, 409 replayed, else what it did."""

    @csrf_exempt
    @require_POST
    def view(request: HttpRequest) -> JsonResponse:
        secret = getattr(settings, setting)
        if not secret:
            raise Http404
        body = request.body
        if len(body) > LONGEST:
            return JsonResponse({"code": "too_long"}, status=413)
        try:
            ident = signed.verify(secret, request.headers, body)
        except signed.Unsigned:
            return JsonResponse({"code": "unsigned"}, status=401)
        try:
            event = json.loads(body)
        except ValueError:
            event = None
        if not isinstance(event, dict):
            return JsonResponse({"code": "not_an_object"}, status=400)
        try:
            return JsonResponse({"outcome": signed.take(source, ident, event, handler)})
        except signed.Replayed:
            return JsonResponse({"code": "replayed"}, status=409)

    view.who = "provider that signs with our secret"  # type: ignore[attr-defined]
    return view


@csrf_exempt
@require_POST
def from_mail_provider(request: HttpRequest) -> JsonResponse:
    """Delivered, bounced, opened: in the format of DESK_MAIL_PROVIDER, checked by its own signature or password.

    404 where none is set, 401 for a call that is not the provider's; each event is taken once.
    """
    try:
        events = mail_events.events_of(request)
    except LookupError as error:
        raise Http404 from error
    except AnymailWebhookValidationFailure:
        return JsonResponse({"code": "unsigned"}, status=401)
    outcomes = []
    for event in events:
        try:
            outcomes.append(signed.take(settings.MAIL_PROVIDER[:20], event["id"], event, mail_events.on_event))
        except signed.Replayed:
            outcomes.append("replayed")
    return JsonResponse({"outcomes": outcomes})


from_mail_provider.who = "mail provider that signs its events"  # type: ignore[attr-defined]
from_gateway = _hook("gateway", "GATEWAY_HOOK_SECRET", gateway.on_event)
from_mail = _hook("mail", "MAIL_HOOK_SECRET", mail.on_event)
