"""A draft and its second reader over REST: asked for, read with a word, declined."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from escalation.commands import read_policy as reading
from escalation.models import PolicyReading
from servicedesk.api.base import wanted_version
from servicedesk.api.v1 import policy_shapes as shapes

KEY = OpenApiParameter("Idempotency-Key", OpenApiTypes.STR, OpenApiParameter.HEADER)
MATCH = OpenApiParameter(
    "If-Match", OpenApiTypes.STR, OpenApiParameter.HEADER, description="ETag of the draft you read"
)


class ReadingActions:
    """The steps with the second reader, for the view of policies."""

    _run: Any
    _given: Any

    @extend_schema(request=shapes.AskReadingIn, responses=shapes.ReadingOut, parameters=[KEY, MATCH])
    @action(detail=True, methods=["post"], url_path="ask-reading")
    def ask_reading(self, request: Request, uuid: str) -> Response:
        """Ask a second person to read the draft and what it changes; needed before it is published."""
        version, given = wanted_version(request), self._given(shapes.AskReadingIn)
        reader = str(given["reader"])
        return self._run(lambda key, **who: _read(reading.ask_reading(key=key, version=version, reader=reader, **who)))

    @extend_schema(request=shapes.ReadIn, responses=shapes.ReadingOut, parameters=[KEY, MATCH])
    @action(detail=True, methods=["post"])
    def read(self, request: Request, uuid: str) -> Response:
        """Say that it was read, with a word; a person who wrote nothing in it, never a token."""
        version, given = wanted_version(request), self._given(shapes.ReadIn)
        return self._run(lambda key, **who: _read(reading.read_policy(key=key, version=version, **given, **who)))

    @extend_schema(request=shapes.RetireIn, responses=shapes.ReadingOut, parameters=[KEY, MATCH])
    @action(detail=True, methods=["post"], url_path="decline-reading")
    def decline_reading(self, request: Request, uuid: str) -> Response:
        """Say why it should not be published as it is."""
        version, given = wanted_version(request), self._given(shapes.RetireIn)
        return self._run(lambda key, **who: _read(reading.decline_policy(key=key, version=version, **given, **who)))


def _read(made: PolicyReading) -> Response:
    return Response(shapes.ReadingOut(made).data)
