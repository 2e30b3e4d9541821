"""Every refusal as an RFC 9457 problem document: `type title status code detail field errors`.

Titles and details are for people, in their language; codes and types are for programs and never change.
"""

import logging
import uuid
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import DatabaseError
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions
from rest_framework.response import Response

from ledger.errors import Refused

logger = logging.getLogger(__name__)
MEDIA_TYPE = "application/problem+json"
STATUS = {
    "stale": 412,
    "version_needed": 428,
    "unknown_ticket": 404,
    "unknown_report": 404,
    "in_progress": 409,
    "key_reused": 422,
    "bad_request": 400,
}
TITLES = {
    400: _("Bad request"),
    401: _("Not signed in"),
    403: _("Not allowed"),
    404: _("Not found"),
    405: _("Method not allowed"),
    406: _("Not acceptable"),
    409: _("Conflict"),
    412: _("Changed meanwhile"),
    413: _("Too large"),
    415: _("Unsupported media type"),
    422: _("Refused"),
    428: _("Version needed"),
    429: _("Too many requests"),
    500: _("Our fault"),
    503: _("Not available"),
}


def document(status: int, code: str, detail: str, *, field: str | None = None, **more: Any) -> Response:
    """Return one problem document."""
    body = {
        "type": f"urn:servicedesk:problem:{code}",
        "title": str(TITLES.get(status, _("Problem"))),
        "status": status,
        "code": code,
        "detail": detail,
        "field": field,
        **more,
    }
    return Response(body, status=status, content_type=MEDIA_TYPE)


def problem(error: Exception, context: dict[str, Any]) -> Response:
    """DRF's exception handler: every error of the API leaves through here, without a trace of the inside."""
    response = _known(error)
    if response is None:
        reference = uuid.uuid4().hex[:12]
        logger.error("api error %s", reference, exc_info=error)
        status = 503 if isinstance(error, DatabaseError) else 500
        response = document(
            status,
            "unavailable" if status == 503 else "error",
            str(_("Something failed on our side. Try again.")),
            reference=reference,
        )
    return response


def _known(error: Exception) -> Response | None:
    if isinstance(error, Refused):
        details = {k: v for k, v in error.details.items() if k not in {"status", "code", "detail", "field"}}
        status = error.details.get("status") or STATUS.get(error.code, 422)
        return document(status, error.code, str(error.message), field=error.field, **details)
    if isinstance(error, Http404):
        return document(404, "not_found", str(_("There is no such thing, or it is not yours to see.")))
    if isinstance(error, PermissionDenied):
        return document(403, "not_allowed", str(_("This is not allowed to you.")))
    if isinstance(error, exceptions.ValidationError):
        flat = _flat(error.get_full_details())
        first = flat[0] if flat else {"field": None, "message": str(_("The request is not valid."))}
        return document(400, "invalid", first["message"], field=first["field"], errors=flat)
    if isinstance(error, exceptions.APIException):
        response = document(error.status_code, str(error.default_code), str(error.detail))
        if isinstance(error, exceptions.Throttled) and error.wait:
            response.headers["Retry-After"] = str(int(error.wait) + 1)
        if getattr(error, "auth_header", None):
            response.headers["WWW-Authenticate"] = error.auth_header
        return response
    return None


def _flat(details: Any, path: str = "") -> list[dict[str, Any]]:
    """Return validation errors as a list of {"field", "code", "message"}; nested fields joined by dots."""
    if isinstance(details, dict) and set(details) == {"message", "code"}:
        name = path.removesuffix(".non_field_errors")
        return [
            {
                "field": None if name == "non_field_errors" else name or None,
                "code": str(details["code"]),
                "message": str(details["message"]),
            }
        ]
    if isinstance(details, dict):
        return [e for key, value in details.items() for e in _flat(value, f"{path}.{key}" if path else str(key))]
    if isinstance(details, list):
        return [e for item in details for e in _flat(item, path)]
    return []
