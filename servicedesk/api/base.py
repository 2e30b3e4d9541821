"""What every view of the API shares: actor, known parameters, idempotency, version, rate headers."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from ledger import clock, idempotency
from ledger.actor import Actor
from ledger.errors import Refused
from servicedesk.api.auth import actor_of
from servicedesk.api.throttles import add_headers

MAX_VERSION_DIGITS = 9
ALWAYS = {"cursor", "limit", "format"}


class Door:
    """Mixin of API views. `scopes` = {"read": …, "write": …}; `parameters` = query parameters the view knows."""

    scopes: dict[str, str] = {}
    parameters: frozenset[str] = frozenset()
    request: Request

    @property
    def actor(self) -> Actor:
        """Who acts."""
        return actor_of(self.request)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Authenticate, throttle, then refuse unknown query parameters with 400."""
        super().initial(request, *args, **kwargs)
        unknown = set(request.query_params) - self.parameters - ALWAYS
        if unknown:
            raise Refused("bad_request", f"Unknown parameter: {sorted(unknown)[0]}.", field=sorted(unknown)[0])

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        """Add the rate headers."""
        final = super().finalize_response(request, response, *args, **kwargs)
        if isinstance(request, Request):
            add_headers(request, final)
        return final


class DoorView(Door, APIView):
    """A plain view with the manners of the contract."""


def once(request: Request, run: Callable[[], Response]) -> Response:
    """Run a POST once per `Idempotency-Key` and client; a repeat gets the same answer (contract.md, API manners).

    Raises Refused("in_progress") while its twin runs and Refused("key_reused") for another body.
    """
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return run()

    def answered() -> idempotency.Answer:
        response = run()
        kept = {name: value for name, value in response.headers.items() if name in {"ETag", "Location"}}
        return idempotency.Answer(status=response.status_code, body=response.data, headers=kept)

    digest = idempotency.request_hash(request.method, request.path, request.headers.get("If-Match", ""), request.data)
    answer = idempotency.once(client=actor_of(request).ref, key=key, digest=digest, at=clock.now(), run=answered)
    response = Response(answer.body, status=answer.status, headers=answer.headers)
    if answer.replayed:
        response.headers["Idempotent-Replayed"] = "true"
    return response


def wanted_version(request: Request) -> int:
    """Return the version of `If-Match`. Raises Refused("version_needed") → 428 where it is missing or not ours."""
    tag = request.headers.get("If-Match", "").strip().removeprefix("W/").strip('"')
    if not (tag.isascii() and tag.isdigit() and len(tag) <= MAX_VERSION_DIGITS):
        raise Refused(
            "version_needed",
            _('Send If-Match with the ETag of the ticket you read, for example "3".'),
            field="If-Match",
        )
    return int(tag)
