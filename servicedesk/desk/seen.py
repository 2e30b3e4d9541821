"""What a form said when it was opened, kept in the form: the "before" of a stale save, beside theirs and mine."""

import json
import re
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from typing import Any, Literal

from django import forms
from django.utils.dateparse import parse_datetime

from servicedesk.desk.forms.base import PLUMBING
from tickets.models import Ticket

_WORDS = re.compile(r"\s*\S+")


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words of a changed text: they stayed, were taken out or came in."""

    kind: Literal["same", "out", "in"]
    text: str


@dataclass(frozen=True, slots=True)
class Saw:
    """What the reader saw. at None = not known."""

    at: datetime | None
    values: dict[str, str]


def values_of(ticket: Ticket, form: forms.Form | type[forms.Form]) -> dict[str, str]:
    """Return what the ticket holds under the names of the form's fields, as text."""
    names = {name: name.rstrip("_") for name in form.base_fields if name not in PLUMBING}
    return {name: shown(ticket, known) for name, known in names.items() if hasattr(ticket, known)}


def shown(ticket: Ticket, name: str) -> str:
    """Return one value of a ticket as the text a form sends; "" for none."""
    value = getattr(ticket, name)
    if isinstance(value, (list, tuple)):
        return ", ".join(map(str, value))
    return "" if value is None or value is False or callable(value) else str(value)


def packed(ticket: Ticket, form: forms.Form | type[forms.Form], at: datetime) -> str:
    """Return what the reader of the form sees now, for its hidden field; "" where it shows nothing of the ticket."""
    values = values_of(ticket, form)
    return json.dumps({"at": at.isoformat(), "values": values}) if values else ""


def unpacked(text: str) -> Saw:
    """Return what `packed` kept. Anybody may have written it: it is shown, and decides what is proposed, no more."""
    try:
        said: Any = json.loads(text or "{}")
        values = {str(name): str(value) for name, value in said["values"].items()}
        return Saw(parse_datetime(str(said["at"])), values)
    except (ValueError, KeyError, AttributeError, TypeError):
        return Saw(None, {})


def changed_words(before: str, after: str) -> list[Piece]:
    """Return `after` with what was taken out of `before` and what came in, word by word."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    pieces = []
    for step, i, j, m, n in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if step == "equal":
            pieces.append(Piece("same", "".join(new[m:n])))
            continue
        pieces += [Piece(kind, "".join(words)) for kind, words in (("out", old[i:j]), ("in", new[m:n])) if words]
    return pieces
