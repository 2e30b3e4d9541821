"""JSON as we take it: UTF-8, at most 1 MB and 32 levels, no NUL (security 1.9, 4)."""

import json
from typing import Any, BinaryIO

from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

MAX_BYTES = 1024 * 1024
MAX_DEPTH = 32


class StrictJSONParser(BaseParser):
    """Parses a JSON body; everything hostile is a 400, never a 500."""

    media_type = "application/json"

    def parse(self, stream: BinaryIO, media_type: str | None = None, parser_context: dict | None = None) -> Any:
        """Return the value. Raises ParseError with a sentence."""
        raw = stream.read(MAX_BYTES + 1)
        if len(raw) > MAX_BYTES:
            raise ParseError(_("The body is larger than 1 MB."))
        if _depth(raw) > MAX_DEPTH:
            raise ParseError(_("The body is nested deeper than 32 levels."))
        try:
            value = json.loads(raw.decode("utf-8"), parse_constant=_refuse_constant)
        except (UnicodeDecodeError, ValueError):
            raise ParseError(_("The body is not valid JSON in UTF-8.")) from None
        if b"\\u0000" in raw or b"\x00" in raw:
            raise ParseError(_("The body holds a NUL character."))
        return value


def _refuse_constant(name: str) -> None:
    raise ValueError(name)


def _depth(raw: bytes) -> int:
    """Upper bound of the nesting: counts brackets outside strings."""
    depth = deepest = 0
    inside = escaped = False
    for byte in raw:
        if inside:
            inside = escaped or byte != 0x22
            escaped = not escaped and byte == 0x5C
        elif byte == 0x22:
            inside = True
        elif byte in b"[{":
            depth += 1
            deepest = max(deepest, depth)
        elif byte in b"]}":
            depth -= 1
    return deepest
