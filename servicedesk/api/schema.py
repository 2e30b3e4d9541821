"""What the OpenAPI document says beyond the views: how to sign in, and the problem document of every refusal.

Its descriptions are for programmers and stay English.
"""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension

PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "code", "detail", "field"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "description": "Stable; branch on it"},
        "detail": {"type": "string", "description": "One sentence for a person"},
        "field": {"type": ["string", "null"]},
        "errors": {"type": "array", "items": {"type": "object"}},
    },
}
ANY = {
    "400": "The shape is wrong",
    "401": "Nobody is signed in",
    "403": "The token lacks the scope",
    "429": "Too many requests",
}
POST = {
    "409": "The same request still runs",
    "412": "Somebody changed it meanwhile",
    "413": "The body is too large",
    "415": "Not JSON",
    "422": "A rule refused it; nothing was written",
    "428": "If-Match is missing",
}


class BearerScheme(OpenApiAuthenticationExtension):
    """`Authorization: Bearer …`."""

    target_class = "servicedesk.api.auth.TokenAuthentication"
    name = "bearer"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """Return the scheme."""
        return {"type": "http", "scheme": "bearer"}


class SessionScheme(OpenApiAuthenticationExtension):
    """The browser's session, with CSRF."""

    target_class = "servicedesk.api.auth.SessionAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """Return the scheme."""
        return {"type": "apiKey", "in": "cookie", "name": "sessionid"}


def with_problems(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Add the refusals to every operation (drf-spectacular's post-processing hook)."""
    result.setdefault("components", {}).setdefault("schemas", {})["Problem"] = PROBLEM
    for path, operations in result.get("paths", {}).items():
        for method, operation in operations.items():
            codes = dict(ANY)
            if "{" in path:
                codes["404"] = "There is no such thing, or it is not yours to see"
            if method == "post":
                codes |= POST
            for code, words in codes.items():
                operation["responses"].setdefault(code, _problem(words))
    return result


def _problem(words: str) -> dict[str, Any]:
    reference = {"$ref": "#/components/schemas/Problem"}
    return {"description": words, "content": {"application/problem+json": {"schema": reference}}}
